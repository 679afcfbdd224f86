"""The short form filled from a council paper: quotations with their place, each to be confirmed, nothing lost."""

import datetime
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from matching.papers.files import CHARACTERS_MAX
from matching.reporting import paper_forms
from people.models import User
from projects.models import BodyDocument, BodyPage, OzgFieldLead, ProjectPage
from tests.factories import BodyPageFactory, editor_of, field_of_action
from tests.matching.papers import making

pytestmark = pytest.mark.django_db

TITLE = "Termine für das Bürgerbüro im Internet"
PROBLEM = "Im Bürgerbüro warten die Menschen derzeit bis zu zwei Stunden. Viele gehen unverrichteter Dinge."
DECISION = timezone.localdate() + datetime.timedelta(days=60)


def paper(decision: datetime.date = DECISION) -> str:
    return f"""
Stadt Musterhausen
Federführend: Bürgeramt

Beratungsfolge
Hauptausschuss      {decision - datetime.timedelta(days=9):%d.%m.%Y}      Vorberatung
Stadtrat      {decision:%d.%m.%Y}      Entscheidung

Betreff: {TITLE}

Sachverhalt:
{PROBLEM}

Finanzielle Auswirkungen:
Die einmaligen Kosten betragen 12.500 Euro. Die jährlichen Kosten betragen 900 Euro.
"""


@pytest.fixture
def body() -> BodyPage:
    body: BodyPage = BodyPageFactory()
    OzgFieldLead.objects.all().delete()
    return body


@pytest.fixture
def editor(body: BodyPage, client: Client) -> User:
    editor = editor_of(body)
    client.force_login(editor)
    return editor


def send(client: Client, **fields: Any) -> Any:
    return client.post("/vorhaben/melden/", fields)


def read(client: Client, text: str = "", **fields: Any) -> Any:
    return send(client, vorlage_lesen="1", paper_text=text or paper(), **fields)


def complete(response: Any, **changed: str) -> dict[str, str]:
    """What the form sends that was filled from the paper, with what a paper does not say."""
    form = response.context["form"]
    sent = {name: form[name].value() or "" for name in ("title", "problem", "decision_on", "quoted")}
    chosen = {"field_of_action": str(field_of_action("verwaltung").pk), "openness": "gesucht"}
    return {**sent, **chosen, **changed}


def values(response: Any) -> dict[str, Any]:
    form = response.context["form"]
    return {name: form[name].value() for name in ("title", "problem", "decision_on")}


# --- reading ----------------------------------------------------------------------------------------------------------


def test_paper_fills_the_fields_with_its_places_and_nothing_is_stored(client: Client, editor: User) -> None:
    response = read(client)
    assert values(response) == {"title": TITLE, "problem": PROBLEM, "decision_on": f"{DECISION:%d.%m.%Y}"}
    page = response.content.decode()
    assert "Aus der Vorlage: Betreff" in page
    assert f"Stadtrat {DECISION:%d.%m.%Y} Entscheidung" in page
    assert "12.500" in page
    assert "Bürgeramt" in page
    assert not response.context["form"].errors
    assert not ProjectPage.objects.exists()


@pytest.mark.usefixtures("engine")
def test_what_the_paper_is_about_is_offered_before_anything_is_confirmed(client: Client, editor: User) -> None:
    """Without a script as well: what nobody has confirmed yet is read like what was typed."""
    asked = read(client)
    assert asked.context["offers"][0].label == "Verwaltung"
    again = send(client, vorschlaege="1", **complete(asked, field_of_action=""))
    assert again.context["offers"] == asked.context["offers"]


@pytest.mark.parametrize(
    ("printed", "filled"),
    [
        (f"{TITLE}\nhier: Antrag der Fraktion Nord vom 02.09.2026", TITLE),
        (f"{TITLE}; hier: Gemeinsamer Prüfantrag zweier Fraktionen", TITLE),
        ("Bauhof; hier: Beschaffung eines Hinweisportals", "Bauhof; hier: Beschaffung eines Hinweisportals"),
        ("hier: Antrag der Fraktion Nord", "hier: Antrag der Fraktion Nord"),
    ],
)
def test_who_moved_it_stays_in_the_quotation(client: Client, editor: User, printed: str, filled: str) -> None:
    response = read(client, paper().replace(TITLE, printed))
    assert values(response)["title"] == filled
    assert " ".join(printed.split()) in response.content.decode()


def test_title_is_shown_whole_where_its_field_is_too_short(client: Client, editor: User) -> None:
    assert f"„{TITLE}“" in read(client).content.decode()


@pytest.mark.parametrize("ending", [pytest.param("pdf", marks=pytest.mark.process), "docx", "odt"])
def test_file_is_read_as_its_text_and_not_kept(client: Client, editor: User, ending: str) -> None:
    raw = getattr(making, ending)(paper())
    upload = SimpleUploadedFile(f"Vorlage.{ending.upper()}", raw)
    response = send(client, vorlage_lesen="1", paper_file=upload)
    assert values(response)["title"] == TITLE
    assert ("Betreff, Seite 1" in response.content.decode()) == (ending == "pdf")
    assert not BodyDocument.objects.exists()


def test_what_was_typed_is_neither_overwritten_nor_lost(client: Client, editor: User) -> None:
    response = read(client, title="Mein Titel", openness="gesucht", decision_on="bald", service="Ausweis")
    assert values(response) == {"title": "Mein Titel", "problem": PROBLEM, "decision_on": "bald"}
    form = response.context["form"]
    assert (form["openness"].value(), form["service"].value()) == ("gesucht", "Ausweis")
    assert not form.shown["title"].is_taken
    assert TITLE in response.content.decode()


def test_day_that_is_over_is_shown_and_not_filled_in(client: Client, editor: User) -> None:
    past = timezone.localdate() - datetime.timedelta(days=30)
    response = read(client, paper(past))
    assert not values(response)["decision_on"]
    assert "liegt zurück" in response.content.decode()


def test_paper_that_says_nothing_is_told_so(client: Client, editor: User) -> None:
    response = read(client, "Guten Tag zusammen")
    assert not response.context["form"].quotations
    assert "nichts Brauchbares" in response.content.decode()


def test_sentence_that_names_a_person_is_not_shown(client: Client, editor: User) -> None:
    text = paper().replace("Die einmaligen Kosten betragen", "Herr Kuckelkorn beziffert die einmaligen Kosten auf")
    text = text.replace("Federführend: Bürgeramt", "Federführend: Bürgeramt, Frau Zwirbel")
    page = read(client, text).content.decode()
    assert "12.500" in page
    assert "Bürgeramt" in page
    assert not re.search("Kuckelkorn|Zwirbel", page)


# --- what cannot be read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        pytest.param("vorlage.pdf", b"%PDF-1.7 damaged", "beschädigt", marks=pytest.mark.process),
        ("vorlage.txt", b"  ", "steht nichts"),
        ("vorlage.rtf", b"{\\rtf1}", "PDF, DOCX, ODT oder TXT"),
        ("vorlage.docx", b"PK\x03\x04", "beschädigt"),
    ],
)
def test_error_stands_at_the_file_and_what_was_typed_stays(
    client: Client, editor: User, name: str, raw: bytes, says: str
) -> None:
    upload = SimpleUploadedFile(name, raw)
    response = send(client, vorlage_lesen="1", paper_file=upload, title="Getippt", paper_text="Auch getippt")
    assert says in " ".join(response.context["paper_form"].errors["paper_file"])
    assert values(response)["title"] == "Getippt"
    assert response.context["paper_form"]["paper_text"].value() == "Auch getippt"
    assert re.search(r'<details class="dsr-paper"[^>]*\bopen', response.content.decode())


def test_text_that_is_too_long_says_so_as_a_file_does_and_stays(client: Client, editor: User) -> None:
    long = "Sachverhalt. " * (CHARACTERS_MAX // 13 + 1)
    response = send(client, vorlage_lesen="1", paper_text=long, title="Getippt")
    assert "Das ist zu viel Text" in " ".join(response.context["paper_form"].errors["paper_text"])
    assert response.context["paper_form"]["paper_text"].value() == long
    assert values(response)["title"] == "Getippt"


def test_nothing_chosen_is_asked_for(client: Client, editor: User) -> None:
    response = send(client, vorlage_lesen="1", title="Getippt")
    assert response.context["paper_form"].errors["paper_file"]
    assert values(response)["title"] == "Getippt"


# --- confirming -------------------------------------------------------------------------------------------------------


def test_plan_is_reported_once_each_quotation_is_confirmed(client: Client, editor: User) -> None:
    sent = complete(read(client))
    refused = send(client, **sent)
    assert set(refused.context["form"].errors) == {"title", "problem", "decision_on"}
    ticked = {f"confirmed_{name}": "on" for name in ("title", "problem", "decision_on", "costs", "office")}
    send(client, **sent, **ticked)
    project = ProjectPage.objects.get()
    assert (project.title, project.problem, project.decision_on) == (TITLE, PROBLEM, DECISION)
    assert (project.cost_from, project.cost_to, project.contact_role) == (12_500, 12_500, "Bürgeramt")


def test_what_is_not_ticked_beyond_the_fields_is_left_behind(client: Client, editor: User) -> None:
    ticked = {f"confirmed_{name}": "on" for name in ("title", "problem", "decision_on")}
    send(client, **complete(read(client)), **ticked)
    project = ProjectPage.objects.get()
    assert (project.cost_from, project.contact_role) == (None, "")


def test_changed_value_needs_no_confirmation(client: Client, editor: User) -> None:
    sent = complete(read(client), title="Anders", problem="Es dauert zu lange.", decision_on="")
    send(client, **sent)
    assert ProjectPage.objects.get().title == "Anders"


def test_quotation_is_left_out_and_only_its_field_is_empty(client: Client, editor: User) -> None:
    first = read(client)
    response = send(client, **complete(first, vorlage_weglassen="title", confirmed_problem="on"))
    assert values(response) == {"title": "", "problem": PROBLEM, "decision_on": f"{DECISION:%d.%m.%Y}"}
    form = response.context["form"]
    assert "title" not in form.quotations
    assert form["confirmed_problem"].value()


def test_leaving_out_keeps_what_was_typed_meanwhile(client: Client, editor: User) -> None:
    response = send(client, **complete(read(client), title="Anders", vorlage_weglassen="title"))
    assert values(response)["title"] == "Anders"


def test_quotation_is_taken_instead_of_what_was_typed(client: Client, editor: User) -> None:
    response = read(client, title="Mein Titel")
    response = send(client, **complete(response, vorlage_uebernehmen="title"))
    assert values(response)["title"] == TITLE


def test_forged_quotations_are_passed_over(client: Client, editor: User) -> None:
    sent = complete(read(client), quoted="W3siZmllbGQiOiJ4In1d:1u:x")
    send(client, **sent, confirmed_costs="on")
    assert ProjectPage.objects.get().cost_from is None


def test_change_of_a_plan_offers_no_paper(client: Client, editor: User) -> None:
    ticked = {f"confirmed_{name}": "on" for name in ("title", "problem", "decision_on", "costs")}
    first = read(client)
    send(client, **complete(first), **ticked)
    project = ProjectPage.objects.get()
    page = client.get(f"/vorhaben/{project.pk}/bearbeiten/")
    assert "dsr-paper" not in page.content.decode()
    sent = {**complete(first), "title": "Anders", "version": page.context["version"]}
    client.post(f"/vorhaben/{project.pk}/bearbeiten/", sent)
    project.refresh_from_db()
    assert (project.title, project.cost_from) == ("Anders", 12_500)


def test_quotations_pass_through_the_page_that_asks_about_others() -> None:
    quotation = paper_forms.Quoted("costs", "1 Euro", "", "Kosten", "1-1")
    assert paper_forms.quoted_in(paper_forms.signed([quotation])) == {"costs": quotation}
