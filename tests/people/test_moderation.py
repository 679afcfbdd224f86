"""Moderation: what editors submit is checked with the list, published or sent back with remarks at the fields."""

import datetime
from io import StringIO
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Comment, Page, PageLogEntry, TaskState, WorkflowState

from pages.publication import NotPublishableError
from people.models import CheckItem, DirectPublication, ReviewState, User
from people.models.moderation import working_days_later
from people.moderation import decisions as moderation
from people.moderation import digest as moderation_digest
from projects.models import BodyPage, Plan, ProjectPage
from tests.factories import (
    BodyPageFactory,
    DocumentFactory,
    ProjectPageFactory,
    artefact,
    editor_of,
    publisher_of,
    staff_member,
    submit,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def body() -> BodyPage:
    return BodyPageFactory(title="Auental")


@pytest.fixture
def author(body: BodyPage) -> User:
    return editor_of(body, email="autorin@auental.example", first_name="Anne", last_name="Autorin")


@pytest.fixture
def draft(body: BodyPage) -> ProjectPage:
    return ProjectPageFactory(parent=body, title="Digitales Fundbüro", slug="fundbuero", live=False)


@pytest.fixture
def waiting(draft: ProjectPage, author: User) -> ReviewState:
    return submit(draft, author)


@pytest.fixture
def staff() -> User:
    return staff_member(email="pruefung@zentrum.example")


def letters_to(user: User) -> list[Any]:
    return [letter for letter in mail.outbox if letter.to == [user.email]]


def decision(page: Page, choice: str, ticked: bool = True, **more: str) -> dict[str, Any]:
    """What the form of a check sends."""
    checks = {f"check_{item.pk}": "on" for item in CheckItem.objects.all()} if ticked else {}
    version = Page.objects.get(pk=page.pk).latest_revision_id
    return {"decision": choice, "version": version, **checks, **more}


# --- submitting -------------------------------------------------------------------------------------------------------
def test_editor_submits_instead_of_publishing(client: Client, draft: ProjectPage, author: User) -> None:
    client.force_login(author)
    html = client.get(f"/admin/pages/{draft.pk}/edit/").content.decode()
    assert 'name="action-submit"' in html
    assert 'name="action-publish"' not in html


def test_author_is_told_until_when_it_is_checked(waiting: ReviewState, author: User) -> None:
    (letter,) = letters_to(author)
    assert waiting.due_on == working_days_later(timezone.localdate(), 3)
    assert f"/admin/pruefung/{waiting.pk}/" in letter.body


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (datetime.date(2026, 11, 23), datetime.date(2026, 11, 26)),  # Monday → Thursday
        (datetime.date(2026, 11, 26), datetime.date(2026, 12, 1)),  # Thursday → Tuesday
        (datetime.date(2026, 11, 28), datetime.date(2026, 12, 2)),  # Saturday → Wednesday
    ],
)
def test_deadline_counts_working_days(day: datetime.date, due: datetime.date) -> None:
    assert working_days_later(day, 3) == due


def form_of(client: Client, page: Page) -> dict[str, Any]:
    """What the browser sends back of the editor's form as it stands."""
    form = client.get(f"/admin/pages/{page.pk}/edit/").context["form"]
    values: dict[str, Any] = {"body-count": "0"}
    for prefix in ("artefacts", "participations", "comments"):
        values |= {f"{prefix}-{part}": "0" for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    for name in ("title", "slug", "summary", "phase", "conformity"):
        values[name] = form[name].value()
    return {**values, "lessons_learned": "null"}


def test_what_waits_cannot_be_changed_by_its_author(
    client: Client, waiting: ReviewState, draft: ProjectPage, author: User
) -> None:
    client.force_login(author)
    client.post(f"/admin/pages/{draft.pk}/edit/", {**form_of(client, draft), "title": "Heimlich geändert"})
    assert Page.objects.get(pk=draft.pk).get_latest_revision_as_object().title == "Digitales Fundbüro"


def test_author_withdraws(client: Client, waiting: ReviewState, draft: ProjectPage, author: User) -> None:
    client.force_login(author)
    client.post(f"/admin/pages/{draft.pk}/edit/", {**form_of(client, draft), "action-cancel-workflow": "1"})
    assert not ReviewState.objects.waiting().exists()
    answer = client.get(f"/admin/pruefung/{waiting.pk}/")
    assert answer.context["state"].status == "cancelled"
    client.post(f"/admin/pages/{draft.pk}/edit/", {**form_of(client, draft), "title": "Geändert"})
    assert Page.objects.get(pk=draft.pk).get_latest_revision_as_object().title == "Geändert"


def test_wagtail_writes_no_letters_of_its_own(client: Client, waiting: ReviewState, staff: User, author: User) -> None:
    client.force_login(staff)
    mail.outbox.clear()
    client.post(f"/admin/pruefung/{waiting.pk}/", decision(moderation.page_of(waiting), "publish"))
    assert [letter.to for letter in mail.outbox] == [[author.email]]


# --- the queue --------------------------------------------------------------------------------------------------------
def test_queue_is_sorted_by_age_and_says_what_is_late(client: Client, body: BodyPage, staff: User) -> None:
    author = editor_of(body)
    for title in ("Zuletzt", "Zuerst", "Mitte"):
        page = ProjectPageFactory(parent=body, title=title, live=False)
        state = submit(page, author)
        age = {"Zuletzt": 0, "Mitte": 1, "Zuerst": 9}[title] * DAY
        ReviewState.objects.filter(pk=state.pk).update(
            started_at=timezone.now() - age, due_on=timezone.localdate() + 2 * DAY - age
        )
    client.force_login(staff)
    answer = client.get("/admin/pruefung/")
    assert [row.page.title for row in answer.context["waiting"]] == ["Zuerst", "Mitte", "Zuletzt"]
    assert answer.context["overdue"] == 1


def test_queue_asks_as_much_for_many_as_for_few(
    client: Client, body: BodyPage, staff: User, django_assert_max_num_queries: Any
) -> None:
    author = editor_of(body)
    for _number in range(12):
        submit(ProjectPageFactory(parent=body, live=False), author)
    client.force_login(staff)
    client.get("/admin/pruefung/")
    with django_assert_max_num_queries(30):
        client.get("/admin/pruefung/")


@pytest.mark.parametrize("path", ["/admin/pruefung/", "/admin/pruefung/stellen/"])
def test_rooms_of_the_staff_are_closed_to_editors(client: Client, author: User, path: str) -> None:
    client.force_login(author)
    assert client.get(path).status_code == 302
    assert client.get(path).headers["Location"] == "/admin/"


def test_editor_decides_nothing_by_post(client: Client, waiting: ReviewState, author: User, body: BodyPage) -> None:
    client.force_login(author)
    client.post(f"/admin/pruefung/{waiting.pk}/", decision(moderation.page_of(waiting), "publish"))
    client.post(f"/admin/pruefung/{waiting.pk}/", {"claim": "1", "instead_of": ""})
    client.post(f"/admin/pruefung/stellen/{body.team.pk}/", {"allow": "1"})
    waiting.refresh_from_db()
    body.team.refresh_from_db()
    assert waiting.is_waiting
    assert waiting.claimed_by is None
    assert body.team.publishes_directly is False


def test_other_bodies_do_not_read_what_came_of_it(client: Client, waiting: ReviewState) -> None:
    client.force_login(editor_of(BodyPageFactory()))
    assert client.get(f"/admin/pruefung/{waiting.pk}/").status_code == 302


def test_a_check_that_is_taken_over_keeps_what_was_ticked_and_typed(
    client: Client, waiting: ReviewState, staff: User
) -> None:
    other = staff_member()
    assert moderation.claim(waiting, other, None)
    client.force_login(staff)
    client.post(f"/admin/pruefung/{waiting.pk}/", {"claim": "1", "instead_of": ""})
    waiting.refresh_from_db()
    assert waiting.claimed_by == other
    typed = decision(moderation.page_of(waiting), "publish") | {"summary": "Schon gut"}
    del typed["decision"]
    taken = client.post(f"/admin/pruefung/{waiting.pk}/", typed | {"claim": "1", "instead_of": other.pk})
    waiting.refresh_from_db()
    assert waiting.claimed_by == staff
    kept = taken.context["form"]
    ticked = [name for name in typed if name.startswith("check_")]
    assert ticked
    assert [name for name in kept.fields if name.startswith("check_") and kept[name].value()] == ticked
    assert kept["summary"].value() == "Schon gut"
    assert not kept.errors


# --- deciding ---------------------------------------------------------------------------------------------------------
def test_checked_page_is_published_and_its_author_told(
    client: Client, waiting: ReviewState, draft: ProjectPage, staff: User, author: User
) -> None:
    client.force_login(staff)
    assert client.get(f"/admin/pruefung/{waiting.pk}/").status_code == 200
    client.post(f"/admin/pruefung/{waiting.pk}/", decision(draft, "publish"))
    draft.refresh_from_db()
    assert draft.live
    assert draft.full_url in letters_to(author)[-1].body
    waiting.refresh_from_db()
    assert [answer["is_fine"] for answer in waiting.answers] == [True] * CheckItem.objects.count()
    assert waiting.answers
    assert waiting.finished_by == staff
    assert not DirectPublication.objects.exists()


def test_nothing_is_published_with_an_open_question(
    client: Client, waiting: ReviewState, draft: ProjectPage, staff: User
) -> None:
    client.force_login(staff)
    sent = decision(draft, "publish")
    required = CheckItem.objects.filter(is_required=True).last()
    assert required
    del sent[f"check_{required.pk}"]
    answer = client.post(f"/admin/pruefung/{waiting.pk}/", sent)
    draft.refresh_from_db()
    assert set(answer.context["form"].errors) == {f"check_{required.pk}"}
    assert not draft.live


def test_staff_decide_what_the_list_asks(client: Client, waiting: ReviewState, draft: ProjectPage, staff: User) -> None:
    CheckItem.objects.update(is_active=False)
    CheckItem.objects.create(question="Ist es barrierefrei?", is_required=False)
    client.force_login(staff)
    html = client.get(f"/admin/pruefung/{waiting.pk}/").content.decode()
    assert "Ist es barrierefrei?" in html
    client.post(f"/admin/pruefung/{waiting.pk}/", decision(draft, "publish", ticked=False))
    waiting.refresh_from_db()
    assert waiting.answers == [{"question": "Ist es barrierefrei?", "is_fine": False}]
    assert client.get("/admin/snippets/people/checkitem/").status_code == 200


def test_sent_back_with_remarks_at_the_fields(
    client: Client, waiting: ReviewState, draft: ProjectPage, staff: User, author: User
) -> None:
    client.force_login(staff)
    sent = decision(draft, "send_back", ticked=False, summary="Schon fast fertig.", remark_summary="Für wen?")
    client.post(f"/admin/pruefung/{waiting.pk}/", sent)
    comment = Comment.objects.get(page=draft.pk)
    assert (comment.contentpath, comment.text, comment.user) == ("summary", "Für wen?", staff)
    assert comment.has_valid_contentpath(draft)
    letter = letters_to(author)[-1].body
    assert "Schon fast fertig." in letter
    assert "Für wen?" in letter
    draft.refresh_from_db()
    assert not draft.live
    client.force_login(author)
    html = client.get(f"/admin/pages/{draft.pk}/edit/").content.decode()
    assert "Schon fast fertig." in html
    html = client.get(f"/admin/pruefung/{waiting.pk}/").content.decode()
    assert "#:w:contentpath=summary" in html


def test_nothing_is_sent_back_without_a_word(
    client: Client, waiting: ReviewState, draft: ProjectPage, staff: User
) -> None:
    client.force_login(staff)
    answer = client.post(f"/admin/pruefung/{waiting.pk}/", decision(draft, "send_back"))
    assert "summary" in answer.context["form"].errors
    waiting.refresh_from_db()
    assert waiting.is_waiting


def test_submitted_again_it_comes_to_the_same_person_with_its_history(
    client: Client, waiting: ReviewState, draft: ProjectPage, staff: User, author: User
) -> None:
    moderation.send_back(waiting, staff, [], "Bitte die Lizenz nennen.", [])
    WorkflowState.objects.get().resume(author)
    again = ReviewState.objects.waiting().get()
    assert again.claimed_by == staff
    assert again.due_on >= timezone.localdate()
    client.force_login(staff)
    assert "Bitte die Lizenz nennen." in client.get(f"/admin/pruefung/{again.pk}/").content.decode()
    assert not ReviewState.objects.sent_back().exists()


def test_letter_goes_to_the_body_if_the_author_has_left(waiting: ReviewState, body: BodyPage, author: User) -> None:
    colleague = editor_of(body)
    author.groups.clear()
    assert moderation.recipients(ReviewState.objects.get(pk=waiting.pk)) == [colleague.email]


def test_second_decision_is_refused(client: Client, waiting: ReviewState, draft: ProjectPage, staff: User) -> None:
    moderation.send_back(waiting, staff_member(), [], "Bitte ergänzen.", [])
    with pytest.raises(moderation.ReviewClosedError):
        moderation.publish(waiting, staff, [])
    client.force_login(staff)
    answer = client.post(f"/admin/pruefung/{waiting.pk}/", decision(draft, "publish"), follow=True)
    assert "Bitte ergänzen." in answer.content.decode()
    draft.refresh_from_db()
    assert not draft.live


def test_version_nobody_looked_at_is_not_published(
    client: Client, waiting: ReviewState, draft: ProjectPage, staff: User
) -> None:
    sent = decision(draft, "publish")
    Page.objects.get(pk=draft.pk).specific.save_revision(user=staff)
    client.force_login(staff)
    assert client.post(f"/admin/pruefung/{waiting.pk}/", sent).status_code == 200
    draft.refresh_from_db()
    assert not draft.live


def test_incomplete_page_cannot_be_published(client: Client, waiting: ReviewState, draft: ProjectPage) -> None:
    page = ProjectPage.objects.get(pk=draft.pk)
    page.phase, page.stop_reason = "nicht_weiterverfolgt", ""
    page.save_revision(clean=False)
    with pytest.raises(NotPublishableError):
        moderation.publish(waiting, staff_member(), [])
    waiting.refresh_from_db()
    assert waiting.is_waiting


def test_staff_who_publish_in_the_editor_are_led_to_the_list(
    client: Client, waiting: ReviewState, draft: ProjectPage, staff: User
) -> None:
    client.force_login(staff)
    html = client.get(f"/admin/pages/{draft.pk}/edit/").content.decode()
    assert 'name="action-publish"' not in html
    assert f"/admin/pruefung/{waiting.pk}/" in html
    answer = client.post(f"/admin/bulk/wagtailcore/page/publish/?id={draft.pk}", {"next": "/admin/"})
    draft.refresh_from_db()
    assert answer.headers["Location"] == "/admin/pruefung/"
    assert not draft.live


# --- without a check --------------------------------------------------------------------------------------------------
def test_direct_publication_is_looked_at_afterwards(client: Client, body: BodyPage, staff: User) -> None:
    publisher = publisher_of(body)
    page = ProjectPageFactory(parent=body, live=False)
    for _time in range(2):
        Page.objects.get(pk=page.pk).specific.save_revision(user=publisher).publish(user=publisher)
    (found,) = DirectPublication.objects.unseen()
    assert (found.page_id, found.published_by, found.is_first) == (page.pk, publisher, True)
    client.force_login(staff)
    assert page.title in client.get("/admin/pruefung/").content.decode()
    client.post(f"/admin/pruefung/direkt/{found.pk}/")
    assert not DirectPublication.objects.unseen().exists()
    assert PageLogEntry.objects.filter(page=page.pk, action=moderation.LOOK_AT, user=staff).exists()
    Page.objects.get(pk=page.pk).specific.save_revision(user=publisher).publish(user=publisher)
    assert not DirectPublication.objects.unseen().get().is_first


def test_what_staff_publish_is_no_direct_publication(body: BodyPage, staff: User) -> None:
    page = ProjectPageFactory(parent=body, live=False)
    page.save_revision(user=staff).publish(user=staff)
    assert ProjectPage.objects.get(pk=page.pk).live
    assert not DirectPublication.objects.exists()


def test_staff_switch_direct_publishing_and_it_is_logged(
    client: Client, body: BodyPage, author: User, draft: ProjectPage, staff: User
) -> None:
    client.force_login(staff)
    client.post(f"/admin/pruefung/stellen/{body.team.pk}/", {"allow": "1"})
    assert draft.permissions_for_user(User.objects.get(pk=author.pk)).can_publish()
    client.post(f"/admin/pruefung/stellen/{body.team.pk}/", {"allow": "0"})
    assert not draft.permissions_for_user(User.objects.get(pk=author.pk)).can_publish()
    logged = PageLogEntry.objects.filter(page=body.pk, user=staff).order_by("timestamp")
    assert [entry.action for entry in logged] == [moderation.ALLOW_DIRECT, moderation.END_DIRECT]
    assert len(letters_to(author)) == 2


def test_direct_publishing_of_one_body_changes_nothing_for_another(body: BodyPage, staff: User) -> None:
    other = ProjectPageFactory()
    editor = editor_of(other.public_body)
    moderation.switch_direct_publishing(body.team, True, staff)
    assert other.permissions_for_user(editor).can_edit()
    assert not other.permissions_for_user(editor).can_publish()


# --- the weekly letter ------------------------------------------------------------------------------------------------
def test_digest_says_what_waits_and_what_is_late(waiting: ReviewState, staff: User) -> None:
    ReviewState.objects.update(due_on=timezone.localdate() - DAY)
    mail.outbox.clear()
    call_command("send_digest", stdout=StringIO())
    (letter,) = mail.outbox
    assert letter.to == [staff.email]
    assert "Digitales Fundbüro" in letter.body
    assert "/admin/pruefung/" in letter.body


def test_digest_counts_reported_plans_and_those_whose_people_wait(staff: User) -> None:
    for is_wanted in (False, True):
        Plan.objects.create(project=ProjectPageFactory(phase="P1"), reported_by=staff, is_public_wanted=is_wanted)
    assert moderation_digest.send() == 1
    text = str(mail.outbox[-1].body)
    assert "Gemeldete Vorhaben, die noch niemand angesehen hat: 2" in text
    assert "davon sollen öffentlich werden: 1" in text
    assert "/admin/vorhaben/" in text
    assert [plan.is_public_wanted for plan in Plan.objects.unchecked()] == [True, False]


def test_no_digest_without_news(staff: User) -> None:
    assert moderation_digest.send() == 0
    assert not mail.outbox


def test_staff_see_on_their_first_page_what_waits(waiting: ReviewState, staff: User, author: User) -> None:
    assert [task.count for task in moderation.tasks(staff)] == [1, 0]
    assert moderation.tasks(author) == []


# --- what was submitted -----------------------------------------------------------------------------------------------
def test_whoever_checks_opens_files_and_links_from_the_page_of_the_check(
    client: Client, draft: ProjectPage, author: User, staff: User, media: Any
) -> None:
    file = DocumentFactory(title="Leistungsverzeichnis Laternen", collection=draft.public_body.team.collection)
    quoted = DocumentFactory(title="Anlage im Text", collection=draft.public_body.team.collection)
    draft.artefacts.set([artefact(file=file), artefact(title="Quellcode", link="https://example.org/quellcode")])
    draft.body = [("download", {"document": quoted, "description": ""})]
    draft.save_revision()
    state = submit(draft, author)
    client.force_login(staff)
    html = client.get(f"/admin/pruefung/{state.pk}/").content.decode()
    for address in (file.url, quoted.url, "https://example.org/quellcode"):
        assert f'href="{address}"' in html
    assert client.get(file.url).status_code == 200


# --- at once ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_of_two_who_decide_at_once_one_does_and_the_other_is_told(
    draft: ProjectPage, author: User, engine: Any
) -> None:
    state = submit(draft, author)
    published, sent_back = decision(draft, "publish"), decision(draft, "send_back", summary="Bitte genauer.")
    both = Barrier(2, timeout=20)
    told: list[str] = []

    def decide(person: User, said: dict[str, Any]) -> None:
        client = Client()
        client.force_login(person)
        both.wait()
        answer = client.post(f"/admin/pruefung/{state.pk}/", said, follow=True)
        told.append(answer.content.decode())
        connection.close()

    threads = [Thread(target=decide, args=(staff_member(), said)) for said in (published, sent_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(told) == 2
    state.refresh_from_db()
    was_published = Page.objects.get(pk=draft.pk).live
    assert state.status == (TaskState.STATUS_APPROVED if was_published else TaskState.STATUS_REJECTED)
    letters = [letter for letter in mail.outbox if letter.to == [author.email] and "spätestens" not in letter.body]
    assert len(letters) == 1, "the author hears one decision"
    assert sum("ist schon erledigt" in html for html in told) == 1
