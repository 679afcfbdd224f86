"""Orphaned entries find new people: a body offers, staff or the owner's coordinator decide, the files move along."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from people.freshness import takeover
from people.models import TakeoverRequest, User
from people.privacy import retention
from people.teams.teams import people_of
from projects.models import BodyPage, Freshness, FreshnessState, Partnership, PartnerState, ProjectPage
from tests.factories import (
    BodyPageFactory,
    DocumentFactory,
    ProjectPageFactory,
    UserFactory,
    artefact,
    coordinator_of,
    editor_of,
    staff_member,
)
from tests.people.ageing import orphaned

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> ProjectPage:
    found: ProjectPage = ProjectPageFactory(title="Ampel", slug="ampel")
    orphaned(found)
    return found


@pytest.fixture
def taker() -> User:
    return editor_of(BodyPageFactory(title="Auental"), first_name="Ada", last_name="Alt", email="ada@auental.example")


def body_of(person: User) -> BodyPage:
    return BodyPage.objects.get(team__group__user=person)


def offered(project: ProjectPage, taker: User) -> TakeoverRequest:
    return takeover.offer(project, body_of(taker), taker, "Wir nutzen sie.")


def address_of(project: ProjectPage) -> str:
    return f"/projekt-uebernehmen/{project.pk}/"


def moved(project: ProjectPage) -> ProjectPage:
    return ProjectPage.objects.get(pk=project.pk)


def test_only_orphaned_entries_can_be_taken_over(client: Client) -> None:
    alive = ProjectPageFactory()
    assert client.get(address_of(alive)).headers["Location"] == alive.url, "as for the second who offers"
    for number in (0, "9" * 30):
        assert client.get(f"/projekt-uebernehmen/{number}/").status_code == 404


def test_stranger_learns_how_to_join(client: Client, project: ProjectPage) -> None:
    html = client.get(address_of(project)).content.decode()
    assert f"/konto/anmelden/?next={address_of(project)}" in html
    assert "/mitmachen/" in html
    client.force_login(UserFactory())
    assert "/mitmachen/" in client.get(address_of(project)).content.decode()


def test_orphaned_plan_is_offered_to_members_alone_and_stays_theirs_to_read(
    client: Client, project: ProjectPage, taker: User
) -> None:
    PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)
    assert client.get(address_of(project)).status_code == 404
    client.force_login(UserFactory())
    assert client.get(address_of(project)).status_code == 404, "an account without a body is no member"
    client.force_login(taker)
    assert address_of(project) in client.get(project.url).content.decode()
    client.post(address_of(project), {"body": body_of(taker).pk, "message": "Wir wollen das auch."})
    takeover.grant(TakeoverRequest.objects.get(), staff_member())
    assert moved(project).public_body == body_of(taker)
    assert not ProjectPage.objects.readable().filter(pk=project.pk).exists()
    assert ProjectPage.objects.readable_by_members().filter(pk=project.pk).exists()


def test_editor_of_the_body_is_led_to_the_editor(client: Client, project: ProjectPage) -> None:
    client.force_login(editor_of(project.public_body))
    assert client.get(address_of(project))["Location"] == f"/admin/pages/{project.pk}/edit/"


def test_offer_reaches_staff_and_coordinators_once(client: Client, project: ProjectPage, taker: User) -> None:
    deciding = {staff_member().email, coordinator_of(project.public_body).email}
    editor_of(project.public_body)
    client.force_login(taker)
    for _attempt in range(2):
        client.post(address_of(project), {"body": body_of(taker).pk, "message": "Wir nutzen sie."})
    assert {letter.to[0] for letter in mail.outbox} == deciding
    assert len(mail.outbox) == 2
    assert TakeoverRequest.objects.get().message == "Wir nutzen sie."


def test_nobody_offers_for_a_body_of_others(client: Client, project: ProjectPage, taker: User) -> None:
    client.force_login(taker)
    for body in (BodyPageFactory(), project.public_body):
        assert "body" in client.post(address_of(project), {"body": body.pk}).context["form"].errors
    assert not TakeoverRequest.objects.exists()


def test_only_staff_and_the_owners_coordinator_decide(client: Client, project: ProjectPage, taker: User) -> None:
    address = f"/admin/uebernahme/{offered(project, taker).pk}/"
    for person in (taker, editor_of(project.public_body), coordinator_of(body_of(taker))):
        client.force_login(person)
        client.post(address, {"grant": "1"})
        assert moved(project).public_body == project.public_body
    for person in (staff_member(), coordinator_of(project.public_body)):
        client.force_login(person)
        assert client.get(address).status_code == 200
    client.post(address, {"grant": "1"})
    assert moved(project).public_body == body_of(taker)


def test_granted_entry_moves_and_names_the_new_contact(project: ProjectPage, taker: User) -> None:
    former = editor_of(project.public_body)
    project.save_revision()
    takeover.grant(offered(project, taker), staff_member())
    found = moved(project)
    assert found.public_body == body_of(taker)
    assert (found.contact_name, found.contact_email) == ("Ada Alt", "ada@auental.example")
    assert found.get_latest_revision_as_object().contact_email == "ada@auental.example"
    assert found.live
    assert found.permissions_for_user(taker).can_edit()
    assert not found.permissions_for_user(former).can_edit()
    assert {letter.to[0] for letter in mail.outbox} >= {taker.email, former.email}


def test_whoever_takes_over_is_no_partner_of_its_own_project(project: ProjectPage, taker: User) -> None:
    other = BodyPageFactory()
    for body in (body_of(taker), other):
        Partnership.objects.create(project=project, body=body, state=PartnerState.ASSURED)
    takeover.grant(offered(project, taker), staff_member())
    assert [found.body for found in Partnership.objects.all()] == [other]


def test_entry_taken_over_is_to_be_confirmed_by_its_new_people(project: ProjectPage, taker: User) -> None:
    takeover.grant(offered(project, taker), staff_member())
    entry = Freshness.objects.get(page_id=project.pk)
    assert (entry.state, entry.reminders) == (FreshnessState.DUE, 0)


@pytest.mark.usefixtures("wagtail_indexes")
def test_files_move_along_unless_others_need_them(taker: User) -> None:
    owner = BodyPageFactory()
    own, shared = (DocumentFactory(title=title, collection=owner.team.collection) for title in ("Eigenes", "Geteiltes"))
    children = {"artefacts": [artefact(file=own), artefact(file=shared)]}
    project = ProjectPageFactory(parent=owner, children=children)
    ProjectPageFactory(parent=owner, children={"artefacts": [artefact(file=shared)]})
    orphaned(project)
    left = takeover.grant(offered(project, taker), staff_member())
    for file in (own, shared):
        file.refresh_from_db()
    assert left == ["Geteiltes"]
    assert own.collection == body_of(taker).team.collection
    assert shared.collection == owner.team.collection


@pytest.mark.usefixtures("wagtail_indexes")
def test_files_come_along_however_a_page_is_moved(client: Client, project: ProjectPage) -> None:
    owner, body = project.public_body, BodyPageFactory()
    own = DocumentFactory(collection=owner.team.collection)
    moved = ProjectPageFactory(parent=owner, children={"artefacts": [artefact(file=own)]})
    client.force_login(staff_member())
    assert client.post(f"/admin/pages/{moved.pk}/move/{body.pk}/confirm/").status_code == 302
    own.refresh_from_db()
    assert own.collection == body.team.collection
    client.logout()
    assert client.get(own.url).status_code == 200


def test_same_address_in_the_new_body_gets_a_number(project: ProjectPage, taker: User) -> None:
    ProjectPageFactory(parent=body_of(taker), slug="ampel")
    project.save_revision()
    takeover.grant(offered(project, taker), staff_member())
    assert moved(project).slug == "ampel-2"
    assert moved(project).get_latest_revision_as_object().slug == "ampel-2", "no draft brings the old one back"


def test_refusal_says_why_and_leaves_the_entry(client: Client, project: ProjectPage, taker: User) -> None:
    client.force_login(staff_member())
    client.post(f"/admin/uebernahme/{offered(project, taker).pk}/", {"refuse": "1", "reason": "Wir klären das."})
    assert moved(project).public_body == project.public_body
    assert mail.outbox[-1].to == [taker.email]
    assert "Wir klären das." in str(mail.outbox[-1].body)
    assert not TakeoverRequest.objects.undecided().exists()


def test_decided_offers_are_not_kept_for_ever(project: ProjectPage, taker: User) -> None:
    found = offered(project, taker)
    found.decide(is_granted=False)
    TakeoverRequest.objects.update(decided_at=timezone.now() - timedelta(days=4_000))
    retention.apply()
    assert not TakeoverRequest.objects.exists()


def test_second_offer_ends_with_the_first_that_is_granted(project: ProjectPage, taker: User) -> None:
    other = editor_of(BodyPageFactory())
    offered(project, other)
    takeover.grant(offered(project, taker), staff_member())
    assert not TakeoverRequest.objects.undecided().exists()
    assert other.email in {letter.to[0] for letter in mail.outbox}


def test_staff_give_an_entry_to_another_body_without_an_offer(client: Client, project: ProjectPage) -> None:
    target = BodyPageFactory()
    address = f"/admin/aktualitaet/{project.pk}/vergeben/"
    client.force_login(coordinator_of(project.public_body))
    client.post(address, {"body": target.pk})
    assert moved(project).public_body == project.public_body
    client.force_login(staff_member())
    assert "werden per E-Mail verständigt" in client.get(address).content.decode()
    client.post(address, {"body": project.public_body.pk})
    client.post(address, {"body": target.pk})
    assert moved(project).public_body == target


def test_no_letter_is_promised_to_a_body_with_nobody(client: Client, project: ProjectPage) -> None:
    people_of(project.public_body).delete()
    client.force_login(staff_member())
    address = f"/admin/aktualitaet/{project.pk}/vergeben/"
    text = client.get(address).content.decode()
    assert "erhält niemand eine E-Mail" in text
    assert "verständigt" not in text
    mail.outbox.clear()
    client.post(address, {"body": BodyPageFactory().pk})
    assert mail.outbox == []


def test_report_is_for_staff_and_finds_orphans(client: Client, project: ProjectPage) -> None:
    fresh = ProjectPageFactory(title="Frisch bestätigt")
    client.force_login(editor_of(project.public_body))
    assert client.get("/admin/aktualitaet/").status_code == 302
    client.force_login(staff_member())
    everything = client.get("/admin/aktualitaet/").content.decode()
    assert project.title in everything
    assert fresh.title in everything
    orphans = client.get("/admin/aktualitaet/?state=verwaist").content.decode()
    assert project.title in orphans
    assert project.public_body.title in orphans
    assert fresh.title not in orphans
    assert client.get("/admin/aktualitaet/?export=csv").status_code == 200
