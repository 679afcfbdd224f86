"""What is checked by its number is checked however the number is spelled, and whatever the field is called."""

import json
from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from people.accounts.adapters import AccountAdapter
from projects.models import BodyDocument, ProjectPage, ProjectTag
from tests.factories import BodyPageFactory, DocumentFactory, ProjectPageFactory, artefact, publisher_of, staff_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "wagtail_indexes")]

HIDDEN = "Okapi-Entwurf"
# All of them are the same number to Django.
SPELLINGS = ("{}", " {}", "{} ", "0_{}", "+{}")
BULK = "/admin/bulk/wagtailcore/page"


@pytest.fixture
def draft() -> ProjectPage:
    page: ProjectPage = ProjectPageFactory(live=False, title=HIDDEN)
    return page


@pytest.fixture
def own(client: Client) -> ProjectPage:
    project: ProjectPage = ProjectPageFactory()
    client.force_login(publisher_of(project.public_body))
    return project


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_draft_of_others_is_told_nowhere_however_its_number_is_spelled(
    client: Client, own: ProjectPage, draft: ProjectPage, spelling: str
) -> None:
    number = spelling.format(draft.pk)
    asked = [
        client.get(f"{BULK}/delete/?id={quote(number)}"),
        client.get(f"/admin/choose-page/chosen-multiple/?id={quote(number)}"),
        client.post(f"/admin/pages/{own.pk}/copy/", {"new_parent_page": number, "new_title": "a", "new_slug": "a"}),
        client.post("/admin/pages/create/projects/projectpage", {"parent_page": number}),
        client.post(f"/admin/pages/{own.pk}/move/", {"new_parent_page": number}),
        client.post(f"{BULK}/move/?id={own.pk}", {"chooser": number}),
    ]
    assert [answer.status_code for answer in asked] == [HTTPStatus.NOT_FOUND] * len(asked)
    assert not [answer for answer in asked if HIDDEN in answer.content.decode()]


def test_all_pages_of_a_listing_are_those_of_ones_own(client: Client, own: ProjectPage, draft: ProjectPage) -> None:
    theirs, mine = draft.public_body.pk, own.public_body.pk
    for asked in (f"all&q={HIDDEN[:5]}", "all&q=xyz", f"all&childOf={theirs}", f"all&childOf= {mine}", "all"):
        assert client.get(f"{BULK}/delete/?id={asked}").status_code == HTTPStatus.NOT_FOUND, asked
    answer = client.get(f"{BULK}/publish/?id=all&childOf={mine}")
    assert answer.status_code == HTTPStatus.OK
    assert own.title in answer.content.decode()
    client.force_login(staff_member())
    assert HIDDEN in client.get(f"{BULK}/delete/?id=all&childOf={theirs}").content.decode()


def test_a_file_in_use_stays_however_its_number_is_spelled(client: Client) -> None:
    body = BodyPageFactory()
    file = DocumentFactory(collection=body.team.collection)
    ProjectPageFactory(parent=body, children={"artefacts": [artefact(file=file)]})
    client.force_login(publisher_of(body))
    for spelling in SPELLINGS:
        client.post(f"/admin/bulk/projects/bodydocument/delete/?id={quote(spelling.format(file.pk))}")
        assert BodyDocument.objects.filter(pk=file.pk).exists(), spelling


def as_shown(client: Client, address: str) -> dict[str, str]:
    """What the editor's form would send, without rows."""
    form = client.get(address).context["form"]
    sent = {name: value for name, value in form.initial.items() if isinstance(value, str)} | {"lessons_learned": "null"}
    for formset in form.formsets.values():
        sent |= {f"{formset.prefix}-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return sent


@pytest.mark.parametrize("number", ["abc", "9" * 5_000, "²"])
def test_a_link_to_what_is_no_page_is_refused_and_the_page_stays_readable(
    client: Client, own: ProjectPage, number: str
) -> None:
    entity = {"type": "LINK", "mutability": "MUTABLE", "data": {"id": number}}
    block = {"key": "a", "text": "Hier", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "data": {}}
    block["entityRanges"] = [{"offset": 0, "length": 4, "key": 0}]
    address = f"/admin/pages/{own.pk}/edit/"
    sent = as_shown(client, address)
    sent["lessons_learned"] = json.dumps({"blocks": [block], "entityMap": {"0": entity}})
    answer = client.post(address, sent)
    assert answer.status_code == HTTPStatus.OK
    assert "lessons_learned" in answer.context["form"].errors
    assert client.get(own.url).status_code == HTTPStatus.OK


def test_a_form_is_not_made_of_thousands_of_rows_for_a_number(client: Client, own: ProjectPage) -> None:
    sent = {"title": "", "artefacts-TOTAL_FORMS": "999999", "artefacts-INITIAL_FORMS": "0"}
    assert client.post(f"/admin/pages/{own.pk}/edit/", sent).status_code == HTTPStatus.BAD_REQUEST


def test_nobody_proposes_hundreds_of_tags(client: Client, own: ProjectPage) -> None:
    address = f"/admin/pages/{own.pk}/edit/"
    answer = client.post(address, as_shown(client, address) | {"tags": ", ".join(f"Neu {n}" for n in range(31))})
    assert set(answer.context["form"].errors) == {"tags"}
    assert not ProjectTag.objects.filter(name__startswith="Neu").exists()


@pytest.mark.parametrize(
    ("sent", "counted"),
    [("77.8.9.1", "77.8.9.1"), ("::ffff:77.8.9.1", "77.8.9.1"), ("2001:db8::1", "2001:db8::1")],
)
def test_a_connection_counts_as_the_same_however_the_proxy_spells_it(sent: str, counted: str) -> None:
    request: HttpRequest = RequestFactory().get("/", REMOTE_ADDR=sent)
    assert AccountAdapter(request).get_client_ip(request) == counted
