"""A decision is kept once for each pair with what was seen; what follows from it happens, and is taken back with it."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageLogEntry, PageViewRestriction

from matching.alike import decisions
from matching.alike.decisions import Answer, decide, kinds_for
from matching.models import DecisionKind, OverlapDecision, Watch
from matching.plans import lifecycle as plans
from matching.plans.lifecycle import PlanValues
from people.cooperation.partners import ASKED_A_DAY, assure
from people.models import User
from people.privacy.personal_data import erase, export
from people.teams.teams import bodies_of
from projects.models import BodyKind, BodyPage, CentralSolution, OzgField, Partnership, PartnerState, ProjectPage, Reuse
from tests.factories import BodyPageFactory, OzgServiceFactory, ProjectPageFactory, editor_of, staff_member, submit

pytestmark = pytest.mark.django_db

EVIDENCE = [{"kind": "field", "text": "Gleiches Handlungsfeld: Verwaltung"}]
JOIN, REUSE, WATCH, ANYWAY = DecisionKind.JOIN, DecisionKind.REUSE, DecisionKind.WATCH, DecisionKind.ANYWAY


@pytest.fixture
def plan() -> ProjectPage:
    page: ProjectPage = ProjectPageFactory(title="Unser Ausweis", phase="P1")
    return page


@pytest.fixture
def person(plan: ProjectPage) -> User:
    return editor_of(plan.public_body)


@pytest.fixture
def other() -> ProjectPage:
    page: ProjectPage = ProjectPageFactory(title="Ausweis anderswo", phase="P4")
    editor_of(page.public_body, email="die-anderen@example.org")
    return page


def solution() -> CentralSolution:
    return CentralSolution.objects.create(name="Ausweis für alle", service=OzgServiceFactory(), actor="Berlin")


def letters_to(address: str) -> int:
    return sum(address in letter.to for letter in mail.outbox)


def test_decision_keeps_the_reasons_that_were_shown_and_stands_in_the_history(
    plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    decide(plan, other, Answer(ANYWAY, "Anderes Recht", "Rat will es"), person, EVIDENCE)
    row = OverlapDecision.objects.get()
    assert (row.kind, row.reason, row.remark, row.evidence) == (ANYWAY, "Anderes Recht", "Rat will es", EVIDENCE)
    assert row.decided_by == person
    assert PageLogEntry.objects.filter(page=plan.pk, action=decisions.DECIDE, user=person).count() == 1


def test_building_it_anyway_needs_a_reason(plan: ProjectPage, other: ProjectPage, person: User) -> None:
    with pytest.raises(ValidationError):
        decide(plan, other, Answer(ANYWAY, " "), person)
    assert not OverlapDecision.objects.exists()


def test_joining_tells_the_other_body_once(plan: ProjectPage, other: ProjectPage, person: User) -> None:
    decide(plan, other, Answer(JOIN, "Wir haben Geld"), person)
    decide(plan, other, Answer(JOIN, "Wir haben Geld"), person)
    asked = Partnership.objects.get()
    assert (asked.project, asked.body, asked.state) == (other, plan.public_body, PartnerState.INTERESTED)
    assert letters_to("die-anderen@example.org") == 1


def test_reusing_is_shown_at_the_other_project_as_being_examined(
    plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    decide(plan, other, Answer(REUSE), person)
    used = Reuse.objects.get()
    assert (used.project, used.unit, used.stage) == (other, plan.public_body.unit, "prueft")
    assert used.is_confirmed


def test_second_thought_replaces_the_first_and_what_followed_from_it(
    plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    decide(plan, other, Answer(WATCH), person)
    assert Watch.objects.filter(user=person, project=other).exists()
    decide(plan, other, Answer(REUSE), person)
    assert not Watch.objects.exists()
    decide(plan, other, Answer(JOIN), person)
    assert not Reuse.objects.exists()
    decide(plan, other, Answer(ANYWAY, "Doch allein"), person)
    assert Partnership.objects.get().state == PartnerState.WITHDRAWN
    assert OverlapDecision.objects.get().kind == ANYWAY


def test_joining_and_thinking_again_in_turn_ends_with_few_letters(
    client: Client, plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    def answer(**fields: str) -> Any:
        key = f"projekt-{other.pk}"
        sent = {f"{key}-{name}": value for name, value in fields.items()}
        return client.post(f"/vorhaben/{plan.pk}/entscheiden/", {"gefragt": key, **sent})

    client.force_login(person)
    for _turn in range(ASKED_A_DAY):
        assert answer(kind=JOIN).status_code == 302
        assert answer(kind=ANYWAY, reason="Doch allein").status_code == 302
    written = len(mail.outbox)
    assert written == 2 * ASKED_A_DAY
    refused = answer(kind=JOIN, remark="Mit Frau Berg besprechen")
    assert "morgen wieder" in refused.content.decode()
    assert "Mit Frau Berg besprechen" in refused.content.decode(), "nothing typed is lost"
    assert (len(mail.outbox), OverlapDecision.objects.get().kind) == (written, ANYWAY)


def test_partnership_that_was_assured_stays_whatever_is_decided_later(
    plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    decide(plan, other, Answer(JOIN), person)
    assure(Partnership.objects.get(), person)
    decide(plan, other, Answer(WATCH), person)
    assert Partnership.objects.get().state == PartnerState.ASSURED


def test_decision_about_a_central_solution_stands_beside_those_about_projects(
    plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    central = solution()
    decide(plan, central, Answer(REUSE), person)
    decide(plan, other, Answer(WATCH), person)
    assert set(decisions.decisions_of(plan)) == {f"loesung-{central.pk}", f"projekt-{other.pk}"}
    assert not Reuse.objects.exists()


def test_what_can_be_decided_fits_what_it_is_about(plan: ProjectPage, other: ProjectPage) -> None:
    body = plan.public_body
    assert kinds_for(other, body) == [JOIN, REUSE, WATCH, ANYWAY]
    assert kinds_for(ProjectPageFactory(phase="nicht_weiterverfolgt", stop_reason="recht"), body) == [
        REUSE,
        WATCH,
        ANYWAY,
    ]
    assert kinds_for(ProjectPageFactory(openness="allein"), body) == [REUSE, WATCH, ANYWAY]
    assert kinds_for(solution(), body) == [REUSE, ANYWAY]
    assert kinds_for(OzgField.objects.all()[0], body) == [JOIN, ANYWAY]
    without_unit: BodyPage = BodyPageFactory(kind=BodyKind.FEDERAL, municipality=None)
    assert kinds_for(other, without_unit) == [JOIN, WATCH, ANYWAY]


def test_readers_see_decision_and_reason_but_neither_the_remark_nor_plans_they_may_not_read(
    client: Client, plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    hidden = ProjectPageFactory(title="Noch geheim")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    decide(plan, other, Answer(ANYWAY, "Anderes <Recht>", "Rat will es"), person)
    decide(plan, hidden, Answer(WATCH, "Mal sehen"), person)
    text = client.get(plan.url).content.decode()
    assert "Anderes &lt;Recht&gt;" in text
    assert other.url in text
    assert "Rat will es" not in text
    assert "Noch geheim" not in text
    assert "Mal sehen" not in text
    client.force_login(person)
    text = client.get(plan.url).content.decode()
    assert "Noch geheim" in text
    assert "Rat will es" not in text


def test_the_centre_reads_decisions_with_their_remarks_while_it_checks(
    client: Client, plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    decide(plan, other, Answer(ANYWAY, "Anderes Recht", "Rat will es"), person, EVIDENCE)
    state = submit(plan, person)
    client.force_login(staff_member())
    text = client.get(f"/admin/pruefung/{state.pk}/").content.decode()
    for said in ("Ausweis anderswo", "Anderes Recht", "Rat will es", "Gleiches Handlungsfeld: Verwaltung"):
        assert said in text


def test_what_somebody_decided_is_handed_out_with_their_data_and_stays_without_their_name(
    plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    decide(plan, other, Answer(ANYWAY, "Anderes Recht", "Rat will es"), person)
    [row] = export(person)["decisions_about_similar"]
    assert (row["project"], row["reason"], row["remark"]) == ("Unser Ausweis", "Anderes Recht", "Rat will es")
    erase(person)
    kept = OverlapDecision.objects.get()
    assert kept.decided_by is None
    assert kept.reason == "Anderes Recht"


def test_staff_read_in_the_list_of_plans_what_was_decided_with_no_query_more_for_many(
    client: Client, person: User, django_assert_max_num_queries: Any
) -> None:
    def report_and_decide(number: int) -> None:
        reported = plans.report(person_body, PlanValues(f"Vorhaben {number}", "Ein Problem.", "ideen"), person)
        twin = ProjectPageFactory(title=f"Zwilling {number}")
        decide(reported, twin, Answer(ANYWAY, f"Grund {number}", f"Vermerk {number}"), person, EVIDENCE)

    person_body = bodies_of(person).get()
    client.force_login(staff_member())
    report_and_decide(1)
    with CaptureQueriesContext(connection) as of_one:
        html = client.get("/admin/vorhaben/").content.decode()
    assert all(text in html for text in ("Zwilling 1", "Grund 1", "Vermerk 1", EVIDENCE[0]["text"]))
    for number in range(2, 6):
        report_and_decide(number)
    with django_assert_max_num_queries(len(of_one)):
        assert "Vermerk 5" in client.get("/admin/vorhaben/").content.decode()
