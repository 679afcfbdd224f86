"""What the editor says when it cannot save, and when the same was begun before."""

from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset

from projects.models import BodyPage, ProjectPage
from tests.factories import BodyPageFactory, ProjectPageFactory, publisher_of
from tests.projects.editing import form_data

pytestmark = pytest.mark.django_db

AUTOSAVE = {"Accept": "application/json"}
PLACE = "Reiter „Was nachnutzbar ist“"


@pytest.fixture
def body(client: Client) -> BodyPage:
    body = BodyPageFactory()
    client.force_login(publisher_of(body))
    return body


def new(body: BodyPage, action: str = "") -> str:
    return f"/admin/pages/add/projects/projectpage/{body.pk}/{action}"


def without_kind(**further: Any) -> dict[str, Any]:
    """The kind of a result is missing, which stands on the fourth tab."""
    rows = inline_formset([{"title": "Satzung", "language": "de"}])
    return form_data(artefacts=rows, **further)


def test_an_error_names_tab_and_field_in_words(client: Client, body: BodyPage) -> None:
    page = ProjectPageFactory(parent=body, live=False)
    for address in (new(body), f"/admin/pages/{page.pk}/edit/"):
        answer = client.post(
            address, without_kind(**{"action-publish": "1", "ends_on": "2020-01-01", "starts_on": "2021-01-01"})
        )
        html = answer.content.decode()
        assert answer.status_code == 200
        assert f"{PLACE}, Nachnutzbares Ergebnis 1, Feld „Art“: " in html
        assert "Reiter „Wie weit“, Feld „Ende“: " in html


@pytest.mark.parametrize("kind", ["new", "old"])
def test_autosave_and_preview_name_tab_and_field(client: Client, body: BodyPage, kind: str) -> None:
    page = ProjectPageFactory(parent=body, live=False)
    address = new(body) if kind == "new" else f"/admin/pages/{page.pk}/edit/"
    wrong = form_data(contact_email="keine Adresse")
    saved = client.post(address, wrong, headers=AUTOSAVE)
    assert (saved.status_code, saved.json()["error_code"]) == (400, "validation_error")
    shown = client.post(f"{address}preview/", wrong).json()
    assert shown["is_valid"] is False
    for said in (saved.json()["error_message"], shown["error_message"]):
        assert said.startswith("Noch nicht gespeichert. Reiter „Wer Fragen beantwortet“, Feld „E-Mail“: ")


def test_a_second_draft_of_the_same_title_is_saved_and_offers_the_first(client: Client, body: BodyPage) -> None:
    first = ProjectPageFactory(parent=body, title="Bäder", slug="baeder", live=False)
    first.save_revision()
    saved = client.post(new(body), form_data(title="bäder", slug="baeder"), headers=AUTOSAVE).json()
    assert saved["success"]
    assert saved["earlier_draft"]["url"] == f"/admin/pages/{first.pk}/edit/"
    second = ProjectPage.objects.get(pk=saved["pk"])
    assert second.slug == "baeder-2"
    html = client.post(
        f"/admin/pages/{second.pk}/edit/", form_data(title="bäder", slug="baeder"), follow=True
    ).content.decode()
    assert f'href="/admin/pages/{first.pk}/edit/"' in html
    again = client.post(
        f"/admin/pages/{first.pk}/edit/", form_data(title="Bäder", slug="baeder"), headers=AUTOSAVE
    ).json()
    assert again["success"]
    assert "earlier_draft" not in again


def test_what_was_published_is_not_offered_as_a_draft(client: Client, body: BodyPage) -> None:
    ProjectPageFactory(parent=body, title="Bäder", slug="baeder")
    saved = client.post(new(body), form_data(title="Bäder", slug="baeder"), headers=AUTOSAVE).json()
    assert saved["success"]
    assert "earlier_draft" not in saved
