"""A body offers to take part, the people of the project decide, either side may end it; an alliance may come of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains
from wagtail.models import PageLogEntry, PageViewRestriction

from matching.plans import lifecycle as plans
from people.admin_site.to_do import tasks_for
from people.cooperation import alliances, partners
from people.models import User
from people.privacy.personal_data import erase
from people.rights import set_direct_publishing
from people.teams.teams import bodies_of
from projects.models import AlliancePage, BodyPage, Openness, Partnership, PartnerState, Plan, ProjectPage
from projects.templatetags.partner_tags import alliances_of, partners_of
from tests.factories import (
    BodyPageFactory,
    ProjectPageFactory,
    UserFactory,
    artefact,
    editor_of,
    staff_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return editor_of(BodyPageFactory(title="Auental"), email="olga@auental.example", first_name="Olga")


@pytest.fixture
def project(owner: User) -> ProjectPage:
    found: ProjectPage = ProjectPageFactory(
        parent=body_of(owner),
        title="Parkausweis",
        openness=Openness.PARTNERS,
        partner_note="Wir bieten den Quelltext.",
        partner_need="Wir brauchen jemanden für den Betrieb.",
        contact_email="kontakt@auental.example",
        children={"artefacts": [artefact(title="Lastenheft")]},
    )
    return found


@pytest.fixture
def asker() -> User:
    return editor_of(BodyPageFactory(title="Bergheim"), email="bert@bergheim.example", last_name="Berg")


def body_of(person: User) -> BodyPage:
    return BodyPage.objects.get(team__group__user=person)


def asked(project: ProjectPage, asker: User, message: str = "Wir betreiben schon einen.") -> Partnership:
    return partners.express_interest(project, body_of(asker), asker, message)


def address_of(project: ProjectPage) -> str:
    return f"/projekte/{project.pk}/mitarbeit/"


def public_page(client: Client, project: ProjectPage) -> str:
    return str(client.get(project.url).content.decode())


def test_interest_is_mailed_once_to_the_people_of_the_project(project: ProjectPage, asker: User) -> None:
    first = asked(project, asker)
    assert asked(project, asker) == first
    [letter] = mail.outbox
    assert letter.to == ["olga@auental.example"]
    assert letter.extra_headers["Reply-To"] == "bert@bergheim.example"
    assert "Wir betreiben schon einen." in letter.body
    assert f"/admin/mitarbeit/{first.pk}/" in letter.body


def test_without_a_team_the_contact_and_the_deputy_are_told_and_without_them_the_staff(asker: User) -> None:
    staff_member(email="zentrum@example.org")
    named = ProjectPageFactory(contact_email="a@example.org", deputy_email="b@example.org")
    partners.express_interest(named, body_of(asker), asker)
    partners.express_interest(ProjectPageFactory(), body_of(asker), asker)
    assert [letter.to[0] for letter in mail.outbox] == ["a@example.org", "b@example.org", "zentrum@example.org"]


def test_no_body_takes_part_in_its_own_project(project: ProjectPage, owner: User) -> None:
    with pytest.raises(partners.OwnProjectError):
        partners.express_interest(project, body_of(owner), owner)


def test_assured_partner_stands_on_the_page_of_the_project_and_of_the_body(
    client: Client, project: ProjectPage, owner: User, asker: User
) -> None:
    found = asked(project, asker)
    assert "an Mitarbeit interessiert" in public_page(client, project)
    mail.outbox.clear()
    partners.assure(found, owner)
    html = public_page(client, project)
    assert "Bergheim" in html
    assert "Mitarbeit zugesichert" in html
    assert "Parkausweis" in client.get(found.body.url).content.decode()
    assert [letter.to for letter in mail.outbox] == [["bert@bergheim.example"]]


def test_declined_or_withdrawn_interest_is_shown_to_nobody(
    client: Client, project: ProjectPage, owner: User, asker: User
) -> None:
    partners.decline(asked(project, asker), owner, "Leider zu spät.")
    assert "Bergheim" not in public_page(client, project)
    assert "Leider zu spät." in mail.outbox[-1].body
    found = asked(project, asker, "Und jetzt?")
    assert (found.state, found.message, found.decided_at) == (PartnerState.INTERESTED, "Und jetzt?", None)
    partners.withdraw(found, asker)
    assert "Bergheim" not in public_page(client, project)
    assert mail.outbox[-1].to == ["olga@auental.example"]


def test_what_is_decided_is_not_decided_again(project: ProjectPage, owner: User, asker: User) -> None:
    found = asked(project, asker)
    partners.assure(found, owner)
    mail.outbox.clear()
    with pytest.raises(partners.DecidedError):
        partners.decline(found, owner)
    assert asked(project, asker).state == PartnerState.ASSURED
    partners.withdraw(found, owner)
    with pytest.raises(partners.DecidedError):
        partners.withdraw(found, asker)
    assert [letter.to for letter in mail.outbox] == [["bert@bergheim.example"]]


def test_asking_and_withdrawing_in_turn_ends_with_few_letters(
    client: Client, project: ProjectPage, asker: User
) -> None:
    client.force_login(asker)
    for _turn in range(partners.ASKED_A_DAY):
        client.post(address_of(project), {"body": body_of(asker).pk, "message": "Wir kommen mit."})
        client.post(address_of(project), {"withdraw": Partnership.objects.get().pk})
    assert len(mail.outbox) == 2 * partners.ASKED_A_DAY
    html = client.post(address_of(project), {"body": body_of(asker).pk, "message": "Und noch mal."}).content.decode()
    assert "morgen wieder" in html
    assert "Und noch mal." in html, "nothing typed is lost"
    assert Partnership.objects.get().state == PartnerState.WITHDRAWN
    assert len(mail.outbox) == 2 * partners.ASKED_A_DAY
    other = ProjectPageFactory(contact_email="c@example.org")
    assert asked(other, asker).state == PartnerState.INTERESTED
    PageLogEntry.objects.update(timestamp=timezone.now() - timedelta(days=1, minutes=1))
    assert asked(project, asker).state == PartnerState.INTERESTED


def test_one_person_asks_only_so_many_projects_a_day(client: Client, asker: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "take_part": "1/d/user"}
    client.force_login(asker)
    for number in range(2):
        other = ProjectPageFactory(contact_email=f"c{number}@example.org")
        answer = client.post(address_of(other), {"body": body_of(asker).pk, "message": ""})
    assert "später" in answer.content.decode()
    assert [letter.to for letter in mail.outbox] == [["c0@example.org"]]


def test_partner_offers_and_withdraws_on_the_page(client: Client, project: ProjectPage, asker: User) -> None:
    assert client.get(address_of(project)).headers["Location"].startswith("/konto/anmelden/")
    client.force_login(UserFactory())
    assert client.get(address_of(project)).status_code == 403
    client.force_login(asker)
    html = client.get(address_of(project)).content.decode()
    assert "Wir brauchen jemanden für den Betrieb." in html
    client.post(address_of(project), {"body": body_of(asker).pk, "message": "Gern."})
    found = Partnership.objects.get()
    assert (found.state, found.asked_by) == (PartnerState.INTERESTED, asker)
    answer = client.get(address_of(project))
    assert 'name="body"' not in answer.content.decode(), "the only body of this person has asked already"
    assert "no-store" in answer.headers["Cache-Control"]
    client.post(address_of(project), {"withdraw": found.pk})
    found.refresh_from_db()
    assert found.state == PartnerState.WITHDRAWN


def test_nobody_speaks_for_another_body(client: Client, project: ProjectPage, asker: User) -> None:
    other = BodyPageFactory()
    client.force_login(asker)
    assert "body" in client.post(address_of(project), {"body": other.pk}).context["form"].errors
    found = partners.express_interest(project, other, editor_of(other))
    assert client.post(address_of(project), {"withdraw": found.pk}).status_code == 404


def test_project_of_members_is_unknown_to_those_who_may_not_read_it(client: Client, asker: User) -> None:
    hidden = ProjectPageFactory()
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(f"/projekte/{hidden.pk}/kontakt/").status_code == 404
    client.force_login(asker)
    assert client.get(f"/projekte/{hidden.pk}/kontakt/").status_code == 200
    assert client.get(address_of(hidden)).status_code == 200
    partners.assure(partners.express_interest(hidden, body_of(asker), asker), staff_member())
    assertNotContains(Client().get(body_of(asker).url), hidden.title)


def test_it_waits_for_the_people_of_the_project_and_for_nobody_else(
    client: Client, project: ProjectPage, owner: User, asker: User
) -> None:
    found = asked(project, asker)
    address = f"/admin/mitarbeit/{found.pk}/"
    assert address in [task.url for task in tasks_for(owner)]
    assert address not in [task.url for task in tasks_for(asker)]
    client.force_login(asker)
    assert client.get(address).status_code == 302
    client.force_login(owner)
    assert "Wir betreiben schon einen." in client.get(address).content.decode()
    client.post(address, {"assure": "1"})
    assert Partnership.objects.get().state == PartnerState.ASSURED
    assert tasks_for(owner) == []
    answer = client.post(address, {"decline": "1"}, follow=True)
    assert "schon" in answer.content.decode()


def test_erased_person_leaves_the_partnership_without_words(project: ProjectPage, asker: User) -> None:
    found = asked(project, asker)
    erase(asker)
    found.refresh_from_db()
    assert (found.asked_by, found.message, found.state) == (None, "", PartnerState.INTERESTED)


# --- alliances --------------------------------------------------------------------------------------------------------


def begun(project: ProjectPage, owner: User, asker: User) -> AlliancePage:
    partnership = partners.assure(asked(project, asker), owner)
    return alliances.begin(partnership, owner)[0]


def test_alliance_begins_with_what_is_known_and_only_once(
    client: Client, project: ProjectPage, owner: User, asker: User
) -> None:
    found = asked(project, asker)
    client.force_login(owner)
    client.post(f"/admin/mitarbeit/{found.pk}/", {"alliance": "1"})
    assert not AlliancePage.objects.exists(), "nobody has assured anything yet"
    partners.assure(found, owner)
    answer = client.post(f"/admin/mitarbeit/{found.pk}/", {"alliance": "1"})
    page = AlliancePage.objects.get()
    assert answer.headers["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert not page.live
    assert page.get_parent().pk == body_of(owner).pk
    assert [member.body.title for member in page.members.all()] == ["Bergheim"]
    assert [shared.title for shared in page.artefacts.all()] == ["Lastenheft"]
    client.post(f"/admin/mitarbeit/{found.pk}/", {"alliance": "1"})
    assert AlliancePage.objects.count() == 1


def form_values(page: AlliancePage, project: ProjectPage, **more: Any) -> dict[str, Any]:
    member = page.members.get()
    return {
        "title": page.title,
        "slug": page.slug,
        "summary": "Ein Parkausweis für alle.",
        "body-count": "0",
        "projects": [project.pk],
        "artefacts": [project.artefacts.get().pk],
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "1",
        "members-0-id": member.pk,
        "members-0-body": member.body_id,
        "members-0-role": "Betrieb",
        "members-0-ORDER": "1",
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "0",
        "steps-0-title": "Erster Test",
        "steps-0-due_on": "2027-03-01",
        "steps-0-state": "geplant",
        "steps-0-ORDER": "1",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **more,
    }


def test_people_of_the_lead_edit_and_publish_the_alliance(
    client: Client, project: ProjectPage, owner: User, asker: User
) -> None:
    page = begun(project, owner, asker)
    set_direct_publishing(body_of(owner).team, True)
    client.force_login(owner)
    edit = f"/admin/pages/{page.pk}/edit/"
    assert "Lastenheft – Parkausweis" in client.get(edit).content.decode()
    answer = client.post(edit, form_values(page, project, **{"action-publish": "1"}))
    assert answer.status_code == 302, answer.context["form"].errors
    html = Client().get(AlliancePage.objects.get().url).content.decode()
    for text in ("Ein Parkausweis für alle.", "Auental", "Bergheim", "Betrieb", "Lastenheft", "Erster Test"):
        assert text in html
    assert "Allianz: Parkausweis" in Client().get(project.url).content.decode()
    assert "Allianz: Parkausweis" in Client().get(body_of(asker).url).content.decode()
    client.force_login(asker)
    assert client.get(edit).status_code == 302, "members that do not lead cannot edit"


def test_alliance_offers_projects_of_its_members_alone(
    client: Client, project: ProjectPage, owner: User, asker: User
) -> None:
    foreign = ProjectPageFactory()
    page = begun(project, owner, asker)
    client.force_login(owner)
    answer = client.post(f"/admin/pages/{page.pk}/edit/", form_values(page, project, projects=[foreign.pk]))
    assert "projects" in answer.context["form"].errors


def test_alliance_shows_nothing_of_a_project_that_is_not_public(project: ProjectPage, owner: User, asker: User) -> None:
    page = begun(project, owner, asker)
    page.get_latest_revision().publish()
    PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)
    shown = AlliancePage.objects.get()
    html = Client().get(shown.url).content.decode()
    assert shown.title in html
    assert "Lastenheft" not in html
    assert project.url not in html


def test_alliance_of_a_plan_is_read_by_members_alone_until_the_plan_is_public(
    project: ProjectPage, owner: User, asker: User
) -> None:
    PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)
    plan = Plan.objects.create(project=project, reported_by=owner, is_public_wanted=True)
    alliance = begun(project, owner, asker)
    alliance.get_latest_revision().publish()
    readable = AlliancePage.objects.filter(pk=alliance.pk)
    assert project.title in alliance.title
    assert (readable.readable().count(), readable.readable_by_members().count()) == (0, 1)
    plans.check(plan, staff_member())
    assert readable.readable().count() == 1


def test_alliances_are_not_counted_as_projects(project: ProjectPage, owner: User, asker: User) -> None:
    begun(project, owner, asker).get_latest_revision().publish()
    assert bodies_of(owner).with_project_counts().get().project_count == 1


def test_nobody_creates_an_alliance_without_a_partner(client: Client, owner: User) -> None:
    client.force_login(owner)
    body = body_of(owner)
    assert client.get(f"/admin/pages/add/projects/alliancepage/{body.pk}/").status_code in {302, 403}
    answer = client.get(f"/admin/pages/{body.pk}/add_subpage/")
    assert answer.headers["Location"] == f"/admin/pages/add/projects/projectpage/{body.pk}/", "no choice to be made"


def test_staff_check_an_alliance_of_a_team_that_does_not_publish_itself(
    client: Client, project: ProjectPage, owner: User, asker: User
) -> None:
    page = begun(project, owner, asker)
    state = page.get_workflow().start(page, owner)
    client.force_login(staff_member())
    html = client.get(f"/admin/pruefung/{state.current_task_state.pk}/").content.decode()
    assert "Bergheim" in html
    assert "Lastenheft" in html
    state.current_task_state.approve(user=staff_member())
    assert AlliancePage.objects.get().live


def test_project_that_was_never_saved_belongs_to_no_alliance(project: ProjectPage, owner: User, asker: User) -> None:
    page = begun(project, owner, asker)
    page.projects = []
    page.save_revision().publish()
    assert not alliances_of(ProjectPage())
    assert not partners_of(ProjectPage())
