"""The Prüfvermerk: says what was found and decided, never changes, and is read by those it belongs to."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertNotContains
from wagtail.models import PageViewRestriction

from matching.models import CheckRecord, DecisionKind, OverlapDecision, ReuseCatalogue
from matching.records import issuing
from matching.records.sheet import sheet
from people.models import User
from projects.models import BodyPage, CentralSolution, OzgField, ProjectPage
from search.engines import Engine
from search.indexing.outbox import drain
from tests.factories import BodyPageFactory, OzgServiceFactory, ProjectPageFactory, UserFactory, editor_of, staff_member
from tests.matching.records import issued, other

pytestmark = pytest.mark.django_db

TITLE = "Mängelmelder für Straßenlaternen"
SUMMARY = "Bürgerinnen und Bürger melden defekte Straßenlaternen und Schlaglöcher mit dem Telefon an den Bauhof."


@pytest.fixture
def body() -> BodyPage:
    found: BodyPage = BodyPageFactory()
    return found


@pytest.fixture
def plan(body: BodyPage) -> ProjectPage:
    """A plan only members read."""
    found: ProjectPage = ProjectPageFactory(parent=body, title=TITLE, summary=SUMMARY, phase="P1")
    PageViewRestriction.objects.create(page=found, restriction_type=PageViewRestriction.LOGIN)
    return found


@pytest.fixture
def person(body: BodyPage, client: Client) -> User:
    user = editor_of(body, first_name="Erika", last_name="Muster")
    client.force_login(user)
    return user


def address(plan: ProjectPage) -> str:
    return f"/vorhaben/{plan.pk}/pruefvermerk/"


def issue(client: Client, plan: ProjectPage, **data: str) -> CheckRecord:
    answer = client.post(address(plan), data)
    assert answer.status_code == 302, answer.content.decode()
    return plan.check_records.latest("pk")


def test_a_record_says_what_was_searched_found_and_decided(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    twin = ProjectPageFactory(title="Straßenlaternen: Mängelmelder", summary=SUMMARY, phase="P4")
    ProjectPageFactory(title="Ferienprogramm", summary="Anmeldung zu Kursen in den Ferien.")
    drain()
    OverlapDecision.objects.create(
        project=plan, other=twin, kind=DecisionKind.ANYWAY, reason="Anderes Fachverfahren", remark="Chef will es"
    )
    record = issue(client, plan)
    found = record.content
    assert (found["search"]["title"], found["search"]["summary"], found["search"]["compared"]) == (TITLE, SUMMARY, 2)
    assert found["matches"][0]["id"] == twin.pk
    assert found["matches"][0]["reasons"]
    text = client.get(f"{address(plan)}{record.pk}/").content.decode()
    assert "Anderes Fachverfahren" in text
    assert "Erika Muster" in text
    assert twin.url in text
    assert "Chef will es" not in text


def test_a_record_of_what_is_not_public_yet_is_about_its_draft(
    engine: Engine, client: Client, body: BodyPage, person: User
) -> None:
    draft = ProjectPageFactory(parent=body, title="Noch ohne Namen", phase="P1", live=False)
    draft.title, draft.summary = TITLE, SUMMARY
    draft.save_revision()
    search = issue(client, draft).content["search"]
    assert (search["title"], search["summary"]) == (TITLE, SUMMARY)


def test_the_internal_remark_is_in_it_only_if_asked_for(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    twin = ProjectPageFactory(title=TITLE, summary=SUMMARY)
    drain()
    OverlapDecision.objects.create(project=plan, other=twin, kind=DecisionKind.JOIN, remark="Chef will es")
    assert "Chef will es" not in str(issue(client, plan).content)
    assert "Chef will es" in str(issue(client, plan, with_remarks="on").content)


def test_nothing_has_to_be_decided_about_the_bodys_own_plans(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    ProjectPageFactory(parent=plan.public_body, title=TITLE, summary=SUMMARY)
    ProjectPageFactory(title=f"{TITLE} anderswo", summary=SUMMARY)
    drain()
    record = issue(client, plan)
    undecided = {entry.title: dict(entry.facts) for entry in sheet(record).parts[2].entries if entry.is_strong}
    assert undecided[f"{TITLE} anderswo"]["Entscheidung"] == "noch nicht entschieden"
    assert "Entscheidung" not in undecided[TITLE]


def test_an_older_record_that_only_names_the_body_asks_for_no_decision_about_its_own(plan: ProjectPage) -> None:
    place = {"body": "Hier", "place": "Landkreis Celle, Niedersachsen", "decision": None}
    shown = sheet(issued(plan, matches=[other(**place), other(decision=None)])).parts[2].entries
    assert ["Entscheidung" in dict(entry.facts) for entry in shown] == [False, True]


def test_a_decision_about_what_is_no_longer_found_is_kept_with_its_reasons(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    far = ProjectPageFactory(title="Ferienprogramm", summary="Kurse")
    OverlapDecision.objects.create(
        project=plan, other=far, kind=DecisionKind.WATCH, evidence=[{"kind": "place", "text": "Gleicher Kreis"}]
    )
    for number in range(issuing.MATCHES_KEPT):
        ProjectPageFactory(title=f"{TITLE} {number}", summary=SUMMARY)
    drain()
    record = issue(client, plan)
    [kept] = record.content["earlier"]
    assert (kept["title"], kept["reasons"]) == ("Ferienprogramm", ["Gleicher Kreis"])
    [shown] = next(part for part in sheet(record).parts if part.heading == "Früher entschieden").entries
    assert "Ähnlichkeit" not in dict(shown.facts), "how much alike it was is not known any more"


def test_central_solutions_and_leads_stand_in_it(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    service = OzgServiceFactory(field=OzgField.objects.get(slug="familie-kind"))
    CentralSolution.objects.create(name="Laterne digital", service=service, actor="Bremen", url="https://example.org/l")
    plan.ozg_services = [service]
    plan.save_revision().publish()
    drain()
    leads = issue(client, ProjectPage.objects.get(pk=plan.pk)).content["leads"]
    assert ("Laterne digital", "Bremen", True) in [(one["name"], one["actor"], one["is_solution"]) for one in leads]


def test_what_was_decided_about_a_field_that_others_lead_stands_beside_each_of_them(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    service = OzgServiceFactory(field=OzgField.objects.get(slug="familie-kind"))
    plan.ozg_services = [service]
    plan.save_revision().publish()
    OverlapDecision.objects.create(project=plan, field=service.field, kind=DecisionKind.ANYWAY, reason="Abgesagt")
    drain()
    leads = issue(client, ProjectPage.objects.get(pk=plan.pk)).content["leads"]
    assert leads
    assert {one["decision"]["reason"] for one in leads} == {"Abgesagt"}


def test_plans_of_others_that_only_members_read_are_named_only_if_asked_for(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    hidden = ProjectPageFactory(title="Geheime Laternen", summary=SUMMARY, phase="P1")
    own = ProjectPageFactory(parent=plan.public_body, title="Eigene Laternen", summary=SUMMARY, phase="P1")
    for page in (hidden, own):
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    OverlapDecision.objects.create(project=plan, other=hidden, kind=DecisionKind.ANYWAY, reason="Anderes Ziel")
    drain()
    record = issue(client, plan)
    texts = client.get(f"{address(plan)}{record.pk}/").content.decode()
    assert [match["is_members_only"] for match in record.content["matches"]] == [True, True]
    for telling in (hidden.title, hidden.slug, hidden.public_body.title, SUMMARY[:40]):
        assert telling not in json.dumps(other_than_own(record, own), ensure_ascii=False)
    assert own.title in texts
    assert "Anderes Ziel" in texts, "it is said that it was weighed"
    named = issue(client, plan, with_plans="on")
    assert hidden.title in json.dumps(named.content, ensure_ascii=False)
    assert b"dsr-notice--warning" in client.get(f"{address(plan)}{named.pk}/").content


def other_than_own(record: CheckRecord, own: ProjectPage) -> list[Any]:
    """What the record says of projects of other bodies."""
    return [match for match in record.content["matches"] if match["id"] != own.pk]


def test_without_a_search_there_is_no_record(
    client: Client, plan: ProjectPage, person: User, settings: Any, tmp_path: Any
) -> None:
    settings.SEARCH_URL, settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/gibt-es-nicht", ""
    answer = client.post(address(plan), follow=True)
    assert not plan.check_records.exists()
    assert b"dsr-notice--warning" in answer.content


def test_a_record_never_changes(plan: ProjectPage) -> None:
    record = issued(plan)
    record.content["matches"] = []
    with pytest.raises(TypeError):
        record.save()
    assert CheckRecord.objects.get(pk=record.pk).content["matches"]
    assert not record.is_intact
    assert CheckRecord.objects.get(pk=record.pk).is_intact


def test_so_many_records_a_day_and_no_more(plan: ProjectPage, person: User) -> None:
    for _number in range(issuing.RECORDS_A_DAY):
        issued(plan)
    with pytest.raises(issuing.TooManyError):
        issuing.issue(plan, person)


def test_only_the_people_of_the_plan_and_the_centre_read_it(client: Client, plan: ProjectPage, body: BodyPage) -> None:
    record = issued(plan)
    pages = [address(plan), f"{address(plan)}{record.pk}/", f"{address(plan)}{record.pk}.pdf"]
    pages.append(f"/vorhaben/{plan.pk}/pruefvermerk.pdf")

    def answers(user: User | None) -> set[int]:
        visitor = Client()
        if user:
            visitor.force_login(user)
        return {visitor.get(page).status_code for page in pages}

    assert answers(None) == {302}
    assert answers(UserFactory()) == {403}
    assert answers(editor_of(BodyPageFactory())) == {404}
    assert answers(editor_of(body)) == {200}
    assert answers(staff_member()) == {200}


def test_nothing_of_a_record_is_kept_by_caches(client: Client, plan: ProjectPage, person: User) -> None:
    record = issued(plan)
    for page in (address(plan), f"{address(plan)}{record.pk}/", f"{address(plan)}{record.pk}.pdf"):
        assert {"private", "no-store"} <= set(client.get(page).headers["Cache-Control"].replace(" ", "").split(","))


def test_a_record_is_not_read_at_the_address_of_another_project(
    client: Client, plan: ProjectPage, person: User, body: BodyPage
) -> None:
    record = issued(ProjectPageFactory(parent=BodyPageFactory()))
    assert client.get(f"{address(plan)}{record.pk}/").status_code == 404


def test_whoever_holds_the_paper_has_it_confirmed_and_learns_no_more(plan: ProjectPage) -> None:
    record = issued(plan, matches=[other(title="Fremdes Vorhaben")])
    answer = Client().get(f"/pruefvermerk/{record.code}/")
    text = answer.content.decode()
    assert record.number in text
    assert record.checksum in text
    assert "Fremdes Vorhaben" not in text
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert Client().get("/pruefvermerk/abcdefgh/").status_code == 404


def test_a_record_outlives_the_account_that_issued_it_without_its_name(
    client: Client, plan: ProjectPage, person: User
) -> None:
    record = CheckRecord.objects.create(project=plan, content=issued(plan).content, issued_by=person)
    person.delete()
    client.force_login(staff_member())
    assertNotContains(client.get(f"{address(plan)}{record.pk}/"), "Erika")
    assert CheckRecord.objects.get(pk=record.pk).is_intact


def catalogue(name: str) -> ReuseCatalogue:
    return ReuseCatalogue.objects.get(name=name)


def test_what_people_found_elsewhere_stands_in_the_next_record_and_what_they_did_not_look_into_says_so(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    code = catalogue("openCode").pk
    found = {f"anderswo-day-{code}": "03.11.2026", f"anderswo-result-{code}": "Ein Modul, ohne Bürgersicht."}
    answer = client.post(address(plan), {**found, "anderswo": "1"}, follow=True)
    assert "Der nächste Prüfvermerk sagt es." in answer.content.decode()
    assert 'value="03.11.2026"' in answer.content.decode()
    record = issue(client, plan)
    part = next(part for part in sheet(record).parts if part.heading == "Anderswo nachgesehen")
    looked = {entry.title: dict(entry.facts) for entry in part.entries}
    assert looked["openCode"] == {"Nachgesehen am": "3. November 2026", "Ergebnis": "Ein Modul, ohne Bürgersicht."}
    assert looked["FIT-Store"] == {"Ergebnis": "nicht nachgesehen"}
    client.post(address(plan), {"anderswo": "1"})
    assert not plan.catalogue_lookups.exists()
    assert part.entries == sheet(CheckRecord.objects.get(pk=record.pk)).parts[-2].entries


def test_what_was_found_elsewhere_goes_into_the_record_without_being_saved_before(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    code = catalogue("openCode").pk
    typed = {f"anderswo-day-{code}": "03.11.2026", f"anderswo-result-{code}": "Ein Modul."}
    kept = issue(client, plan, **typed).content["elsewhere"]
    assert [one["result"] for one in kept if one["name"] == "openCode"] == ["Ein Modul."]
    answer = client.post(address(plan), {**typed, f"anderswo-day-{code}": "", "with_plans": "on"})
    assert "wann Sie nachgesehen haben" in answer.content.decode()
    assert answer.context["form"]["with_plans"].value()
    assert plan.check_records.count() == 1, "a record never changes: none is issued that leaves out what was typed"


@pytest.mark.parametrize(
    ("day", "result", "error"),
    [
        ("03.11.2026", "", "auch wenn es nichts war"),
        ("", "Nichts.", "wann Sie nachgesehen haben"),
        ("31.12.2099", "Nichts.", "liegt in der Zukunft"),
        ("gestern", "Nichts.", "01.02.2024"),
    ],
)
def test_half_a_look_elsewhere_is_asked_for_again_and_loses_nothing(
    client: Client, plan: ProjectPage, person: User, day: str, result: str, error: str
) -> None:
    number = catalogue("FIT-Store").pk
    answer = client.post(
        address(plan), {f"anderswo-day-{number}": day, f"anderswo-result-{number}": result, "anderswo": "1"}
    )
    text = answer.content.decode()
    assert error in text
    assert f'value="{day}"' in text or not day
    assert f'value="{result}"' in text or not result
    assert not plan.catalogue_lookups.exists()


def test_a_record_of_before_says_nothing_of_other_catalogues(plan: ProjectPage) -> None:
    headings = [part.heading for part in sheet(issued(plan)).parts]
    assert headings
    assert "Anderswo nachgesehen" not in headings


def test_a_catalogue_that_is_not_asked_about_any_more_keeps_what_was_found(
    engine: Engine, client: Client, plan: ProjectPage, person: User
) -> None:
    old = catalogue("EfA-Marktplatz")
    plan.catalogue_lookups.create(catalogue=old, looked_on=datetime.date(2026, 11, 3), result="Nichts Passendes.")
    ReuseCatalogue.objects.exclude(name="openCode").update(is_active=False)
    kept = issue(client, plan).content["elsewhere"]
    assert [(one["name"], one["result"]) for one in kept] == [("openCode", ""), ("EfA-Marktplatz", "Nichts Passendes.")]
    page = client.get(address(plan)).content.decode()
    assert "openCode" in page
    assert "EfA-Marktplatz" not in page
