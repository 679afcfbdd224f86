"""Whom a page names as its contact is asked by a form: no page shows the address, whatever kind of page it is."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from people.cooperation.contact_forms import LEAST_TIME
from projects.models import AlliancePage, ContactRequest
from tests.factories import ArticlePageFactory, BodyPageFactory, ProjectPageFactory, editor_of

pytestmark = pytest.mark.django_db

ADDRESS = "amt@auental.example"
TEXT = json.dumps([{"type": "contact", "value": {"name": "Amt für Ideen", "role": "", "email": ADDRESS, "phone": ""}}])
QUESTION = {
    "message": "Wann geht es los?",
    "name": "Frieda Frage",
    "organisation": "Stadt Bergheim",
    "email": "frieda@bergheim.example",
}


def alliance() -> AlliancePage:
    body = BodyPageFactory()
    page: AlliancePage = body.add_child(instance=AlliancePage(title="Allianz", summary="Zusammen", body=TEXT))
    return page


KINDS = {
    "body": lambda: BodyPageFactory(about=TEXT),
    "article": lambda: ArticlePageFactory(body=TEXT),
    "project": lambda: ProjectPageFactory(body=TEXT),
    "alliance": alliance,
}


@pytest.fixture(params=list(KINDS))
def page(request: pytest.FixtureRequest) -> Page:
    """With the block, of each kind that can have it."""
    found: Page = KINDS[request.param]()
    return found


@pytest.fixture
def body() -> Any:
    return BodyPageFactory(about=TEXT)


def form_of(client: Client, page: Page) -> str:
    """The address of the form, as the page links to it."""
    found = re.search(r'href="(/kontakt/[^"]+)"', client.get(page.url).content.decode())
    assert found
    return found[1]


def ask(client: Client, address: str, **values: str) -> Any:
    """Open the form, wait, send."""
    stamp = re.search(r'name="opened" value="([^"]+)"', client.get(address).content.decode())
    assert stamp
    now = timezone.now() + 2 * LEAST_TIME
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.signing.time.time", now.timestamp)
        return client.post(address, {**QUESTION, "opened": stamp[1], **values})


def test_no_page_holds_the_address_and_all_lead_to_a_form(client: Client, page: Page) -> None:
    html = client.get(page.url).content.decode()
    assert "Amt für Ideen" in html
    assert ADDRESS not in html
    forms = re.findall(r'href="(/(?:kontakt|projekte)/[^"]*)"[^>]*>\s*Frage stellen', html)
    assert forms
    for address in forms:
        asked = client.get(address)
        assert asked.status_code == 200
        assert ADDRESS not in asked.content.decode()


def test_question_reaches_the_contact_who_answers_the_asker_and_is_not_kept(client: Client, body: Any) -> None:
    address = form_of(client, body)
    answer = ask(client, address)
    assert answer.headers["Location"] == f"{address}gesendet/"
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    assert letter.extra_headers["Reply-To"] == QUESTION["email"]
    assert QUESTION["message"] in letter.body
    assert not ContactRequest.objects.exists()
    assert "Ihre Frage ist unterwegs" in client.get(f"{address}gesendet/").content.decode()


def test_copy_goes_to_the_own_address_of_who_is_logged_in_only(client: Client, body: Any) -> None:
    address = form_of(client, body)
    ask(client, address, copy="on")
    assert len(mail.outbox) == 1
    user = editor_of(BodyPageFactory())
    client.force_login(user)
    ask(client, address, copy="on", email="fremd@example.org")
    assert [letter.to for letter in mail.outbox[1:]] == [[ADDRESS], [user.email]]


def test_what_was_typed_stays_when_something_is_missing(client: Client, body: Any) -> None:
    html = ask(client, form_of(client, body), email="").content.decode()
    assert QUESTION["message"] in html
    assert not mail.outbox


def test_nobody_writes_to_a_contact_without_end(client: Client, body: Any, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "contact_project": "1/d/key"}
    address = form_of(client, body)
    statuses = [ask(client, address, email=f"{name}@example.org").status_code for name in "ab"]
    assert statuses == [302, 429]


def test_made_up_contacts_and_pages_one_may_not_read_have_no_form(client: Client, body: Any) -> None:
    address = form_of(client, body)
    assert client.get(f"/kontakt/{body.pk}/abc/").status_code == 404
    PageViewRestriction.objects.create(page=body, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}gesendet/").status_code == 404
