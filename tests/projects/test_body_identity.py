"""Who a page stands for is the staff's to say, and every entry of the register has one page: by every way in."""

import json
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import querydict_from_html

from people.models import User
from projects.models import BodyIndexPage, BodyKind, BodyPage, Municipality, State
from tests.factories import (
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    publisher_of,
    staff_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    """A municipality that an editor of another one would like to be."""
    return MunicipalityFactory(name="Nachbarstadt")


@pytest.fixture
def body() -> BodyPage:
    return BodyPageFactory()


def identity(body: BodyPage) -> tuple[Any, ...]:
    found = BodyPage.objects.get(pk=body.pk)
    return (
        found.kind,
        found.municipality_id,
        found.district_id,
        found.association_id,
        found.state_id,
        found.seat_state_id,
    )


def form_of(client: Client, body: BodyPage) -> Any:
    page = client.get(f"/admin/pages/{body.pk}/edit/")
    assert page.status_code == 200
    return querydict_from_html(page.content.decode(), form_id="page-edit-form")


def of_another(town: Municipality) -> dict[str, Any]:
    """Every field of the identity, as somebody would send it who wants to be the other one."""
    return {"kind": "municipality", "municipality": town.pk, "district": "", "association": "", "seat_state": "1"}


@pytest.mark.parametrize("who", [publisher_of, lambda _body: staff_member()], ids=["editor", "staff"])
def test_page_stays_who_it_is_whatever_its_form_is_sent(
    client: Client, body: BodyPage, town: Municipality, who: Any
) -> None:
    before = identity(body)
    client.force_login(who(body))
    sent = form_of(client, body)
    assert not {"kind", "municipality", "state", "seat_state"} & set(sent)
    sent.update({**of_another(town), "summary": "Neu gesagt.", "action-publish": "1"})
    assert client.post(f"/admin/pages/{body.pk}/edit/", sent).status_code == 302
    assert BodyPage.objects.get(pk=body.pk).summary == "Neu gesagt."
    assert identity(body) == before


def test_editor_sees_who_the_page_stands_for_and_who_can_change_it(client: Client, body: BodyPage) -> None:
    client.force_login(publisher_of(body))
    text = client.get(f"/admin/pages/{body.pk}/edit/").content.decode()
    assert body.municipality is not None
    assert body.municipality.ars in text
    assert "ändert das Kompetenzzentrum" in text
    assert f"/admin/stellen/{body.pk}/register/" not in text
    client.force_login(staff_member())
    assert f"/admin/stellen/{body.pk}/register/" in client.get(f"/admin/pages/{body.pk}/edit/").content.decode()


def test_what_is_wrong_with_it_is_said_in_the_form_that_cannot_change_it(client: Client, body: BodyPage) -> None:
    BodyPage.objects.filter(pk=body.pk).update(kind=BodyKind.DISTRICT)
    client.force_login(publisher_of(body))
    sent = form_of(client, body)
    sent.update({"summary": "Bleibt stehen.", "action-publish": "1"})
    answer = client.post(f"/admin/pages/{body.pk}/edit/", sent)
    assert answer.status_code == 200
    assert "Eintrag des Gemeindeverzeichnisses" in answer.content.decode()
    assert "Bleibt stehen." in answer.content.decode()


def test_neither_an_old_version_nor_a_draft_brings_another_identity_back(
    client: Client, body: BodyPage, town: Municipality
) -> None:
    before = identity(body)
    revision = body.save_revision()
    for content in (of_another(town), {"kind": "state", "state": State.objects.get(key="03").pk, "municipality": None}):
        revision.content = {**revision.content, **content}
        revision.save()
        revision.publish()
        assert identity(body) == before
    client.force_login(publisher_of(body))
    client.post(f"/admin/api/main/pages/{body.pk}/action/revert_to_page_revision/", {"revision_id": revision.pk})
    body.get_latest_revision().publish()
    assert identity(body) == before


def test_staff_change_it_at_once_and_it_is_in_the_history(client: Client, body: BodyPage, town: Municipality) -> None:
    draft = body.get_latest_revision_as_object()
    draft.summary = "Nur im Entwurf."
    draft.save_revision()
    client.force_login(staff_member())
    page = f"/admin/stellen/{body.pk}/register/"
    assert client.get(page).status_code == 200
    answer = client.post(page, {"kind": "municipality", "municipality": town.pk})
    assert answer.status_code == 302
    body = BodyPage.objects.get(pk=body.pk)
    assert (body.municipality, body.summary) == (town, "")
    assert body.get_latest_revision_as_object().municipality == town
    assert body.get_latest_revision_as_object().summary == "Nur im Entwurf."
    entry = PageLogEntry.objects.filter(page=body.pk, action="projects.body_identity").get()
    assert "Nachbarstadt" in entry.data["after"]


def test_editor_has_no_way_to_the_form_of_the_staff(client: Client, body: BodyPage, town: Municipality) -> None:
    before = identity(body)
    client.force_login(publisher_of(body))
    answer = client.post(f"/admin/stellen/{body.pk}/register/", of_another(town))
    assert answer.status_code in {302, 403}
    assert identity(body) == before


@pytest.mark.parametrize("is_live", [True, False])
def test_second_page_of_a_unit_is_refused_beside_the_field_with_the_name_of_the_first(
    client: Client, body: BodyPage, town: Municipality, is_live: bool
) -> None:
    first = BodyPageFactory(municipality=town, title="Nachbarstadt am Fluss", live=is_live)
    client.force_login(staff_member())
    forms = [client.post(f"/admin/stellen/{body.pk}/register/", {"kind": "municipality", "municipality": town.pk})]
    new = {"title": "Zweite", "slug": "zweite", **of_another(town), "seat_state": "", "about-count": "0"}
    forms.append(client.post(f"/admin/pages/add/projects/bodypage/{BodyIndexPage.objects.get().pk}/", new))
    for answer in forms:
        assert answer.status_code == 200
        assert "Nachbarstadt am Fluss" in str(answer.context["form"].errors["municipality"])
    assert BodyPage.objects.filter(municipality=town).get() == first


def test_database_refuses_a_second_page_too(body: BodyPage, town: Municipality) -> None:
    BodyPageFactory(municipality=town)
    with pytest.raises(IntegrityError), transaction.atomic():
        BodyPage.objects.filter(pk=body.pk).update(municipality=town)
    with pytest.raises(ValidationError):
        BodyPageFactory(municipality=town)


def test_body_cannot_be_copied(client: Client, body: BodyPage) -> None:
    project = ProjectPageFactory(parent=body)
    user: User = staff_member()
    client.force_login(user)
    index = body.get_parent()
    sent = {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": index.pk}
    for further in ({}, {"alias": "on"}, {"copy_subpages": "on", "publish_copies": "on"}):
        answer = client.post(f"/admin/pages/{body.pk}/copy/", {**sent, **further}, follow=True)
        assert answer.status_code == 200
        assert "kann nicht kopiert werden" in answer.content.decode()
    for name in ("copy", "create_alias"):
        told = json.dumps({"recursive": True, "slug": "kopie", "update_slug": "kopie"})
        answer = client.post(f"/admin/api/main/pages/{body.pk}/action/{name}/", told, content_type="application/json")
        assert answer.status_code == 400, answer.content
    for is_live in (True, False):
        action = CopyPageAction(body, to=index, update_attrs={"slug": "kopie"}, user=user, keep_live=is_live)
        with pytest.raises(ValidationError):
            action.execute()
    assert BodyPage.objects.count() == 1
    assert client.get(f"/admin/pages/{project.pk}/copy/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_migration_leaves_one_page_for_each_unit_and_takes_nothing_from_the_others() -> None:
    # Its models of today need the columns of later migrations: only what this one is about is taken back.
    constraints = list(BodyPage._meta.constraints)
    one_page = [one for one in constraints if one.name.startswith("one_page_per_")]
    assert len(one_page) == 4
    BodyPage._meta.constraints = [one for one in constraints if one not in one_page]
    with connection.schema_editor() as editor:
        for constraint in one_page:
            editor.remove_constraint(BodyPage, constraint)
    try:
        town, kreis = MunicipalityFactory(name="Nachbarstadt"), DistrictFactory(name="Kreis")
        taken_down = BodyPageFactory(municipality=MunicipalityFactory(), live=False, title="Nachbarstadt")
        impostor = BodyPageFactory(municipality=MunicipalityFactory(), title="Andernorts")
        own = BodyPageFactory(municipality=town, title="Nachbarstadt")
        BodyPage.objects.filter(pk__in=[impostor.pk, taken_down.pk]).update(municipality=town)
        first = BodyPageFactory(kind=BodyKind.DISTRICT, municipality=None, district=kreis, title="Erste")
        second = BodyPageFactory(municipality=MunicipalityFactory(), title="Zweite")
        BodyPage.objects.filter(pk=second.pk).update(municipality=None, district=kreis, kind=BodyKind.DISTRICT)
    finally:
        with connection.schema_editor() as editor:
            import_module("projects.migrations.0011_separate_bodies").separate(apps, editor)
        BodyPage._meta.constraints = constraints
        with connection.schema_editor() as editor:
            for constraint in one_page:
                editor.add_constraint(BodyPage, constraint)
    assert BodyPage.objects.filter(municipality=town).get() == own
    assert BodyPage.objects.filter(district=kreis).get() == first
    for page in (impostor, taken_down, second):
        left = BodyPage.objects.get(pk=page.pk)
        assert (left.live, left.unit, left.seat_state) == (page.live, None, State.objects.get(key="03"))
        left.full_clean()
