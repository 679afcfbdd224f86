"""Who uses a project: the adopter has the last word, either side may begin, and nobody hears of it twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from people.admin_site.to_do import tasks_for
from people.freshness.takeover import hand_over
from people.models import User
from people.privacy.personal_data import export
from people.reform.succession import carry_out, plan
from people.reuse import notify as reuse_telling
from people.reuse import uses as reuse
from people.reuse.links import LINKS, link_to
from people.reuse.uses import Told
from projects.models import BodyKind, BodyPage, ProjectPage, Reuse, ReuseState
from tests.factories import (
    BodyPageFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    UserFactory,
    editor_of,
    staff_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> ProjectPage:
    found: ProjectPage = ProjectPageFactory(title="Ampel", parent=BodyPageFactory(title="Auental"))
    return found


@pytest.fixture
def owner(project: ProjectPage) -> User:
    return editor_of(project.public_body, email="eigner@auental.example")


@pytest.fixture
def body() -> BodyPage:
    found: BodyPage = BodyPageFactory(title="Bergdorf", municipality__name="Bergdorf")
    return found


@pytest.fixture
def adopter(body: BodyPage) -> User:
    return editor_of(body, email="nutzerin@bergdorf.example")


def claimed(project: ProjectPage, body: BodyPage, owner: User) -> Reuse:
    found = reuse.declare(project, body.unit, owner, told=Told("pilot"))
    mail.outbox.clear()
    return found


def addressees() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def test_what_the_adopter_says_is_confirmed_and_the_owner_is_told(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User
) -> None:
    found = reuse.declare(project, body.unit, adopter, told=Told("produktiv", person_days=12, changes="Kürzer"))
    assert found.is_confirmed
    assert (found.stage, found.person_days, found.changes) == ("produktiv", 12, "Kürzer")
    assert addressees() == [owner.email]
    assert "Bergdorf" in mail.outbox[0].subject


def test_declaring_again_changes_nothing_and_tells_nobody(project: ProjectPage, body: BodyPage, adopter: User) -> None:
    reuse.declare(project, body.unit, adopter, told=Told("produktiv"))
    mail.outbox.clear()
    again = reuse.declare(project, body.unit, adopter)
    assert again.stage == ReuseState.PRODUCTIVE
    assert Reuse.objects.count() == 1
    assert not mail.outbox


def test_a_claim_is_unconfirmed_and_the_adopter_is_asked_with_a_link(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User, client: Client
) -> None:
    found = reuse.declare(project, body.unit, owner, told=Told("pilot", person_days=99))
    assert not found.is_confirmed
    assert found.person_days is None, "What it took is the adopter's to tell"
    assert addressees() == [adopter.email]
    signed = LINKS.sign(link_to(found, adopter))
    assert f"/nachnutzung/antwort/{signed.partition(':')[0]}" in mail.outbox[0].body
    assert client.get(f"/nachnutzung/antwort/{signed}/").status_code == 200


def test_a_claim_about_somebody_without_people_stays_unconfirmed(project: ProjectPage, owner: User) -> None:
    found = reuse.declare(project, MunicipalityFactory(), owner)
    assert not found.is_confirmed
    assert found.asked_at is None
    assert not mail.outbox


def test_whoever_only_examines_is_not_said_to_use_it(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User
) -> None:
    reuse.declare(project, body.unit, adopter, told=Told("prueft"))
    letter = mail.outbox[-1]
    assert letter.to == [owner.email]
    assert "Bergdorf nutzt" not in f"{letter.subject} {letter.body}"
    reuse.change(Reuse.objects.get(), adopter, Told("pilot"))
    assert "Bergdorf" in mail.outbox[-1].subject


def test_declaring_after_a_claim_confirms_it_with_the_words_of_the_adopter(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User
) -> None:
    claimed(project, body, owner)
    found = reuse.declare(project, body.unit, adopter, told=Told("prueft"))
    assert found.is_confirmed
    assert found.stage == ReuseState.EXAMINING
    assert Reuse.objects.count() == 1


def test_a_refused_claim_is_shown_nowhere_and_cannot_be_repeated(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User, client: Client
) -> None:
    reuse.refuse(claimed(project, body, owner), adopter, "Verwechslung mit Bergstadt")
    assert addressees() == [owner.email]
    assert "Verwechslung" in mail.outbox[0].body
    assertNotContains(client.get(f"/projekte/{project.pk}/nachnutzung/"), "Bergdorf")
    with pytest.raises(reuse.RefusedError):
        reuse.declare(project, body.unit, owner)
    assert reuse.declare(project, body.unit, adopter).is_confirmed, "The adopter may think again"


def test_what_was_confirmed_cannot_be_refused_only_ended(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User
) -> None:
    found = reuse.declare(project, body.unit, adopter, told=Told("produktiv", person_days=3))
    with pytest.raises(reuse.AnsweredError):
        reuse.refuse(found, adopter)
    ended = reuse.end(found, adopter)
    assert (ended.stage, ended.person_days) == (ReuseState.REPLACED, 3)
    assert not Reuse.objects.current().exists()


def test_nobody_uses_their_own_project_and_a_body_of_no_register_uses_none(
    project: ProjectPage, owner: User, adopter: User
) -> None:
    federal = BodyPageFactory(kind=BodyKind.FEDERAL, municipality=None)
    with pytest.raises(reuse.NoAdopterError):
        reuse.declare(project, project.public_body.unit, owner)
    with pytest.raises(reuse.NoAdopterError):
        reuse.declare(project, federal.unit, editor_of(federal))


def test_people_of_neither_side_declare_nothing(project: ProjectPage, body: BodyPage) -> None:
    with pytest.raises(PermissionDenied):
        reuse.declare(project, body.unit, editor_of(BodyPageFactory()))


def test_who_acts_for_a_member_speaks_for_it(project: ProjectPage, body: BodyPage, owner: User) -> None:
    association = BodyPageFactory()
    acting = editor_of(association)
    association.team.acts_for.add(body)
    reuse.declare(project, body.unit, owner)
    assert addressees() == [acting.email], "Those who act for it are asked while it has no people"
    assert reuse.declare(project, body.unit, acting).is_confirmed


def test_a_unit_that_was_merged_is_its_successor(project: ProjectPage, body: BodyPage, adopter: User) -> None:
    former = MunicipalityFactory(valid_to=timezone.localdate(), successor=body.municipality)
    assert reuse.declare(project, former, adopter).municipality == body.municipality


def test_the_answer_of_a_letter_counts_once_and_opening_it_changes_nothing(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User, client: Client
) -> None:
    found = claimed(project, body, owner)
    address = f"/nachnutzung/antwort/{LINKS.sign(link_to(found, adopter))}/"
    client.get(address)
    found.refresh_from_db()
    assert found.confirmed_at is None
    assert client.post(address, {"answer": "stimmt"}).status_code == 302
    found.refresh_from_db()
    assert found.is_confirmed
    assert found.confirmed_by == adopter
    client.post(address, {"answer": "beendet"})
    found.refresh_from_db()
    assert found.stage == ReuseState.PILOT, "A second answer by the same letter changes nothing"
    assert addressees() == [owner.email]


@pytest.mark.parametrize("spoilt", ["x", "a:b:c"])
def test_a_link_nobody_wrote_leads_nowhere(spoilt: str, client: Client) -> None:
    assert client.get(f"/nachnutzung/antwort/{spoilt}/").status_code == 410
    assert client.post(f"/nachnutzung/antwort/{spoilt}/", {"answer": "stimmt"}).status_code == 410


def test_the_link_of_somebody_who_has_left_the_body_answers_nothing(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User, client: Client
) -> None:
    found = claimed(project, body, owner)
    address = f"/nachnutzung/antwort/{LINKS.sign(link_to(found, adopter))}/"
    adopter.groups.clear()
    client.post(address, {"answer": "stimmt"})
    found.refresh_from_db()
    assert found.confirmed_at is None
    assert client.get(address).status_code == 410


def test_an_open_claim_waits_on_the_first_page_until_it_is_answered(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User
) -> None:
    found = claimed(project, body, owner)
    urls = [task.url for task in tasks_for(adopter)]
    assert f"/nachnutzung/{found.pk}/" in urls
    assert f"/nachnutzung/{found.pk}/" not in [task.url for task in tasks_for(owner)]
    reuse.confirm(found, adopter)
    assert f"/nachnutzung/{found.pk}/" not in [task.url for task in tasks_for(adopter)]


# --- pages ------------------------------------------------------------------------------------------------------------


def declare_by_form(client: Client, project: ProjectPage, **more: Any) -> Any:
    return client.post(f"/projekte/{project.pk}/nutzen/", {"stage": "produktiv", **more}, follow=True)


def test_an_editor_declares_by_the_button_and_then_finds_it_on_the_page(
    client: Client, project: ProjectPage, body: BodyPage, adopter: User
) -> None:
    assert f"/projekte/{project.pk}/nutzen/" in client.get(project.url).content.decode()
    client.force_login(adopter)
    page = declare_by_form(client, project, since="2025-03-01", person_days="7", changes="Nur die Texte")
    assert page.status_code == 200
    client.logout()
    html = client.get(f"/projekte/{project.pk}/nachnutzung/").content.decode()
    assert "Bergdorf" in html
    assert "Nur die Texte" in html
    assert "Bergdorf" in client.get(project.url).content.decode()
    assert "Ampel" in client.get(body.url).content.decode(), "The municipality shows what it uses"


def test_a_day_in_the_future_and_what_is_no_number_are_named(
    client: Client, project: ProjectPage, adopter: User
) -> None:
    client.force_login(adopter)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = declare_by_form(client, project, since=tomorrow, person_days="-1")
    assert set(page.context["form"].errors) == {"since", "person_days"}
    assert not Reuse.objects.exists()


def test_the_form_a_second_time_leads_to_what_was_said(client: Client, project: ProjectPage, adopter: User) -> None:
    client.force_login(adopter)
    declare_by_form(client, project)
    found = Reuse.objects.get()
    page = client.get(f"/projekte/{project.pk}/nutzen/")
    assert page.headers["Location"] == f"/nachnutzung/{found.pk}/"


def test_the_owner_claims_from_the_register_without_a_script(
    client: Client, project: ProjectPage, body: BodyPage, owner: User, adopter: User
) -> None:
    client.force_login(owner)
    unit = body.municipality
    assert unit
    page = client.get(f"/projekte/{project.pk}/nutzer-melden/", {"q": "Bergdorf"})
    chosen = f"/projekte/{project.pk}/nutzer-melden/gemeinde/{unit.ars}/"
    assert chosen in page.content.decode()
    page = client.post(chosen, {"stage": "pilot"}, follow=True)
    assert page.redirect_chain[-1][0] == f"/projekte/{project.pk}/nachnutzung/"
    assert Reuse.objects.get().declared_by == owner
    assert addressees() == [adopter.email]


def test_the_owner_takes_back_a_claim_only_until_it_is_answered(
    client: Client, project: ProjectPage, body: BodyPage, owner: User, adopter: User
) -> None:
    found = claimed(project, body, owner)
    client.force_login(owner)
    reuse.confirm(found, adopter)
    assert client.post(f"/nachnutzung/{found.pk}/", {"do": "remove"}).status_code == 403
    Reuse.objects.all().delete()
    found = claimed(project, body, owner)
    assert client.post(f"/nachnutzung/{found.pk}/", {"do": "remove"}).status_code == 200
    assert not Reuse.objects.exists()


def test_claiming_and_taking_back_in_turn_ends_with_few_letters(
    client: Client, project: ProjectPage, body: BodyPage, owner: User, adopter: User
) -> None:
    client.force_login(owner)
    assert body.municipality
    address = f"/projekte/{project.pk}/nutzer-melden/gemeinde/{body.municipality.ars}/"
    for _turn in range(reuse.CLAIMED_A_DAY):
        client.post(address, {"stage": "pilot"})
        client.post(f"/nachnutzung/{Reuse.objects.get().pk}/", {"do": "remove"})
    refused = client.post(address, {"stage": "pilot"})
    assert "morgen wieder" in refused.content.decode()
    assert not Reuse.objects.exists()
    assert addressees() == [adopter.email] * reuse.CLAIMED_A_DAY


def test_what_the_adopter_changes_to_and_fro_is_told_a_few_times_and_stands_on_the_page(
    project: ProjectPage, body: BodyPage, owner: User, adopter: User
) -> None:
    found = reuse.declare(project, body.unit, adopter)
    for stage in ("pilot", "produktiv") * 5:
        found = reuse.change(found, adopter, Told(stage))
    assert addressees() == [owner.email] * reuse_telling.TOLD_A_DAY
    assert Reuse.objects.get().stage == "produktiv"


@pytest.mark.parametrize("done", ["confirm", "save", "refuse"])
def test_only_the_adopter_answers(client: Client, project: ProjectPage, body: BodyPage, owner: User, done: str) -> None:
    found = claimed(project, body, owner)
    for person in (owner, staff_member()):
        client.force_login(person)
        assert client.post(f"/nachnutzung/{found.pk}/", {"do": done, "stage": "produktiv"}).status_code == 403
    found.refresh_from_db()
    assert found.confirmed_at is None


def test_the_adopter_changes_and_ends_on_its_own_page(
    client: Client, project: ProjectPage, body: BodyPage, owner: User, adopter: User
) -> None:
    found = reuse.declare(project, body.unit, adopter)
    mail.outbox.clear()
    client.force_login(adopter)
    client.post(f"/nachnutzung/{found.pk}/", {"do": "save", "stage": "abgeloest", "changes": "Ersetzt"})
    found.refresh_from_db()
    assert (found.stage, found.changes) == (ReuseState.REPLACED, "Ersetzt")
    assert addressees() == [owner.email]


def test_an_account_without_a_body_is_led_to_where_one_joins(client: Client, project: ProjectPage) -> None:
    client.force_login(UserFactory())
    page = client.get(f"/projekte/{project.pk}/nutzen/")
    assert page.status_code == 403
    assert "/mitmachen/" in page.content.decode()


# --- what else happens to the two sides -------------------------------------------------------------------------------


def test_after_a_reform_the_successor_uses_what_the_municipality_used(
    project: ProjectPage, body: BodyPage, adopter: User
) -> None:
    heir = BodyPageFactory()
    both: ProjectPage = ProjectPageFactory()
    own: ProjectPage = ProjectPageFactory(parent=heir)
    for used in (project, both, own):
        reuse.declare(used, body.unit, adopter)
    reuse.declare(both, heir.unit, editor_of(heir), told=Told("produktiv"))
    former, successor = body.municipality, heir.municipality
    assert former
    assert successor
    carry_out(plan(former, successor), timezone.localdate(), staff_member())
    left = {found.project_id: (found.municipality, found.stage) for found in Reuse.objects.all()}
    assert left == {project.pk: (heir.municipality, "prueft"), both.pk: (heir.municipality, "produktiv")}


def test_who_takes_a_project_over_is_no_user_of_it_any_more(
    project: ProjectPage, body: BodyPage, adopter: User
) -> None:
    reuse.declare(project, body.unit, adopter)
    hand_over(project, body, staff_member())
    assert not Reuse.objects.exists()


def test_who_declared_and_confirmed_finds_it_in_the_own_data(
    project: ProjectPage, body: BodyPage, adopter: User, owner: User
) -> None:
    reuse.confirm(claimed(project, body, owner), adopter)
    (declared,), (confirmed,) = export(owner)["reuse_told"], export(adopter)["reuse_told"]
    assert (declared["project"], declared["who"]) == ("Ampel", "Bergdorf")
    assert declared["declared"]
    assert confirmed["confirmed"]
    assert confirmed["declared"] is None
