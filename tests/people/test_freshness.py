"""Entries age; whoever stands by them begins a new period, and an answer given by mistake can be taken back."""

import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains
from wagtail.models import PageLogEntry

from people.freshness.entries import Answer, answer, note_what_is_missing, take_back
from people.freshness.views import NOTES_A_DAY
from projects.models import Freshness, FreshnessState, ProjectPage, ReviewInterval
from projects.models.freshness import ARTICLE, months_between, months_later
from tests.factories import ArticlePageFactory, ProjectPageFactory, editor_of, staff_member
from tests.people.ageing import orphaned, overdue, signed_for

pytestmark = pytest.mark.django_db


def entry_of(project: ProjectPage) -> Freshness:
    return Freshness.objects.get(page_id=project.pk)


def plain(entry: Freshness) -> dict[str, Any]:
    return {name: value for name, value in vars(entry).items() if not name.startswith("_")}


# --- periods ----------------------------------------------------------------------------------------------------------


def test_months_end_where_a_month_is_shorter() -> None:
    assert months_later(datetime.date(2026, 8, 31), 6) == datetime.date(2027, 2, 28)
    assert months_later(datetime.date(2026, 12, 1), 12) == datetime.date(2027, 12, 1)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [("2026-01-31", "2026-02-28", 1), ("2026-01-15", "2026-02-14", 0), ("2025-11-22", "2026-11-22", 12),
     ("2026-05-01", "2026-04-01", 0)],
)  # fmt: skip
def test_only_whole_months_are_counted(first: str, last: str, months: int) -> None:
    assert months_between(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)) == months


@pytest.mark.parametrize(("phase", "months"), [("P1", 6), ("P4", 12), ("abgeschlossen", 24)])
def test_publishing_confirms_for_as_long_as_the_phase_says(phase: str, months: int) -> None:
    project = ProjectPageFactory(phase=phase)
    entry = entry_of(project)
    day = timezone.localdate(project.last_published_at)
    assert (entry.confirmed_at, entry.review_due) == (project.last_published_at, months_later(day, months))


def test_what_was_given_up_is_never_asked_for() -> None:
    assert entry_of(ProjectPageFactory(phase="nicht_weiterverfolgt", stop_reason="kosten")).review_due is None


def test_articles_have_an_interval_of_their_own() -> None:
    ReviewInterval.objects.get(subject=ARTICLE).delete()
    ReviewInterval.objects.create(subject=ARTICLE, months=3)
    entry = Freshness.objects.get(page_id=ArticlePageFactory().pk)
    assert entry.review_due == months_later(timezone.localdate(), 3)


def test_draft_says_nothing_about_age() -> None:
    project = ProjectPageFactory()
    before = plain(overdue(project))
    project.title = "Noch ein Entwurf"
    project.save_revision()
    assert plain(entry_of(project)) == before
    assert not Freshness.objects.filter(page_id=ProjectPageFactory(live=False).pk).exists()


def test_publishing_ends_what_was_overdue() -> None:
    project = ProjectPageFactory()
    overdue(project, reminders=2)
    project.save_revision().publish()
    entry = entry_of(project)
    assert (entry.state, entry.reminders) == (FreshnessState.CURRENT, 0)


def test_changed_interval_moves_the_dates_of_what_is_published() -> None:
    project, other = ProjectPageFactory(phase="P3"), ProjectPageFactory(phase="P4")
    due = entry_of(other).review_due
    interval = ReviewInterval.objects.get(subject="P3")
    interval.months = 1
    interval.save()
    assert entry_of(project).review_due == months_later(timezone.localdate(), 1)
    assert entry_of(other).review_due == due
    interval.months = None
    interval.save()
    assert entry_of(project).review_due is None


def test_page_read_back_from_a_dump_gets_its_age() -> None:
    project = ProjectPageFactory()
    Freshness.objects.all().delete()
    assert note_what_is_missing() == 1
    assert entry_of(project).confirmed_at == project.last_published_at
    assert note_what_is_missing() == 0


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", list(Answer))
def test_answer_taken_back_leaves_everything_as_it_was(said: Answer) -> None:
    project = ProjectPageFactory(phase="P4")
    entry = overdue(project, reminders=2, reminded_at=timezone.now())
    before = plain(entry)
    answer(entry, said, None)
    assert entry_of(project).state == FreshnessState.CURRENT
    take_back(entry_of(project), None)
    assert plain(entry_of(project)) == before
    assert ProjectPage.objects.get(pk=project.pk).phase == "P4"
    with pytest.raises(ValueError, match="no answer"):
        take_back(entry_of(project), None)


def test_end_changes_the_phase_of_page_and_draft_and_nothing_else() -> None:
    project = ProjectPageFactory(phase="P4", title="Ampel")
    project.title = "Ampel, neu"
    project.save_revision()
    answer(overdue(project), Answer.ENDED, None)
    public = ProjectPage.objects.get(pk=project.pk)
    draft = public.get_latest_revision_as_object()
    assert (public.phase, public.title) == ("abgeschlossen", "Ampel")
    assert (draft.phase, draft.title) == ("abgeschlossen", "Ampel, neu")
    assert entry_of(project).review_due == months_later(timezone.localdate(), 24)


def test_plan_that_ended_is_given_up_and_not_completed() -> None:
    project = ProjectPageFactory(phase="P1")
    entry = overdue(project)
    answer(entry, Answer.ENDED, None)
    assert ProjectPage.objects.get(pk=project.pk).phase == "nicht_weiterverfolgt"
    take_back(entry_of(project), None)
    assert ProjectPage.objects.get(pk=project.pk).phase == "P1"


def test_what_was_given_up_stays_given_up() -> None:
    project = ProjectPageFactory(phase="nicht_weiterverfolgt", stop_reason="kosten")
    answer(entry_of(project), Answer.ENDED, None)
    assert ProjectPage.objects.get(pk=project.pk).phase == "nicht_weiterverfolgt"


def test_history_says_who_answered() -> None:
    project = ProjectPageFactory()
    editor = editor_of(project.public_body)
    answer(overdue(project), Answer.HOLDS, editor)
    entry = PageLogEntry.objects.get(page=project.pk, action="dsr.confirm")
    assert entry.user == editor
    assert entry.message == "Als weiterhin richtig bestätigt"


# --- links ------------------------------------------------------------------------------------------------------------


def test_opening_any_link_changes_nothing(client: Client) -> None:
    project = ProjectPageFactory()
    entry = overdue(project)
    before, signed = plain(entry), signed_for(entry, None)
    for path in ("", "stimmt/", "beendet/", "aendern/"):
        assert client.get(f"/aktuell/{signed}/{path}").status_code == 200
    assert client.get(f"/aktuell/{signed}/zurueck/").status_code == 405
    assert plain(entry_of(project)) == before
    assert not client.cookies, "who follows a link from a letter gets no cookie"


def test_sent_answer_counts_once_and_names_whom_the_letter_went_to(client: Client) -> None:
    project = ProjectPageFactory()
    editor = editor_of(project.public_body)
    address = f"/aktuell/{signed_for(overdue(project), editor)}/stimmt/"
    for _attempt in range(2):
        assert client.post(address).status_code == 302
    assert entry_of(project).state == FreshnessState.CURRENT
    assert [row.user for row in PageLogEntry.objects.filter(action="dsr.confirm")] == [editor]
    assertNotContains(client.get(address), f"/aktuell/{signed_for(overdue(project), editor)}/")


def test_answer_is_taken_back_by_the_same_link(client: Client) -> None:
    project = ProjectPageFactory(phase="P4")
    signed = signed_for(overdue(project), None)
    client.post(f"/aktuell/{signed}/beendet/")
    assert f"/aktuell/{signed}/zurueck/" in client.get(f"/aktuell/{signed}/beendet/").content.decode()
    assert client.post(f"/aktuell/{signed}/zurueck/")["Location"] == f"/aktuell/{signed}/"
    assert ProjectPage.objects.get(pk=project.pk).phase == "P4"
    assert entry_of(project).state == FreshnessState.DUE
    client.post(f"/aktuell/{signed}/stimmt/")
    assert entry_of(project).state == FreshnessState.CURRENT


def test_old_link_takes_back_nobody_elses_answer(client: Client) -> None:
    project = ProjectPageFactory()
    old = signed_for(overdue(project), None)
    answer(entry_of(project), Answer.HOLDS, None)
    answer(entry_of(project), Answer.HOLDS, staff_member())
    client.post(f"/aktuell/{old}/zurueck/")
    client.post(f"/aktuell/{old}/beendet/")
    entry = entry_of(project)
    assert (entry.state, entry.subject) == (FreshnessState.CURRENT, "P3")


@pytest.mark.parametrize("path", ["", "stimmt/", "aendern/"])
def test_forged_link_leads_nowhere(client: Client, path: str) -> None:
    project = ProjectPageFactory()
    signed = signed_for(overdue(project), None)
    for wrong in ("unsinn", signed[:-1] + ("A" if signed[-1] != "A" else "B")):
        assert client.get(f"/aktuell/{wrong}/{path}").status_code == 410
        assert client.post(f"/aktuell/{wrong}/stimmt/").status_code == 410
    assert entry_of(project).state == FreshnessState.DUE


@pytest.mark.parametrize("is_gone", [True, False], ids=["left the body", "account closed"])
def test_link_of_somebody_who_has_left_answers_nothing(client: Client, is_gone: bool) -> None:
    project = ProjectPageFactory()
    editor = editor_of(project.public_body)
    address = f"/aktuell/{signed_for(overdue(project), editor)}/stimmt/"
    if is_gone:
        editor.groups.clear()
    else:
        editor.is_active = False
        editor.save()
    assert client.post(address, follow=True).status_code == 410
    assert entry_of(project).state == FreshnessState.DUE


def test_link_of_a_page_no_longer_public_leads_nowhere(client: Client) -> None:
    project = ProjectPageFactory(title="Geheim")
    signed = signed_for(overdue(project), None)
    project.unpublish()
    shown = client.get(f"/aktuell/{signed}/")
    assert shown.status_code == 410
    assert "Geheim" not in shown.content.decode()


def test_address_of_an_answer_is_told_to_no_other_site(client: Client) -> None:
    shown = client.get(f"/aktuell/{signed_for(overdue(ProjectPageFactory()), None)}/")
    assert shown["Referrer-Policy"] == "same-origin"
    assert "no-store" in shown["Cache-Control"]


def test_unknown_answer_does_not_exist(client: Client) -> None:
    signed = signed_for(overdue(ProjectPageFactory()), None)
    assert client.post(f"/aktuell/{signed}/vielleicht/").status_code == 404


# --- something has changed --------------------------------------------------------------------------------------------


def test_note_goes_to_the_team_and_leaves_the_question_open(client: Client) -> None:
    project = ProjectPageFactory(contact_email="kontakt@example.org")
    editor = editor_of(project.public_body)
    address = f"/aktuell/{signed_for(overdue(project), None)}/aendern/"
    assert client.post(address, {"text": "Die Ampel <b>steht</b> jetzt."}).status_code == 200
    assert mail.outbox[-1].to == [editor.email]
    assert "Die Ampel <b>steht</b> jetzt." in str(mail.outbox[-1].body)
    assert "&lt;b&gt;" in str(getattr(mail.outbox[-1], "alternatives", None))
    assert entry_of(project).state == FreshnessState.DUE


def test_note_goes_to_the_staff_where_a_body_has_no_people(client: Client) -> None:
    member = staff_member()
    address = f"/aktuell/{signed_for(overdue(ProjectPageFactory()), None)}/aendern/"
    client.post(address, {"text": "Neue Telefonnummer"})
    assert mail.outbox[-1].to == [member.email]


def test_notes_are_limited_and_what_was_typed_stays(client: Client) -> None:
    staff_member()
    address = f"/aktuell/{signed_for(overdue(ProjectPageFactory()), None)}/aendern/"
    for number in range(NOTES_A_DAY):
        client.post(address, {"text": f"Hinweis {number}"})
    assert "Einer zu viel" in client.post(address, {"text": "Einer zu viel"}).content.decode()
    assert len(mail.outbox) == NOTES_A_DAY


def test_editor_is_led_to_the_editor(client: Client) -> None:
    project = ProjectPageFactory()
    client.force_login(editor_of(project.public_body))
    answered = client.get(f"/aktuell/{signed_for(overdue(project), None)}/aendern/")
    assert answered["Location"] == f"/admin/pages/{project.pk}/edit/"


# --- what visitors see ------------------------------------------------------------------------------------------------


AGE = "seit 13 Monaten nicht bestätigt"


def words(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_visitors_see_the_age_on_page_and_card(client: Client) -> None:
    project = ProjectPageFactory()
    addresses = (project.url, project.public_body.url)
    assert not any(AGE in words(client, address) for address in addresses)
    overdue(project)
    assert all(AGE in words(client, address) for address in addresses)


def test_orphaned_entry_says_so_and_offers_to_take_over(client: Client) -> None:
    project = ProjectPageFactory()
    link = f"/projekt-uebernehmen/{project.pk}/"
    overdue(project)
    assert link not in words(client, project.url)
    orphaned(project)
    assert link in words(client, project.url)
    assert "Verwaist" in words(client, project.public_body.url)
