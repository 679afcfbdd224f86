"""A project described from a council paper becomes a draft with what was ticked, for those who may edit it alone."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from people.models import User
from projects.models import BodyDocument, BodyPage, ProjectPage
from tests.factories import BodyPageFactory, UserFactory, editor_of
from tests.matching.papers import making
from tests.matching.test_plan_paper import DECISION, PROBLEM, TITLE, paper

pytestmark = pytest.mark.django_db

ADDRESS = "/vorhaben/vorlage/"
TICKED = {f"confirmed_{name}": "on" for name in ("problem", "decision_on", "costs", "office")}


@pytest.fixture
def body() -> BodyPage:
    body: BodyPage = BodyPageFactory()
    return body


@pytest.fixture
def editor(body: BodyPage, client: Client) -> User:
    editor = editor_of(body)
    client.force_login(editor)
    return editor


def read(client: Client) -> Any:
    return client.post(ADDRESS, {"vorlage_lesen": "1", "paper_text": paper()})


def store(client: Client, response: Any, **fields: Any) -> Any:
    form = response.context["form"]
    return client.post(ADDRESS, {"anlegen": "1", "quoted": form["quoted"].value(), "title": TITLE, **fields})


def test_paper_becomes_a_draft_that_nobody_else_sees(client: Client, body: BodyPage, editor: User) -> None:
    response = read(client)
    assert response.context["form"]["title"].value() == TITLE
    assert not ProjectPage.objects.exists()
    stored = store(client, response, **TICKED)
    project = ProjectPage.objects.child_of(body).get()
    assert stored.url == f"/admin/pages/{project.pk}/edit/"
    assert (project.live, project.owner, project.has_unpublished_changes) == (False, editor, True)
    assert (project.title, project.problem, project.decision_on) == (TITLE, PROBLEM, DECISION)
    assert project.summary == PROBLEM.split(". ")[0] + "."
    assert (project.cost_from, project.contact_name) == (12_500, "Bürgeramt")
    assert client.get(stored.url).status_code == 200
    assert not BodyDocument.objects.exists()


def test_what_is_not_ticked_is_not_taken(client: Client, body: BodyPage, editor: User) -> None:
    store(client, read(client))
    project = ProjectPage.objects.child_of(body).get()
    assert (project.problem, project.decision_on, project.cost_from, project.contact_name) == ("", None, None, "")


def test_file_is_kept_as_an_artefact_only_if_it_is_chosen_again(
    client: Client, body: BodyPage, editor: User, media: Any
) -> None:
    upload = SimpleUploadedFile("Beschlussvorlage_Termine.docx", making.docx(paper()))
    store(client, read(client), kept=upload)
    artefact = ProjectPage.objects.child_of(body).get().artefacts.get()
    document = BodyDocument.objects.get()
    assert (artefact.title, artefact.kind.slug, artefact.file) == ("Beschlussvorlage Termine", "beschluss", document)
    assert (document.collection, document.uploaded_by_user) == (body.team.collection, editor)
    client.logout()
    assert client.get(document.url).status_code in {302, 403, 404}


def test_file_that_may_not_be_kept_stops_everything(client: Client, body: BodyPage, editor: User, media: Any) -> None:
    response = store(client, read(client), kept=SimpleUploadedFile("Vorlage.docx", b"no archive"))
    assert response.context["form"].errors["kept"]
    assert not ProjectPage.objects.exists()
    assert not BodyDocument.objects.exists()


def test_title_is_asked_for(client: Client, editor: User) -> None:
    response = store(client, read(client), title="  ", **TICKED)
    assert response.context["form"].errors["title"]
    assert not ProjectPage.objects.exists()


def test_paper_that_cannot_be_read_says_why(client: Client, editor: User) -> None:
    response = client.post(ADDRESS, {"vorlage_lesen": "1"})
    assert response.context["paper_form"].errors["paper_file"]


def test_body_of_others_is_refused(client: Client, body: BodyPage, editor: User) -> None:
    own, other = BodyPageFactory(), BodyPageFactory()
    editor.groups.add(*editor_of(own).groups.all())
    response = store(client, read(client), body=str(other.pk))
    assert response.context["form"].errors["body"]
    assert not ProjectPage.objects.exists()
    store(client, read(client), body=str(own.pk))
    assert ProjectPage.objects.child_of(own).exists()


def test_account_without_a_body_is_led_away(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get(ADDRESS).status_code == 403
