"""What a plan says of other projects is read by those who may read the plan, and goes with it."""

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertNotContains
from wagtail.models import PageLogEntry, PageViewRestriction

from matching.alerts.events import run
from matching.alike.decisions import Answer, decide
from matching.models import Alert, DecisionKind, OverlapDecision, Watch
from matching.plans import lifecycle as plans
from matching.plans.lifecycle import PlanValues
from people.admin_site.to_do import tasks_for
from people.cooperation import alliances, partners
from people.cooperation.contact import ask
from people.models import User
from people.privacy.personal_data import export
from people.reuse import uses as reuse
from projects.models import BodyPage, ContactRequest, Partnership, PartnerState, ProjectPage, Reuse, ReuseState
from projects.templatetags.partner_tags import partners_of
from tests.factories import BodyPageFactory, MunicipalityFactory, ProjectPageFactory, editor_of, staff_member

pytestmark = pytest.mark.django_db

JOIN, REUSE, WATCH, ANYWAY = DecisionKind.JOIN, DecisionKind.REUSE, DecisionKind.WATCH, DecisionKind.ANYWAY
OWNER = "olga@auental.example"


@pytest.fixture
def body() -> BodyPage:
    found: BodyPage = BodyPageFactory(title="Bergheim", municipality=MunicipalityFactory(name="Bergheim"))
    return found


@pytest.fixture
def person(body: BodyPage) -> User:
    return editor_of(body)


@pytest.fixture
def plan(body: BodyPage, person: User) -> ProjectPage:
    return another(body, person)


def another(body: BodyPage, person: User) -> ProjectPage:
    return plans.report(body, PlanValues("Parkausweise", "Das Amt ist zu.", "ideen"), person)


@pytest.fixture
def owner() -> User:
    return editor_of(BodyPageFactory(title="Auental"), email=OWNER)


@pytest.fixture
def other(owner: User) -> ProjectPage:
    """The public project of another body."""
    found: ProjectPage = ProjectPageFactory(
        parent=BodyPage.objects.get(title="Auental"), title="Parkausweis", phase="P4", openness="gesucht"
    )
    return found


def as_seen_by(user: User | None, other: ProjectPage) -> str:
    client = Client()
    if user:
        client.force_login(user)
    pages = [client.get(address) for address in (other.url, reverse("reuses", args=[other.pk]))]
    assert [page.status_code for page in pages] == [200, 200]
    return "".join(page.content.decode() for page in pages)


def publish(plan: ProjectPage) -> None:
    plans.check(plan.plan, staff_member())
    assert plans.ask_for_publication(plan, editor_of(plan.public_body))


def letters() -> list[str]:
    """Subjects of the letters to the people of the other project."""
    return [str(letter.subject) for letter in mail.outbox if OWNER in letter.to]


@pytest.mark.parametrize("kind", [JOIN, REUSE])
def test_only_readers_of_the_plan_read_what_it_says_until_it_is_public(
    plan: ProjectPage, other: ProjectPage, person: User, owner: User, kind: DecisionKind
) -> None:
    decide(plan, other, Answer(kind), person)
    assert "Bergheim" not in as_seen_by(None, other)
    assert "Bergheim" in as_seen_by(owner, other)
    plans.withdraw(plan, person)
    assert "Bergheim" not in as_seen_by(owner, other)
    plans.restore(plan, person)
    assert "Bergheim" in as_seen_by(owner, other)
    assert "Bergheim" not in as_seen_by(None, other)
    publish(plan)
    assert "Bergheim" in as_seen_by(None, other)


@pytest.mark.parametrize("kind", [JOIN, REUSE])
def test_the_other_body_is_told_once_when_the_plan_appears_to_it(
    body: BodyPage, other: ProjectPage, person: User, kind: DecisionKind
) -> None:
    draft = ProjectPageFactory(parent=body, phase="P1", live=False)
    decide(draft, other, Answer(kind), person)
    assert letters() == []
    assert not PageLogEntry.objects.filter(page=other.pk, action__startswith="dsr.").exists()
    PageViewRestriction.objects.create(page=draft, restriction_type=PageViewRestriction.LOGIN)
    draft.save_revision().publish()
    assert len(letters()) == 1
    assert not PageLogEntry.objects.filter(page=other.pk, action__startswith="dsr.").exists()
    draft.view_restrictions.all()[0].delete()
    draft.save_revision().publish()
    assert len(letters()) == 1
    assert PageLogEntry.objects.filter(page=other.pk, action__startswith="dsr.").count() == 1


def test_whoever_is_no_member_is_told_when_the_plan_is_public(plan: ProjectPage, person: User) -> None:
    other = ProjectPageFactory(contact_email="postfach@auental.example")
    decide(plan, other, Answer(JOIN), person)
    assert not any("postfach@auental.example" in letter.to for letter in mail.outbox)
    publish(plan)
    assert sum("postfach@auental.example" in letter.to for letter in mail.outbox) == 1


def test_nothing_is_asked_of_anybody_once_the_plan_is_withdrawn(
    client: Client, plan: ProjectPage, other: ProjectPage, person: User, owner: User
) -> None:
    decide(plan, other, Answer(JOIN), person)
    asked = Partnership.objects.get()
    address = reverse("partner_decision", args=[asked.pk])
    assert address in {task.url for task in tasks_for(owner)}
    plans.withdraw(plan, person)
    assert address not in {task.url for task in tasks_for(owner)}
    client.force_login(owner)
    answer = client.get(address)
    assert answer.status_code == 200
    assert 'name="assure"' not in answer.content.decode()
    client.post(address, {"assure": "1"})
    assert Partnership.objects.get().state == PartnerState.INTERESTED


def test_a_participation_that_was_assured_is_hidden_with_the_plan_and_no_alliance_names_it(
    plan: ProjectPage, other: ProjectPage, person: User, owner: User
) -> None:
    decide(plan, other, Answer(JOIN), person)
    asked = partners.assure(Partnership.objects.get(), owner)
    assert "Bergheim" not in as_seen_by(None, other)
    assert not PageLogEntry.objects.filter(page=other.pk, action__startswith="dsr.partner").exists()
    with pytest.raises(ValueError, match="alliance"):
        alliances.begin(asked, owner)
    publish(plan)
    assert "Bergheim" in as_seen_by(None, other)
    assert alliances.begin(asked, owner)[1]


@pytest.mark.parametrize("kind", [JOIN, REUSE, WATCH])
def test_another_plan_that_says_the_same_keeps_it(
    body: BodyPage, plan: ProjectPage, other: ProjectPage, person: User, kind: DecisionKind
) -> None:
    second = another(body, person)
    for one in (plan, second):
        decide(one, other, Answer(kind), person)
    model: Any = {JOIN: Partnership, REUSE: Reuse, WATCH: Watch}[kind]
    plans.withdraw(plan, person)
    assert model.objects.readable_by_members().count() == 1
    decide(second, other, Answer(ANYWAY, "Anderes Recht"), person)
    assert model.objects.readable_by_members().count() == 0
    assert model.objects.count() == 1, "the plan that was withdrawn may come back"
    decide(plan, other, Answer(ANYWAY, "Anderes Recht"), person)
    assert not model.objects.exclude(state=PartnerState.WITHDRAWN).exists() if kind == JOIN else not model.objects.all()


def test_what_a_body_says_for_itself_does_not_depend_on_its_plan(
    client: Client, plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    for kind in (JOIN, REUSE):
        decide(plan, other, Answer(kind), person)
        decide(plan, ProjectPageFactory(title="Noch eins"), Answer(kind), person)
    client.force_login(person)
    decide(plan, other, Answer(JOIN), person)
    client.post(reverse("offer_to_take_part", args=[other.pk]), {"body": plan.public_body.pk, "message": "Gern."})
    assert [one.body.title for one in partners_of(other)] == ["Bergheim"]
    reuse.declare(other, plan.public_body.unit, person, ReuseState.PILOT)
    plans.withdraw(plan, person)
    text = as_seen_by(None, other)
    assert "an Mitarbeit interessiert" in text
    assert "Pilot" in text


def test_watching_begins_and_ends_with_the_plan_unless_the_person_wants_to_anyway(
    client: Client, plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    run()
    decide(plan, other, Answer(WATCH), person)
    client.force_login(person)
    assert other.title in client.get("/merkliste/").content.decode()
    plans.withdraw(plan, person)
    assertNotContains(client.get("/merkliste/"), other.title)
    ProjectPage.objects.filter(pk=other.pk).update(phase="P5")
    run()
    assert not Alert.objects.exists()
    client.post(reverse("watch", args=[other.pk]))
    assert other.title in client.get("/merkliste/").content.decode()


@pytest.mark.parametrize("way", ["delete", "delete the body", "unpublish"])
def test_what_a_plan_says_goes_whichever_way_the_plan_goes(
    plan: ProjectPage, other: ProjectPage, person: User, owner: User, way: str
) -> None:
    decide(plan, other, Answer(JOIN), person)
    twin = ProjectPageFactory(parent=other.public_body)
    decide(plan, twin, Answer(REUSE), person)
    assert "Bergheim" in as_seen_by(owner, other)
    assert "Bergheim" in as_seen_by(owner, twin)
    if way == "unpublish":
        plan.unpublish()
    else:
        (plan if way == "delete" else plan.get_parent()).delete()
        assert not Partnership.objects.exists()
        assert not Reuse.objects.exists()
    for page in (other, twin):
        assert "Bergheim" not in as_seen_by(owner, page)


def test_the_alliance_of_a_plan_goes_and_comes_with_it(
    client: Client, plan: ProjectPage, person: User, owner: User
) -> None:
    asked = partners.express_interest(plan, BodyPage.objects.get(title="Auental"), owner)
    alliance, _is_new = alliances.begin(partners.assure(asked, person), person)
    alliance.save_revision().publish()
    client.force_login(owner)
    assert client.get(alliance.url).status_code == 200
    assert alliance.title in client.get("/allianzen/").content.decode()
    plans.withdraw(plan, person)
    assert client.get(alliance.url).status_code == 404
    assertNotContains(client.get("/allianzen/"), alliance.title)
    plans.restore(plan, person)
    assert client.get(alliance.url).status_code == 200


def test_what_a_unit_has_said_itself_stays_whatever_its_plan_decides(
    plan: ProjectPage, other: ProjectPage, person: User, owner: User
) -> None:
    claimed = reuse.declare(other, plan.public_body.unit, owner, ReuseState.PRODUCTIVE)
    decide(plan, other, Answer(REUSE), person)
    kept = Reuse.objects.get()
    assert (kept.stage, kept.confirmed_at, kept.is_own_word) == (claimed.stage, None, True)


def test_what_somebody_did_with_a_plan_names_it_to_them_as_long_as_they_may_read_it(
    plan: ProjectPage, person: User, owner: User
) -> None:
    ask(ContactRequest(project=plan, name="Olga", email=OWNER, message="Macht Ihr das mit uns?"))
    Watch.objects.create(user=owner, project=plan)
    theirs = ProjectPageFactory(parent=BodyPage.objects.get(title="Auental"))
    decide(theirs, plan, Answer(ANYWAY, "Anderes Recht"), owner)
    told = json.dumps(export(owner), ensure_ascii=False)
    assert told.count("Parkausweise") >= 3
    plans.withdraw(plan, person)
    told = json.dumps(export(owner), ensure_ascii=False)
    assert "Macht Ihr das mit uns?" in told
    assert "Parkausweise" not in told.replace('"on": "Parkausweise"', "")


def test_what_was_said_before_the_rule_is_bound_to_its_plan(
    body: BodyPage, plan: ProjectPage, other: ProjectPage, person: User
) -> None:
    """As rows of an earlier release stand in the database: said for itself, all of them."""
    unit: Any = body.unit
    since = plan.plan.reported_at
    older = ProjectPageFactory(title="Schon vorher")
    for project, asked_at in ((other, since + timedelta(minutes=1)), (older, since - timedelta(days=9))):
        OverlapDecision.objects.create(project=plan, other=project, kind=JOIN, decided_by=person)
        Partnership.objects.create(project=project, body=body, asked_at=asked_at)
    used = ProjectPageFactory(title="Geprüft")
    OverlapDecision.objects.create(project=plan, other=used, kind=REUSE, decided_by=person)
    Reuse.objects.create(project=used, municipality=unit, confirmed_at=since, declared_at=since + timedelta(minutes=1))
    migration = import_module("matching.migrations.0007_what_plans_have_said")
    for _again in range(2):
        migration.bind(apps, None)
    assert [one.project.title for one in Partnership.objects.readable()] == ["Schon vorher"]
    assert not Reuse.objects.readable().exists()
    assert Reuse.objects.readable_by_members().count() == 1
    publish(plan)
    assert Partnership.objects.readable().count() == 2
    assert not any("interessiert" in letter.subject or other.title in letter.subject for letter in mail.outbox)
