"""No cell of an exported table is taken for a formula."""

import csv
import io
from datetime import date
from http import HTTPStatus

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.test import Client
from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page

from pages.exports import harmless
from people.models import User
from tests.factories import BodyPageFactory, ProjectPageFactory, administrator
from tests.people.ageing import overdue
from tests.routes import views

# Tables of kinds and numbers alone.
WITHOUT_TYPED = {"/admin/reports/page-types-usage/"}
FORMULA = '=HYPERLINK("https://example.org";"Stadt")'


@pytest.mark.parametrize("text", [FORMULA, "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"])
def test_a_text_that_would_be_computed_stays_a_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_what_is_no_formula_is_left_alone() -> None:
    values = ["Stadt = Land", "", None, -5, 2.5, date(2024, 2, 1), True]
    assert [harmless(value) for value in values] == values


def reports() -> list[str]:
    """Addresses of every list of the admin that has a table to save, ours and Wagtail's."""
    with_table = ((route, getattr(view, "view_class", None)) for route, view in views())
    return [
        f"/{route}"
        for route, kind in with_table
        if kind and issubclass(kind, SpreadsheetExportMixin) and kind.list_export and not route.endswith("/results/")
    ]


def person_with_formulas() -> User:
    """An administrator; in every report stands something that they or others typed."""
    person = administrator(first_name="=1+1", last_name="@SUM(A1)")
    project = ProjectPageFactory(parent=BodyPageFactory(title=f"{FORMULA} Auental"), title=FORMULA, revised=True)
    overdue(project)
    log(instance=project, action="wagtail.edit", user=person)
    Page.objects.filter(pk=project.pk).update(locked=True, locked_by=person, locked_at=timezone.now())
    project.get_workflow().start(project, person)
    Redirect.objects.create(old_path="/alt", redirect_link=FORMULA)
    return person


@pytest.mark.django_db
def test_every_table_of_the_admin_is_exported_without_formulas(client: Client) -> None:
    client.force_login(person_with_formulas())
    found = reports()
    assert {"/admin/aktualitaet/", "/admin/redirects/", "/admin/reports/workflow/", "/admin/reports/locked/"} <= set(
        found
    )
    texts: set[str] = set()
    for address in found:
        response = client.get(f"{address}?export=csv")
        assert response.status_code == HTTPStatus.OK, address
        cells = [cell for row in csv.reader(io.StringIO(response.getvalue().decode())) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == [], address
        texts |= {address for cell in cells if cell.startswith("'")}
        workbook = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}?export=xlsx").getvalue()))
        assert "f" not in {cell.data_type for row in workbook.active.rows for cell in row}, address
    assert set(found) - texts <= WITHOUT_TYPED
