"""A draft council paper: proposes what was chosen, tells what others have, leaves open what nobody said."""

import datetime
import io
import zipfile
from typing import Any

import pytest
from defusedxml import ElementTree
from django.test import Client
from wagtail.models import PageViewRestriction

from matching.models import DecisionKind, OverlapDecision, ReuseCatalogue
from matching.records.council_paper import Variant, suggested
from people.models import User
from projects.models import BodyPage, ProjectPage, Reuse, ReuseState
from search.engines import Engine
from search.indexing.outbox import drain
from tests.factories import BodyPageFactory, MunicipalityFactory, ProjectPageFactory, artefact, editor_of
from tests.matching.records import issued

pytestmark = pytest.mark.django_db

TITLE = "Mängelmelder für Straßenlaternen"
SUMMARY = "Bürgerinnen und Bürger melden defekte Straßenlaternen und Schlaglöcher mit dem Telefon an den Bauhof."
NAMES = {
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
}


@pytest.fixture
def body() -> BodyPage:
    found: BodyPage = BodyPageFactory(title="Neuenkirchen")
    return found


@pytest.fixture
def plan(body: BodyPage) -> ProjectPage:
    found: ProjectPage = ProjectPageFactory(parent=body, title=TITLE, summary=SUMMARY, phase="P1", problem=SUMMARY)
    return found


@pytest.fixture
def twin(plan: ProjectPage) -> ProjectPage:
    """What another body has: alike, with its cost and something to take along."""
    found: ProjectPage = ProjectPageFactory(
        title="Straßenlaternen: Mängelmelder", summary=SUMMARY, phase="P5", cost_from=12_000, cost_to=20_000,
        children={"artefacts": [artefact(title="Leistungsverzeichnis Mängelmelder")]},
    )  # fmt: skip
    Reuse.objects.create(project=found, municipality=MunicipalityFactory(), stage=ReuseState.PRODUCTIVE)
    return found


@pytest.fixture
def person(body: BodyPage, client: Client) -> User:
    user = editor_of(body)
    client.force_login(user)
    return user


def decide(plan: ProjectPage, other: ProjectPage, kind: DecisionKind, reason: str = "") -> None:
    OverlapDecision.objects.create(project=plan, other=other, kind=kind, reason=reason)


class Paper:
    """The file as an office program reads it."""

    def __init__(self, client: Client, plan: ProjectPage, variant: str) -> None:
        answer = client.get(f"/vorhaben/{plan.pk}/beschlussvorlage.odt", {"variante": variant})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/vnd.oasis.opendocument.text"
        self.archive = zipfile.ZipFile(io.BytesIO(answer.content))
        self.content = ElementTree.fromstring(self.archive.read("content.xml"))
        self.text = " ".join("".join(self.content.itertext()).split())

    def headings(self) -> list[str]:
        level = f"{{{NAMES['text']}}}outline-level"
        return [f"{one.get(level)} {''.join(one.itertext())}" for one in self.content.iterfind(".//text:h", NAMES)]

    def marked(self) -> list[str]:
        return ["".join(one.itertext()) for one in self.content.iterfind(".//text:span", NAMES)]


def test_the_file_is_what_office_programs_expect(
    engine: Engine, client: Client, plan: ProjectPage, twin: ProjectPage, person: User
) -> None:
    drain()
    paper = Paper(client, plan, "selbst")
    first = paper.archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    named = paper.archive.read("META-INF/manifest.xml").decode()
    for name in paper.archive.namelist():
        if name.endswith(".xml"):
            ElementTree.fromstring(paper.archive.read(name))
            assert name in named or name == "META-INF/manifest.xml"
    assert paper.headings() == [
        "1 Beratungsfolge", "1 Betreff", "1 Beschlussvorschlag", "1 Begründung", "2 Worum es geht",
        "2 Was andere schon haben", "1 Finanzielle Auswirkungen", "1 Anlagen",
    ]  # fmt: skip
    # Screen readers say the head of a column with each cell.
    assert len(paper.content.findall(".//table:table-header-rows", NAMES)) == 2


def test_what_is_alike_stands_in_it_with_cost_users_and_decision(
    engine: Engine, client: Client, plan: ProjectPage, twin: ProjectPage, person: User
) -> None:
    drain()
    decide(plan, twin, DecisionKind.REUSE, "Läuft dort gut.")
    text = Paper(client, plan, "nachnutzen").text
    assert "Leistungsverzeichnis Mängelmelder" in text
    for said in (
        twin.title,
        "12.000 bis 20.000 €",
        "1 produktiv",
        "Nachnutzen: Läuft dort gut.",
        twin.public_body.title,
    ):
        assert said in text


def test_what_needs_no_decision_does_not_look_forgotten(
    engine: Engine, client: Client, plan: ProjectPage, twin: ProjectPage, person: User
) -> None:
    drain()
    assert "noch offen" in Paper(client, plan, "nachnutzen").text
    own = ProjectPageFactory(parent=plan.public_body, title=twin.title, summary=twin.summary)
    drain()
    text = Paper(client, plan, "nachnutzen").text
    assert own.title in text
    assert "eigenes Projekt" in text


@pytest.mark.parametrize(
    ("variant", "sentence"),
    [
        ("nachnutzen", "das Projekt „Straßenlaternen: Mängelmelder“"),
        ("beitreten", "[Projekt] von [Stelle]"),
        ("partner", "weitere Kommunen als Partner zu suchen"),
        ("selbst", "selbst umzusetzen"),
    ],
)
def test_the_proposal_is_the_one_that_was_chosen(
    engine: Engine, client: Client, plan: ProjectPage, twin: ProjectPage, person: User, variant: str, sentence: str
) -> None:
    drain()
    decide(plan, twin, DecisionKind.REUSE)
    text = Paper(client, plan, variant).text
    proposal = text[text.index("Beschlussvorschlag") : text.index("Begründung")]
    assert sentence in proposal


def test_a_variant_is_suggested_by_what_was_decided(plan: ProjectPage, twin: ProjectPage) -> None:
    assert suggested(plan) == Variant.ALONE
    plan.openness = "gesucht"
    assert suggested(plan) == Variant.PARTNERS
    decide(plan, twin, DecisionKind.JOIN)
    assert suggested(plan) == Variant.JOIN


def test_what_nobody_said_is_left_open_and_marked(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    drain()
    plan.problem = plan.summary = ""
    plan.save()
    paper = Paper(client, plan, "partner")
    assert {"[Betrag]", "[Ausschuss]", "[Was soll besser werden, und für wen?]"} <= set(paper.marked())
    assert "Öffentlich ist dort nichts Ähnliches." in paper.text
    page = client.get(f"/vorhaben/{plan.pk}/beschlussvorlage/").content.decode()
    assert "Ihr Vorhaben noch nicht" in page
    assert "Kosten" in page


def test_that_others_have_a_plan_only_members_read_is_told_in_no_way(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    hidden = ProjectPageFactory(title="Laternen melden in Geheimhausen", summary=SUMMARY, phase="P1", cost_from=77_000)
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    drain()
    decide(plan, hidden, DecisionKind.JOIN)
    text = Paper(client, plan, "beitreten").text
    assert "Öffentlich ist dort nichts Ähnliches." in text
    for said in ("Geheimhausen", hidden.public_body.title, "77.000", "Mitglieder", "Mitmachen"):
        assert said not in text


def test_texts_are_texts_whatever_stands_in_them(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    drain()
    ProjectPage.objects.filter(pk=plan.pk).update(title="<text:p>&\x0b„A“", problem="Erstens\nZweitens ]]>")
    text = Paper(client, plan, "selbst").text
    assert "<text:p>&\N{REPLACEMENT CHARACTER}„A“" in text
    assert "Zweitens ]]>" in text


def test_what_was_found_elsewhere_stands_in_it(engine: Engine, client: Client, plan: ProjectPage, person: User) -> None:
    drain()
    code = ReuseCatalogue.objects.get(name="openCode")
    plan.catalogue_lookups.create(catalogue=code, looked_on=datetime.date(2026, 11, 3), result="Ein Modul.")
    text = Paper(client, plan, "selbst").text
    assert "openCode, nachgesehen am 3. November 2026: Ein Modul." in text
    assert "FIT-Store" not in text


def test_the_newest_check_record_is_the_first_attachment(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    drain()
    record = issued(plan)
    assert f"Prüfvermerk {record.number} vom" in Paper(client, plan, "selbst").text


def test_without_the_search_there_is_no_paper_that_says_nothing_was_found(
    client: Client, plan: ProjectPage, person: User, settings: Any
) -> None:
    settings.SEARCH_URL = "elasticsearch://127.0.0.1:9/none?timeout=0.2"
    answer = client.get(f"/vorhaben/{plan.pk}/beschlussvorlage.odt", {"variante": "selbst"}, follow=True)
    assert answer.redirect_chain == [(f"/vorhaben/{plan.pk}/beschlussvorlage/", 302)]
    assert "antwortet gerade nicht" in answer.content.decode()


def test_an_unknown_variant_is_asked_for_again(client: Client, plan: ProjectPage, person: User) -> None:
    answer = client.get(f"/vorhaben/{plan.pk}/beschlussvorlage.odt", {"variante": "x"})
    assert answer.status_code == 400
    assert 'name="variante"' in answer.content.decode()
