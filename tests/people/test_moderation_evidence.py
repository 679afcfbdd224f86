"""What stands beside the questions of the check-list: the fields as text, and what can be looked up."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from people.models import CheckItem, Evidence
from people.moderation.content import entries
from people.moderation.evidence import findings
from projects.editor.completeness import completeness
from projects.models import BodyPage, Licence, ProjectPage
from search.engines import EngineUnavailableError, get_engine
from search.engines.tantivy import TantivyEngine
from search.indexing.rebuild import rebuild
from tests.factories import BodyPageFactory, ProjectPageFactory, artefact, editor_of, staff_member, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> BodyPage:
    return BodyPageFactory(title="Auental")


def warnings(evidence: Evidence, page: Page) -> str:
    found = findings(CheckItem(question="?", evidence=evidence), page, entries(page, None))
    return "\n".join(finding.text for finding in found if finding.is_warning)


def test_fields_are_those_of_the_form_and_say_what_changed(body: BodyPage) -> None:
    page = ProjectPageFactory(parent=body, title="Alt", children={"artefacts": [artefact()]})
    page.title = "Neu"
    said = entries(page, ProjectPage.objects.get(pk=page.pk))
    assert [entry.path for entry in said if entry.is_changed] == ["title"]
    by_path = {entry.path: entry for entry in said}
    assert all(entry.label for entry in said)
    assert by_path["phase"].text == page.get_phase_display()
    assert "Leistungsverzeichnis Mängelmelder" in by_path["artefacts"].text
    assert not by_path["problem"].values


def test_what_a_useful_entry_lacks_is_named(body: BodyPage) -> None:
    page = ProjectPageFactory(parent=body, problem="", target_group="Eltern")
    found = warnings(Evidence.COMPLETENESS, page).splitlines()
    assert found == [str(rule.missing) for rule in completeness(page).missing]
    page.problem = "Niemand findet sein Fahrrad wieder."
    assert len(warnings(Evidence.COMPLETENESS, page).splitlines()) == len(found) - 1


def test_missing_licences_are_named(body: BodyPage) -> None:
    free, unclear = artefact(title="Satzung"), artefact(title="Konzept")
    unclear.licence = None
    page = ProjectPageFactory(parent=body, children={"artefacts": [free, unclear]})
    found = warnings(Evidence.LICENCE, page).splitlines()
    assert len(found) == 2
    assert "Konzept" in found[1]
    page.text_licence = Licence.objects.get(spdx_id="CC-BY-4.0")
    assert len(warnings(Evidence.LICENCE, page).splitlines()) == 1


@pytest.mark.parametrize("text", ["Fragen an max.mustermann@web.de.", "Rufen Sie 06441 / 12 34 56 an", "+49 30 123456"])
def test_addresses_and_numbers_in_texts_are_found(body: BodyPage, text: str) -> None:
    assert warnings(Evidence.PERSONAL_DATA, ProjectPageFactory(parent=body, problem=text))


@pytest.mark.parametrize("text", ["99010203040506", "Seit dem 01.02.2024, 2.500 Laternen", "DIN SPEC 91357, 12.000 €"])
def test_keys_dates_and_amounts_are_no_numbers_of_people(body: BodyPage, text: str) -> None:
    page = ProjectPageFactory(parent=body, problem=text, contact_email="rathaus@auental.example")
    assert not warnings(Evidence.PERSONAL_DATA, page)


def test_contact_that_cannot_be_reached_is_noted(body: BodyPage) -> None:
    assert warnings(Evidence.CONTACT, ProjectPageFactory(parent=body, contact_name="Bürgerbüro"))
    assert not warnings(Evidence.CONTACT, ProjectPageFactory(parent=body, contact_email="rathaus@auental.example"))


def test_same_title_elsewhere_is_shown(body: BodyPage) -> None:
    ProjectPageFactory(title="Digitales Fundbüro", parent=BodyPageFactory(title="Bergstadt"))
    page = ProjectPageFactory(parent=body, title="Digitales Fundbüro", live=False)
    assert "Bergstadt" in warnings(Evidence.TITLE, page)


def test_similar_projects_stand_beside_the_question(client: Client, engine: Any, body: BodyPage) -> None:
    ProjectPageFactory(title="Laternen im Kreis melden", summary="Defekte Straßenlaternen melden.")
    ProjectPageFactory(title="Sitzungen streamen", summary="Ratssitzungen im Netz.")
    rebuild(get_engine())
    page = ProjectPageFactory(parent=body, title="Straßenlaternen melden", summary="Defekte melden.", live=False)
    state = submit(page, editor_of(body))
    client.force_login(staff_member())
    assert "Laternen im Kreis melden" in client.get(f"/admin/pruefung/{state.pk}/").content.decode()


def test_search_that_is_away_keeps_nobody_from_checking(
    client: Client, engine: Any, body: BodyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise EngineUnavailableError("away")

    state = submit(ProjectPageFactory(parent=body, live=False), editor_of(body))
    monkeypatch.setattr(TantivyEngine, "search", refuse)
    client.force_login(staff_member())
    answer = client.get(f"/admin/pruefung/{state.pk}/")
    assert answer.status_code == 200
    assert "Die Suche antwortet nicht." in answer.content.decode()


def test_profile_of_a_body_is_asked_less_than_a_project(client: Client, engine: Any, body: BodyPage) -> None:
    body.summary = "Wir sind klein und digital."
    body.save_revision()
    state = submit(body, editor_of(body))
    client.force_login(staff_member())
    asked = client.get(f"/admin/pruefung/{state.pk}/").context["questions"]
    assert {question.item.only_projects for question in asked} == {False}
