"""An association or Kreis acts for its members, once they agree, and no longer than they like."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from people.joining import representation
from people.models import RepresentationRequest, User
from people.rights import set_direct_publishing
from people.teams.teams import bodies_of
from projects.models import Association, BodyDocument, BodyKind, BodyPage, Municipality, ProjectPage
from tests.factories import (
    BodyPageFactory,
    DocumentFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    coordinator_of,
    editor_of,
    staff_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def association() -> BodyPage:
    district = MunicipalityFactory().district
    unit = Association.objects.create(
        name="Nord", full_name="Samtgemeinde Nord", kind="Samtgemeinde", key="039990001", district=district
    )
    body: BodyPage = BodyPageFactory(
        kind=BodyKind.ASSOCIATION, municipality=None, association=unit, title="Samtgemeinde Nord"
    )
    return body


@pytest.fixture
def member(association: BodyPage) -> BodyPage:
    unit = association.association
    assert unit
    body: BodyPage = BodyPageFactory(
        municipality=MunicipalityFactory(name="Dorf", district=unit.district, association=unit), title="Dorf"
    )
    return body


def ask(association: BodyPage, member: BodyPage) -> RepresentationRequest:
    return representation.ask(association.team, unit_of(member), coordinator_of(association), "Wir helfen gern.")


def unit_of(member: BodyPage) -> Municipality:
    assert member.municipality
    return member.municipality


def can_edit(user: User, page: Any) -> bool:
    return bool(page.permissions_for_user(User.objects.get(pk=user.pk)).can_edit())


def test_only_members_by_the_register_can_be_asked_for(association: BodyPage, member: BodyPage) -> None:
    stranger = MunicipalityFactory()
    assert list(representation.members_of(association)) == [member.municipality]
    with pytest.raises(ValueError, match="member"):
        representation.ask(association.team, stranger, coordinator_of(association))
    assert not representation.members_of(member).exists(), "a municipality has no members"


def test_kreis_may_ask_for_every_municipality_of_its_own(member: BodyPage) -> None:
    district = unit_of(member).district
    kreis = BodyPageFactory(kind=BodyKind.DISTRICT, municipality=None, district=district, title="Kreis")
    assert member.municipality in representation.members_of(kreis)
    assert MunicipalityFactory() not in representation.members_of(kreis)


def test_coordinator_asks_in_the_admin_and_the_members_coordinator_decides(
    client: Client, association: BodyPage, member: BodyPage
) -> None:
    asker, decider = coordinator_of(association), coordinator_of(member)
    client.force_login(asker)
    path = f"/admin/teams/{association.pk}/vertretung/"
    client.post(path, {"municipality": unit_of(member).pk, "message": "Wir helfen gern."})
    assert mail.outbox[-1].to == [decider.email]
    assert "Wir helfen gern." in str(mail.outbox[-1].body)
    number = RepresentationRequest.objects.get().pk
    decision = f"/admin/anfragen/vertretung/{number}/"
    assert client.post(decision, {"grant": "1"}).status_code in {302, 403}
    assert not association.team.acts_for.exists(), "who asks does not decide"
    client.force_login(decider)
    assert client.get("/admin/teams/").context["representation_requests"].get().pk == number
    client.post(decision, {"grant": "1"})
    assert list(association.team.acts_for.all()) == [member]
    assert mail.outbox[-1].to == [asker.email]


def test_people_of_the_association_edit_pages_and_files_but_do_not_publish(
    client: Client, association: BodyPage, member: BodyPage, media: Any
) -> None:
    user, project = editor_of(association), ProjectPageFactory(parent=member)
    document: BodyDocument = DocumentFactory(collection=member.team.collection)
    assert not can_edit(user, project)
    representation.grant(ask(association, member), staff_member())
    assert can_edit(user, project)
    assert not project.permissions_for_user(User.objects.get(pk=user.pk)).can_publish()
    assert member in bodies_of(user)
    client.force_login(user)
    assert client.get(f"/admin/documents/edit/{document.pk}/").status_code == 200
    assert client.get(f"/admin/pages/add/projects/projectpage/{member.pk}/").status_code == 200
    other = ProjectPageFactory()
    assert not can_edit(user, other)


def test_association_that_publishes_directly_does_so_for_its_members(association: BodyPage, member: BodyPage) -> None:
    user, project = editor_of(association), ProjectPageFactory(parent=member)
    set_direct_publishing(association.team, True)
    representation.grant(ask(association, member), staff_member())
    assert project.permissions_for_user(User.objects.get(pk=user.pk)).can_publish()


@pytest.mark.parametrize("side", ["association", "member", "staff"])
def test_either_side_ends_it_and_nothing_is_left(
    client: Client, association: BodyPage, member: BodyPage, side: str
) -> None:
    user, project = editor_of(association), ProjectPageFactory(parent=member)
    representation.grant(ask(association, member), staff_member())
    ending = {"association": coordinator_of(association), "member": coordinator_of(member), "staff": staff_member()}
    path = f"/admin/teams/{association.pk}/vertretung/{member.pk}/"
    client.force_login(editor_of(member))
    assert client.post(path).status_code in {302, 403}
    assert association.team.acts_for.exists()
    client.force_login(ending[side])
    assert client.get(path).status_code == 200
    client.post(path)
    assert not can_edit(user, project)
    assert not member.team.collection.group_permissions.filter(group=association.team.group).exists()
    assert not bodies_of(user).filter(pk=member.pk).exists()
    assert ProjectPage.objects.filter(pk=project.pk).exists()
    assert ending[side].email not in mail.outbox[-1].to


def test_staff_decide_for_a_member_without_a_page_which_then_gets_one(association: BodyPage) -> None:
    unit = association.association
    assert unit
    municipality = MunicipalityFactory(name="Weiler", district=unit.district, association=unit)
    staff = staff_member()
    request = representation.ask(association.team, municipality, coordinator_of(association))
    assert mail.outbox[-1].to == [staff.email]
    body = representation.grant(request, staff)
    assert (body.municipality, body.live) == (municipality, True)
    assert list(association.team.acts_for.all()) == [body]


def test_refusal_reaches_who_asked_with_its_reason(association: BodyPage, member: BodyPage, client: Client) -> None:
    request = ask(association, member)
    client.force_login(coordinator_of(member))
    client.post(f"/admin/anfragen/vertretung/{request.pk}/", {"refuse": "1", "reason": "Wir machen das selbst."})
    assert "Wir machen das selbst." in str(mail.outbox[-1].body)
    assert not association.team.acts_for.exists()


def test_same_member_is_asked_for_once_at_a_time(association: BodyPage, member: BodyPage) -> None:
    ask(association, member)
    with pytest.raises(ValueError, match="member"):
        ask(association, member)
