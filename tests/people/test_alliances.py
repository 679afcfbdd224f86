"""Who is named in an alliance has agreed and is told; what only members may read stays theirs."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertNotContains
from wagtail.models import PageViewRestriction

from matching.plans import lifecycle as plans
from matching.plans.lifecycle import PlanValues
from people.cooperation import alliances, partners
from people.models import User
from projects.models import AllianceMember, AlliancePage, BodyPage, ProjectPage
from tests.factories import (
    BodyPageFactory,
    ProjectPageFactory,
    UserFactory,
    artefact,
    editor_of,
    publisher_of,
    staff_member,
)
from tests.people.stage import PLANNED

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> BodyPage:
    found: BodyPage = BodyPageFactory(title="Auental")
    return found


@pytest.fixture
def owner(lead: BodyPage) -> User:
    return publisher_of(lead, email="olga@auental.example")


@pytest.fixture
def alliance(lead: BodyPage, owner: User) -> AlliancePage:
    """Of one project and one partner."""
    project = ProjectPageFactory(parent=lead, title="Parkausweis", children={"artefacts": [artefact()]})
    return begun(project, owner, editor_of(BodyPageFactory(title="Bergheim"), email="bert@bergheim.example"))


def begun(project: ProjectPage, owner: User, partner: User) -> AlliancePage:
    mine = take_part(project, partner, owner)
    mail.outbox.clear()
    return alliances.begin(mine, owner)[0]


def take_part(project: ProjectPage, partner: User, owner: User) -> Any:
    body = BodyPage.objects.get(team__group__user=partner)
    return partners.assure(partners.express_interest(project, body, partner), owner)


def values(alliance: AlliancePage, *bodies: BodyPage, **more: Any) -> dict[str, Any]:
    """The form as somebody sends it who names these bodies and changes nothing else."""
    rows = [(member, member.body) for member in draft(alliance).members.all()]
    there = len(rows)
    rows += [(None, body) for body in bodies if body not in [known for _row, known in rows]]
    found = {
        "title": alliance.title,
        "slug": alliance.slug,
        "summary": "Ein Parkausweis für alle.",
        "body-count": "0",
        "projects": [project.pk for project in alliance.projects.all()],
        "members-TOTAL_FORMS": str(len(rows)),
        "members-INITIAL_FORMS": str(there),
        "steps-TOTAL_FORMS": "0",
        "steps-INITIAL_FORMS": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    for number, (member, body) in enumerate(rows):
        row = {"id": (member and member.pk) or "", "body": body.pk, "ORDER": str(number)}
        row |= {} if body in bodies else {"DELETE": "on"}
        found |= {f"members-{number}-{name}": value for name, value in row.items()}
    return found | more


def sent(client: Client, alliance: AlliancePage, *bodies: BodyPage, publish: bool = False, **more: Any) -> list[Any]:
    """Send the form; returns what is said at the members, nothing if it was stored."""
    if publish:
        more["action-publish"] = "1"
    answer = client.post(f"/admin/pages/{alliance.pk}/edit/", values(alliance, *bodies, **more))
    return [] if answer.status_code == 302 else answer.context["form"].formsets["members"].errors


def draft(alliance: AlliancePage) -> AlliancePage:
    found: AlliancePage = AlliancePage.objects.get(pk=alliance.pk).get_latest_revision_as_object()
    return found


def draft_members(alliance: AlliancePage) -> list[int]:
    return [member.body_id for member in draft(alliance).members.all()]


def partner_of(alliance: AlliancePage) -> BodyPage:
    return BodyPage.objects.get(alliance_memberships__alliance=alliance)


def test_nobody_is_named_as_member_without_having_agreed(client: Client, alliance: AlliancePage, owner: User) -> None:
    stranger = BodyPageFactory()
    partners.express_interest(alliance.projects.first(), stranger, editor_of(stranger))
    client.force_login(owner)
    for publish in (False, True):
        errors = sent(client, alliance, partner_of(alliance), stranger, publish=publish)
        assert [list(error) for error in errors] == [[], ["body"]]
    assert stranger.pk not in draft_members(alliance)
    assert not AlliancePage.objects.get().live


def test_only_those_who_have_agreed_are_offered_as_members_told_apart_by_their_place(
    client: Client, alliance: AlliancePage, lead: BodyPage, owner: User
) -> None:
    member = partner_of(alliance)
    BodyPageFactory()
    client.force_login(owner)
    members = client.get(f"/admin/pages/{alliance.pk}/edit/").context["form"].formsets["members"]
    for form in (members.forms[0], members.empty_form):
        offered = dict(form.fields["body"].choices)
        assert offered.keys() - {""} == {member.pk}
        assert offered[member.pk] == f"Bergheim ({member.place_label})"


def test_nobody_learns_the_partners_of_a_project_by_sending_its_number(
    client: Client, alliance: AlliancePage, owner: User
) -> None:
    secret = ProjectPageFactory(live=False)
    take_part(secret, editor_of(BodyPageFactory()), staff_member())
    client.force_login(owner)
    for number in (secret.pk, "9" * 5000):
        sent_values = values(alliance, partner_of(alliance), projects=[number])
        form = client.post(f"/admin/pages/{alliance.pk}/edit/", sent_values).context["form"]
        assert "projects" in form.errors
        assert form.formsets["members"].forms
        for member in form.formsets["members"].forms:
            assert dict(member.fields["body"].choices).keys() - {""} == {partner_of(alliance).pk}


def test_editor_of_an_alliance_reads_what_it_offers_once_for_all_members(
    client: Client, alliance: AlliancePage, lead: BodyPage, owner: User
) -> None:
    member, bodies = partner_of(alliance), []
    client.force_login(owner)
    for number in range(6):
        bodies.append(BodyPageFactory(title=f"Talstadt {number}"))
        take_part(ProjectPageFactory(parent=lead), editor_of(bodies[-1]), owner)
        if number in (1, 5):
            assert not sent(client, alliance, member, *bodies)
            with CaptureQueriesContext(connection) as captured:
                client.get(f"/admin/pages/{alliance.pk}/edit/")
            reading = [query["sql"] for query in captured if "projects_municipality" in query["sql"]]
            assert len(reading) == 1, reading


def test_assured_partner_of_the_lead_or_of_a_project_of_the_alliance_can_be_named(
    client: Client, alliance: AlliancePage, lead: BodyPage, owner: User
) -> None:
    first, second, member = BodyPageFactory(), BodyPageFactory(), partner_of(alliance)
    take_part(ProjectPageFactory(parent=lead), editor_of(first), owner)
    theirs = ProjectPageFactory(parent=member)
    take_part(theirs, editor_of(second), staff_member())
    client.force_login(owner)
    chosen = [*alliance.projects.all(), theirs]
    assert sent(client, alliance, member, first, second), "their project does not belong to the alliance"
    assert not sent(client, alliance, member, first, second, projects=[project.pk for project in chosen])
    assert draft_members(alliance) == [member.pk, first.pk, second.pk]


def test_member_stays_when_the_partnership_has_ended_and_comes_back_only_with_another(
    client: Client, alliance: AlliancePage, owner: User
) -> None:
    member = partner_of(alliance)
    partners.withdraw(member.partnerships.get(), owner)
    client.force_login(owner)
    assert not sent(client, alliance, member)
    assert not sent(client, alliance)
    assert sent(client, alliance, member)
    assert draft_members(alliance) == []


def test_people_of_a_member_are_told_once_when_the_page_is_published(
    client: Client, alliance: AlliancePage, lead: BodyPage, owner: User
) -> None:
    member, late = partner_of(alliance), BodyPageFactory(title="Talstadt")
    take_part(ProjectPageFactory(parent=lead), editor_of(late, email="tina@talstadt.example"), owner)
    mail.outbox.clear()
    client.force_login(owner)
    assert not sent(client, alliance, member)
    assert mail.outbox == [], "a draft names nobody"
    assert not sent(client, alliance, member, publish=True)
    [letter] = mail.outbox
    assert letter.to == ["bert@bergheim.example"]
    assert "Bergheim" in letter.body
    assert AlliancePage.objects.get().full_url in letter.body
    assert letter.extra_headers["Reply-To"] == "olga@auental.example"
    assert not sent(client, alliance, member, late)
    assert len(mail.outbox) == 1
    assert not sent(client, alliance, member, late, publish=True)
    assert [letter.to for letter in mail.outbox[1:]] == [["tina@talstadt.example"]]


def test_lead_is_not_told_of_its_own_alliance(
    client: Client, alliance: AlliancePage, lead: BodyPage, owner: User
) -> None:
    page = draft(alliance)
    page.members.add(AllianceMember(body=lead))
    page.save_revision(user=owner)
    client.force_login(owner)
    assert not sent(client, alliance, lead, publish=True)
    assert set(AlliancePage.objects.get(pk=alliance.pk).members.values_list("body", flat=True)) == {lead.pk}
    assert mail.outbox == []


def test_artefacts_of_equal_place_are_always_offered_in_the_same_order(
    client: Client, alliance: AlliancePage, owner: User
) -> None:
    client.force_login(owner)
    offered = client.get(f"/admin/pages/{alliance.pk}/edit/").context["form"].fields["artefacts"].queryset
    assert offered.query.order_by[-1] == "pk", "the database may give equal rows in any order"


# --- of a plan --------------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(lead: BodyPage, owner: User) -> ProjectPage:
    project = plans.report(lead, PlanValues(f"{PLANNED} Termine", f"{PLANNED} spart Wege.", "ideen"), owner)
    project.artefacts.add(artefact(title=f"{PLANNED} Konzept"))
    project.save_revision(user=owner).publish()
    return ProjectPage.objects.get(pk=project.pk)


@pytest.fixture
def partner() -> User:
    return editor_of(BodyPageFactory(title="Bergheim"))


@pytest.fixture
def of_plan(plan: ProjectPage, owner: User, partner: User) -> AlliancePage:
    page = begun(plan, owner, partner)
    page.get_latest_revision().publish(user=owner)
    return AlliancePage.objects.get(pk=page.pk)


def test_alliance_of_a_plan_tells_outsiders_nothing(
    client: Client, of_plan: AlliancePage, plan: ProjectPage, partner: User
) -> None:
    places = [of_plan.get_parent().url, partner_of(of_plan).url, "/", "/kommunen/", "/allianzen/", "/suche/"]
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        answer = client.get(of_plan.url)
        assert answer.status_code == 404
        for address in places:
            answer = client.get(address, follow=True)
            assertNotContains(answer, PLANNED, msg_prefix=address)
            assertNotContains(answer, of_plan.url, msg_prefix=address)


def test_members_find_the_alliance_of_a_plan_with_all_it_shares(
    client: Client, of_plan: AlliancePage, plan: ProjectPage
) -> None:
    client.force_login(editor_of(BodyPageFactory()))
    assert of_plan.url in client.get(plan.url).content.decode()
    answer = client.get(of_plan.url)
    html = answer.content.decode()
    for text in (f"{PLANNED} spart Wege.", f"{PLANNED} Konzept", plan.url, "Bergheim"):
        assert text in html
    assert "no-store" in answer["Cache-Control"]


def test_draft_shows_its_people_all_that_members_will_read(
    client: Client, plan: ProjectPage, owner: User, partner: User
) -> None:
    page = begun(plan, owner, partner)
    client.force_login(owner)
    assert f"{PLANNED} Konzept" in client.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()


def test_alliance_of_a_plan_is_public_when_the_plan_is(
    client: Client, of_plan: AlliancePage, plan: ProjectPage, owner: User
) -> None:
    assert plans.ask_for_publication(plan, owner)
    html = client.get(of_plan.url).content.decode()
    assert plan.url in html
    assert of_plan.url in client.get(plan.url).content.decode()
    assert not PageViewRestriction.objects.filter(page=of_plan).exists()


# --- after a municipal reform -----------------------------------------------------------------------------------------


def test_heir_is_a_member_where_the_body_was_in_drafts_as_well(
    client: Client, alliance: AlliancePage, lead: BodyPage, owner: User
) -> None:
    former, heir, late = partner_of(alliance), BodyPageFactory(), BodyPageFactory()
    alliance.get_latest_revision().publish()
    take_part(ProjectPageFactory(parent=lead), editor_of(late), owner)
    client.force_login(owner)
    assert not sent(client, alliance, former, late)
    alliances.hand_over(former, heir)
    assert list(AllianceMember.objects.values_list("body", flat=True)) == [heir.pk]
    assert draft_members(alliance) == [heir.pk, late.pk]
    alliances.hand_over(late, heir)
    assert draft_members(alliance) == [heir.pk], "nowhere twice"
    alliances.hand_over(heir, lead)
    assert draft_members(alliance) == []
    assert not AllianceMember.objects.exists(), "the lead stands for itself"


def test_nothing_is_written_into_versions_that_do_not_name_the_body(alliance: AlliancePage) -> None:
    newest = alliance.get_latest_revision()
    alliances.hand_over(BodyPageFactory(), BodyPageFactory())
    assert alliance.get_latest_revision().content == newest.content
