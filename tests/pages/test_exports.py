"""No cell of an exported table is taken for a formula."""

import csv
import io
from datetime import date

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.test import Client
from wagtail.log_actions import log

from pages.exports import harmless
from tests.factories import BodyPageFactory, ProjectPageFactory, administrator
from tests.people.ageing import overdue

# One of our own, and two of Wagtail's.
REPORTS = ("/admin/aktualitaet/", "/admin/reports/site-history/", "/admin/reports/aging-pages/")
FORMULA = '=HYPERLINK("https://example.org";"Stadt")'


@pytest.mark.parametrize("text", [FORMULA, "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"])
def test_a_text_that_would_be_computed_stays_a_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_what_is_no_formula_is_left_alone() -> None:
    values = ["Stadt = Land", "", None, -5, 2.5, date(2024, 2, 1), True]
    assert [harmless(value) for value in values] == values


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/admin/aktualitaet/", "/admin/reports/site-history/", "/admin/reports/aging-pages/"]
)
def test_every_table_of_the_admin_is_exported_without_formulas(client: Client, address: str) -> None:
    person = administrator(first_name="=1+1", last_name="@SUM(A1)")
    project = ProjectPageFactory(parent=BodyPageFactory(title=f"{FORMULA} Auental"), title=FORMULA)
    overdue(project)
    log(instance=project, action="wagtail.edit", user=person)
    client.force_login(person)
    response = client.get(f"{address}?export=csv")
    assert response.status_code == 200
    rows = list(csv.reader(io.StringIO(response.getvalue().decode())))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'") for cell in cells), cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    workbook = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}?export=xlsx").getvalue()))
    assert "f" not in {cell.data_type for row in workbook.active.rows for cell in row}
    assert workbook.active.max_row > 1
