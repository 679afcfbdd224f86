"""Numbers are read as they are meant, or refused with an example: in both languages, with and without script."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages.numbers import DecimalNumberField, WholeNumberField, decimal, whole
from people.reuse.forms import UseForm
from projects.models import ProjectPage
from tests.factories import BodyPageFactory, ProjectPageFactory, editor_of, publisher_of

REFUSED = None
WHOLE = [
    ("de", "250.000", 250_000),
    ("de", "10.000", 10_000),
    ("de", "1.200", 1_200),
    ("de", "1 200", 1_200),
    ("de", "1\u202f200", 1_200),
    ("de", " 1.200.000 ", 1_200_000),
    ("de", "1.200,00", 1_200),
    ("de", "-5", -5),
    ("de", "1200,50", REFUSED),
    ("de", "1.2", REFUSED),
    ("de", "12,5", REFUSED),
    ("de", "250,000", REFUSED),
    ("de", "0.500", REFUSED),
    ("de", "1.2000", REFUSED),
    ("de", "10.00", REFUSED),
    ("de", "zwölf", REFUSED),
    ("de", "9" * 5_000, REFUSED),
    ("en", "250,000", 250_000),
    ("en", "1 200", 1_200),
    ("en", "12.00", 12),
    ("en", "250.000", REFUSED),
    ("en", "1.200", REFUSED),
    ("en", "12.5", REFUSED),
]
WITH_A_FRACTION = [
    ("de", "12,5", 12.5),
    ("de", "1200,50", 1_200.5),
    ("de", "1.200,50", 1_200.5),
    ("de", "1 200", 1_200),
    ("de", "1.2", 1.2),
    ("de", "52.520008", 52.520008),
    ("de", "52,520", 52.52),
    ("de", "1.200", REFUSED),
    ("de", "1,200.50", REFUSED),
    ("de", "nan", REFUSED),
    ("en", "12.5", 12.5),
    ("en", "1,200.50", 1_200.5),
    ("en", "52.520", 52.52),
    ("en", "1,200", REFUSED),
]


def read(reader: Callable[[str], float], text: str) -> float | None:
    try:
        return reader(text)
    except ValueError:
        return REFUSED


@pytest.mark.parametrize(("language", "text", "meant"), WHOLE)
def test_a_whole_number_is_read_as_meant_or_refused(language: str, text: str, meant: int | None) -> None:
    with translation.override(language):
        assert read(whole, text) == meant


@pytest.mark.parametrize(("language", "text", "meant"), WITH_A_FRACTION)
def test_a_number_with_a_fraction_is_read_as_meant_or_refused(language: str, text: str, meant: float | None) -> None:
    with translation.override(language):
        assert read(decimal, text) == meant


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("field", "values"),
    [(WholeNumberField(), (0, 999, 1_000, 250_000)), (DecimalNumberField(), (0.5, 52.52, 52.520008, 1_200.5))],
)
def test_a_number_is_shown_so_that_it_is_read_again(language: str, field: WholeNumberField, values: tuple[int]) -> None:
    with translation.override(language):
        for value in values:
            shown = field.widget.format_value(value)
            assert field.clean(shown) == value
            assert not field.has_changed(value, shown)


def typed(project: ProjectPage, **values: str) -> dict[str, object]:
    fields = {
        "title": project.title,
        "slug": project.slug,
        "phase": "P1",
        "conformity": "unknown",
        "body": streamfield([]),
        "lessons_learned": rich_text(""),
        "comments": inline_formset([]),
        "participations": inline_formset([]),
        "artefacts": inline_formset([]),
    }
    return nested_form_data(fields | values)


@pytest.mark.django_db
def test_costs_of_a_project_are_stored_and_shown_as_they_were_typed(client: Client) -> None:
    project = ProjectPageFactory()
    client.force_login(publisher_of(project.public_body))
    address = f"/admin/pages/{project.pk}/edit/"
    values = typed(project, cost_from="250.000", cost_to="300 000", effort_from="12", summary="Kurz und gut.")
    client.post(address, values | {"action-publish": "1"})
    project.refresh_from_db()
    assert (project.cost_from, project.cost_to, project.effort_from) == (250_000, 300_000, 12)
    assert 'type="text" name="cost_from" value="250.000"' in client.get(address).content.decode()
    assert "250.000 – 300.000" in client.get(project.get_url()).content.decode()


@pytest.mark.django_db
def test_a_cost_that_is_not_understood_is_an_error_beside_the_field_and_stays_typed(client: Client) -> None:
    project = ProjectPageFactory()
    client.force_login(editor_of(project.public_body))
    address = f"/admin/pages/{project.pk}/edit/"
    response = client.post(address, typed(project, cost_from="1200,50", cost_to="1.2") | {"action-publish": "1"})
    assert response.status_code == 200
    form = response.context["form"]
    for name, text in (("cost_from", "1200,50"), ("cost_to", "1.2")):
        (error,) = form.errors[name]
        assert "12.500" in error
        assert form[name].value() == text


@pytest.mark.django_db
def test_what_a_reuse_took_is_read_as_meant_or_refused() -> None:
    body = BodyPageFactory()
    form = UseForm([body], {"stage": "productive", "person_days": "12,5", "cost": "10.000"})
    assert form.errors.get("person_days")
    assert form.cleaned_data["cost"] == 10_000
    assert 'inputmode="numeric"' in str(form["cost"])


# A number of a row, of a page or of bytes within an attribute, written as people read it: 1.234.
WRITTEN_FOR_PEOPLE = re.compile(
    r"""="[^"]*\{\{\s*[\w.]*(?:\.pk|\.id|\.(?!auto_id)\w+_id|_number|_bytes)(?:\|default:\S*)?\s*\}\}[^"]*\""""
)


def test_a_number_within_an_attribute_or_address_is_written_for_machines() -> None:
    assert WRITTEN_FOR_PEOPLE.search('<input value="{{ page.pk }}">')
    templates = sorted((settings.ROOT / "templates").rglob("*.html"))
    assert templates
    found = {str(path): WRITTEN_FOR_PEOPLE.findall(path.read_text()) for path in templates}
    assert {path: places for path, places in found.items() if places} == {}
