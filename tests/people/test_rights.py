"""Editors see and change their own subtree; staff everything they keep; nobody else anything."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from people.models import StaffRight, User
from people.rights import STAFF_GROUP, STAFF_MODELS, permission, sync_staff_group
from tests.factories import (
    PASSWORD,
    BodyPageFactory,
    DocumentFactory,
    ProjectPageFactory,
    UserFactory,
    editor_of,
)

pytestmark = pytest.mark.django_db


def test_editor_cannot_change_another_bodys_project_by_post(client: Client) -> None:
    own, other = BodyPageFactory(), ProjectPageFactory()
    client.force_login(editor_of(own))
    answer = client.post(f"/admin/pages/{other.pk}/edit/", {"title": "Übernommen", "action-publish": "1"})
    assert answer.headers["Location"] == "/admin/"
    other.refresh_from_db()
    assert other.title != "Übernommen"


def test_editor_does_not_see_another_bodys_files(client: Client) -> None:
    own, other = BodyPageFactory(), BodyPageFactory()
    DocumentFactory(title="Fremde Akte", collection=other.team.collection)
    DocumentFactory(title="Eigene Akte", collection=own.team.collection)
    client.force_login(editor_of(own))
    html = client.get("/admin/documents/").content.decode()
    assert "Eigene Akte" in html
    assert "Fremde Akte" not in html


def test_new_body_gets_its_own_team() -> None:
    first, second = BodyPageFactory(), BodyPageFactory()
    assert first.team.group != second.team.group
    assert first.team.collection != second.team.collection


def test_group_goes_with_the_body() -> None:
    body = BodyPageFactory()
    group = body.team.group.pk
    body.delete()
    assert not Group.objects.filter(pk=group).exists()


def test_rights_taken_from_the_staff_stay_taken() -> None:
    group = Group.objects.get(name=STAFF_GROUP)
    group.permissions.clear()
    sync_staff_group()
    assert not group.permissions.exists()


def test_address_of_an_account_counts_whatever_its_capitals(client: Client) -> None:
    user = UserFactory(email="Erika@Beispiel.de")
    assert user.email == "erika@beispiel.de"
    assert User.objects.get_by_natural_key("ERIKA@beispiel.de") == user
    assert client.login(username="Erika@beispiel.DE", password=PASSWORD)


def test_account_without_address_is_refused() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


def test_later_version_gives_the_staff_its_new_rights_and_no_old_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    group = Group.objects.get(name=STAFF_GROUP)
    former = {label: dict(models) for label, models in STAFF_MODELS.items()}
    taken, new = permission("projects", "delete_licence"), permission("people", "view_team")
    group.permissions.remove(taken)
    monkeypatch.setitem(STAFF_MODELS, "people", {**former["people"], "team": "view"})
    for _repeated in range(2):
        sync_staff_group()
        held = set(group.permissions.all())
        assert new in held
        assert taken not in held


def test_group_from_before_rights_were_noted_gets_what_is_new_and_keeps_what_was_decided() -> None:
    group = Group.objects.get(name=STAFF_GROUP)
    StaffRight.objects.all().delete()
    taken, missing = permission("projects", "delete_licence"), permission("knowledge", "change_barrierreport")
    group.permissions.remove(taken, missing, permission("knowledge", "view_barrierreport"))
    sync_staff_group()
    held = set(group.permissions.all())
    assert missing in held
    assert taken not in held
