"""Municipal reform: the successor goes on with everything, nothing is lost, old addresses lead on."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from matching.models import Demand, DemandSupport
from people.joining.invitations import LINKS, invitation_of, token_for
from people.joining.representation import begin
from people.models import Invitation, TakeoverRequest
from people.reform.succession import carry_out, plan
from people.rights import set_direct_publishing
from projects.models import (
    AllianceMember,
    AlliancePage,
    BodyDocument,
    BodyPage,
    Municipality,
    Partnership,
    PartnerState,
    ProjectPage,
)
from projects.templatetags.partner_tags import partners_of
from tests.factories import (
    BodyPageFactory,
    DocumentFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    artefact,
    coordinator_of,
    editor_of,
    staff_member,
)
from tests.people.ageing import orphaned

pytestmark = pytest.mark.django_db

LAST_DAY = datetime.date(2025, 12, 31)


def municipality(body: BodyPage) -> Municipality:
    assert body.municipality
    return body.municipality


def succeed(body: BodyPage, successor: Municipality) -> None:
    carry_out(plan(municipality(body), successor), LAST_DAY, staff_member())


@pytest.fixture
def old() -> BodyPage:
    return BodyPageFactory(slug="altdorf", title="Altdorf")


@pytest.fixture
def new() -> BodyPage:
    return BodyPageFactory(slug="neustadt", title="Neustadt")


def test_register_keeps_the_old_municipality_and_names_its_successor(old: BodyPage, new: BodyPage) -> None:
    succeed(old, municipality(new))
    ended = Municipality.objects.get(pk=municipality(old).pk)
    assert (ended.valid_to, ended.successor) == (LAST_DAY, municipality(new))


def test_projects_are_found_at_old_and_new_address(
    old: BodyPage, new: BodyPage, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = ProjectPageFactory(parent=old, slug="melder")
    ProjectPageFactory(parent=new, slug="melder")
    with django_capture_on_commit_callbacks(execute=True):
        succeed(old, municipality(new))
    response = client.get("/kommunen/altdorf/melder/", follow=True)
    assert response.redirect_chain == [("/kommunen/neustadt/melder-altdorf/", 301)]
    assert response.context["page"].pk == page.pk
    assert client.get("/kommunen/altdorf/").headers["Location"] == "/kommunen/neustadt/"
    assert client.get("/kommunen/neustadt/melder/").status_code == 200


def test_draft_of_a_renamed_address_can_still_be_published(old: BodyPage, new: BodyPage) -> None:
    page = ProjectPageFactory(parent=old, slug="melder")
    page.title = "Überarbeitet"
    page.save_revision()
    ProjectPageFactory(parent=new, slug="melder")
    succeed(old, municipality(new))
    ProjectPage.objects.get(pk=page.pk).get_latest_revision().publish()
    assert ProjectPage.objects.get(pk=page.pk).title == "Überarbeitet"


@pytest.mark.usefixtures("wagtail_indexes")
def test_files_go_along_and_stay_public(
    old: BodyPage, new: BodyPage, client: Client, media: Any, django_capture_on_commit_callbacks: Any
) -> None:
    document = DocumentFactory(collection=old.team.collection)
    with django_capture_on_commit_callbacks(execute=True):
        ProjectPageFactory(parent=old, children={"artefacts": [artefact(file=document)]})
    succeed(old, municipality(new))
    assert BodyDocument.objects.get().collection == new.team.collection
    assert client.get(document.url).status_code == 200


def test_people_work_for_the_successor_and_see_its_projects(old: BodyPage, new: BodyPage, client: Client) -> None:
    editor, coordinator = editor_of(old), coordinator_of(old)
    page = ProjectPageFactory(parent=old)
    succeed(old, municipality(new))
    assert set(new.team.group.user_set.all()) >= {editor, coordinator}
    assert coordinator in new.team.coordinators.all()
    assert not old.team.group.user_set.exists()
    client.force_login(editor)
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200


def test_people_get_no_more_rights_than_the_successor_has(old: BodyPage, new: BodyPage) -> None:
    set_direct_publishing(old.team, True)
    editor, page = editor_of(old), ProjectPageFactory(parent=old)
    succeed(old, municipality(new))
    rights = ProjectPage.objects.get(pk=page.pk).permissions_for_user(editor)
    assert (rights.can_edit(), rights.can_publish()) == (True, False)


def test_successor_without_a_page_gets_the_page_of_the_old_one(old: BodyPage, client: Client) -> None:
    successor = MunicipalityFactory(name="Neuland")
    old.title = municipality(old).name
    old.save_revision().publish()
    succeed(old, successor)
    page = BodyPage.objects.get(pk=old.pk)
    assert (page.municipality, page.title, page.slug) == (successor, "Neuland", "altdorf")
    assert "Neuland" in client.get("/kommunen/altdorf/").content.decode()
    page.get_latest_revision().publish()
    assert BodyPage.objects.get(pk=old.pk).municipality == successor


def test_municipality_cannot_succeed_itself_even_in_the_end() -> None:
    first, second = MunicipalityFactory(), MunicipalityFactory()
    second.successor = first
    second.save()
    for successor in (first, second):
        with pytest.raises(ValueError, match="successor"):
            plan(first, successor)


def test_staff_see_what_happens_before_it_does(old: BodyPage, new: BodyPage, client: Client) -> None:
    ProjectPageFactory(parent=old)
    client.force_login(staff_member())
    path = f"/admin/gebietsreform/{municipality(old).pk}/"
    values = {"successor": municipality(new).pk, "ended_on": "31.12.2025"}
    assert client.get(path).status_code == 200
    response = client.post(path, values)
    assert response.context["plan"].projects == 1
    # What cannot be undone stands there in words, so that a slip is seen.
    assert "31. Dezember 2025" in response.content.decode()
    assert BodyPage.objects.get(pk=old.pk).live
    assert client.post(path, {**values, "confirm": "1"}).status_code == 302
    assert not BodyPage.objects.get(pk=old.pk).live
    assert Municipality.objects.get(pk=municipality(old).pk).valid_to == LAST_DAY
    again = client.get(path, follow=True)
    assert "ist schon erledigt" in again.content.decode()


def test_day_to_come_and_missing_successor_are_refused(old: BodyPage, client: Client) -> None:
    client.force_login(staff_member())
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    response = client.post(
        f"/admin/gebietsreform/{municipality(old).pk}/",
        {"successor": "", "ended_on": tomorrow.isoformat(), "confirm": "1"},
    )
    assert set(response.context["form"].errors) == {"successor", "ended_on"}


def test_a_last_day_that_is_not_understood_carries_nothing_out(old: BodyPage, new: BodyPage, client: Client) -> None:
    client.force_login(staff_member())
    values = {"successor": municipality(new).pk, "ended_on": "31.02.2025", "confirm": "1"}
    response = client.post(f"/admin/gebietsreform/{municipality(old).pk}/", values)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"ended_on"}
    assert 'value="31.02.2025"' in response.content.decode()
    assert BodyPage.objects.get(pk=old.pk).live


def test_editors_are_kept_out(old: BodyPage, client: Client) -> None:
    client.force_login(coordinator_of(old))
    assert client.get(f"/admin/gebietsreform/{municipality(old).pk}/").status_code in {302, 403}


def test_who_acts_for_whom_and_open_invitations_go_along(old: BodyPage, new: BodyPage) -> None:
    helper, helped = BodyPageFactory(), BodyPageFactory()
    staff = staff_member()
    begin(helper.team, old, staff)
    begin(old.team, helped, staff)
    asked = Invitation.objects.create(team=old.team, email="neu@altdorf.example")
    Invitation.objects.create(team=old.team, email="beide@altdorf.example")
    kept = Invitation.objects.create(team=new.team, email="beide@altdorf.example")
    token = LINKS.sign(token_for(asked))
    succeed(old, municipality(new))
    assert list(helper.team.acts_for.all()) == [new]
    assert list(new.team.acts_for.all()) == [helped]
    assert not old.team.acts_for.exists()
    assert new.permissions_for_user(editor_of(helper)).can_edit()
    assert not BodyPage.objects.get(pk=old.pk).permissions_for_user(editor_of(helper)).can_edit()
    assert helped.permissions_for_user(editor_of(new)).can_edit()
    assert not helped.permissions_for_user(editor_of(old)).can_edit()
    found = invitation_of(token)
    assert found
    assert found.team == new.team
    assert set(Invitation.objects.all()) == {asked, kept}


# --- what it does with others -----------------------------------------------------------------------------------------


def take_part(project: ProjectPage, body: BodyPage, state: PartnerState = PartnerState.ASSURED) -> Partnership:
    found: Partnership = Partnership.objects.create(project=project, body=body, state=state)
    return found


def test_successor_takes_part_where_the_old_body_did(old: BodyPage, new: BodyPage, client: Client) -> None:
    project = ProjectPageFactory(title="Parkausweis")
    take_part(project, old)
    page = AlliancePage(title="Allianz", slug="allianz", members=[AllianceMember(body=old)])
    project.public_body.add_child(instance=page)
    page.save_revision().publish()
    succeed(old, municipality(new))
    assert partners_of(project)[0].body == new
    assert "Parkausweis" in client.get(new.url).content.decode()
    assert [member.body for member in AlliancePage.objects.get().other_members()] == [new]
    AlliancePage.objects.get().get_latest_revision().publish()
    assert [member.body for member in AlliancePage.objects.get().other_members()] == [new]


@pytest.mark.parametrize(
    ("former", "own", "stays"),
    [
        (PartnerState.ASSURED, PartnerState.INTERESTED, PartnerState.ASSURED),
        (PartnerState.INTERESTED, PartnerState.WITHDRAWN, PartnerState.INTERESTED),
        (PartnerState.INTERESTED, PartnerState.ASSURED, PartnerState.ASSURED),
        (PartnerState.DECLINED, PartnerState.INTERESTED, PartnerState.INTERESTED),
    ],
)
def test_of_two_partnerships_the_one_that_binds_more_stays(
    old: BodyPage, new: BodyPage, former: PartnerState, own: PartnerState, stays: PartnerState
) -> None:
    project = ProjectPageFactory()
    take_part(project, old, former)
    take_part(project, new, own)
    succeed(old, municipality(new))
    assert [(found.body, found.state) for found in Partnership.objects.all()] == [(new, stays)]


def test_nobody_takes_part_in_what_is_its_own_after_the_reform(old: BodyPage, new: BodyPage) -> None:
    of_old, of_new = ProjectPageFactory(parent=old), ProjectPageFactory(parent=new)
    take_part(of_old, new)
    take_part(of_new, old)
    orphaned(of_old)
    TakeoverRequest.objects.create(project=of_old, body=new, asked_by=editor_of(new))
    succeed(old, municipality(new))
    assert not Partnership.objects.exists()
    assert not TakeoverRequest.objects.exists()


def test_successor_needs_and_offers_what_the_old_body_did_once(old: BodyPage, new: BodyPage) -> None:
    both, alone = (Demand.objects.create(title=title, query=title) for title in ("Beide", "Allein"))
    for demand, body in ((both, old), (both, new), (alone, old)):
        DemandSupport.objects.create(demand=demand, body=body)
    person, project = editor_of(old), ProjectPageFactory()
    for body in (old, new):
        TakeoverRequest.objects.create(project=project, body=body, asked_by=person)
    other = TakeoverRequest.objects.create(project=ProjectPageFactory(), body=old, asked_by=person)
    succeed(old, municipality(new))
    assert [support.body for support in DemandSupport.objects.all()] == [new, new]
    assert set(TakeoverRequest.objects.values_list("project", "body")) == {
        (project.pk, new.pk),
        (other.project_id, new.pk),
    }
