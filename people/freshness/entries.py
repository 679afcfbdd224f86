"""Keeping entries fresh: whoever publishes or confirms begins a new period, and the last answer can be taken back.

Nothing here changes what an entry says, but for the phase of a project that has ended. Must not know who asks, or how.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import Page

from knowledge.models import ArticlePage
from people.models import User
from projects.models import Freshness, Phase, ProjectPage
from projects.models.freshness import ARTICLE

# An answer given by mistake is noticed soon, if at all.
UNDO_WITHIN = timedelta(days=14)
# What an answer changes and taking it back restores.
MOMENTS = ("confirmed_at", "reminded_at", "orphaned_at")
PLAIN = ("subject", "state", "reminders")


class Answer(StrEnum):
    """What people say about an entry; the values are parts of addresses."""

    HOLDS = "stimmt"
    ENDED = "beendet"


ACTIONS = {Answer.HOLDS: "dsr.confirm", Answer.ENDED: "dsr.end"}


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action("dsr.confirm", _("Confirm"), _("Confirmed as still true"))
    actions.register_action("dsr.end", _("End"), _("Reported as ended"))
    actions.register_action("dsr.take_back", _("Take back"), _("Took the last answer back"))
    actions.register_action("dsr.orphan", _("Orphan"), _("Orphaned: nobody answered the reminders"))
    actions.register_action("dsr.report_change", _("Report a change"), _("A contact wrote what has changed"))


def subject_of(page: Page) -> str:
    """Which review interval holds for the page."""
    return page.phase if isinstance(page, ProjectPage) else ARTICLE


def note_publication(page: ProjectPage | ArticlePage) -> Freshness:
    """Publishing counts as confirming: somebody has just looked at the entry."""
    at = page.last_published_at or page.first_published_at or timezone.now()
    found = Freshness.objects.filter(page_id=page.pk).first() or Freshness(page_id=page.pk, round=0)
    if found.pk is None or at > found.confirmed_at:
        found.begin(subject_of(page), at)
        found.save()
    return found


@transaction.atomic
def answer(freshness: Freshness, said: Answer, user: User | None) -> None:
    """Take an answer down. `user` is None for the contact of the entry, who needs no account.

    Raises ValueError if an article is said to have ended.
    """
    page, before = freshness.page.specific, _kept(freshness, said)
    if said == Answer.ENDED:
        if not isinstance(page, ProjectPage):
            raise ValueError("Only projects end.")
        before["phase"] = page.phase
        if not page.is_discontinued:
            # What was only planned is not completed but given up; why is asked in the editor.
            ended = Phase.DISCONTINUED if page.is_planned else Phase.COMPLETED
            change_in_passing(page, {"phase": ended.value})
    freshness.begin(subject_of(page), timezone.now())
    freshness.before = before
    freshness.save()
    log(instance=page, action=ACTIONS[said], user=user, data={"round": before["round"]})


def _kept(freshness: Freshness, said: Answer) -> dict[str, Any]:
    """What is needed to take the answer back, as plain values for JSON."""
    moments = {name: getattr(freshness, name) for name in MOMENTS}
    return {
        **{name: getattr(freshness, name) for name in PLAIN},
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "review_due": freshness.review_due.isoformat() if freshness.review_due else None,
        "round": freshness.round,
        "answer": said.value,
    }


def last_answer(freshness: Freshness) -> Answer | None:
    """The answer that can still be taken back."""
    is_recent = timezone.now() - freshness.confirmed_at < UNDO_WITHIN
    return Answer(freshness.before["answer"]) if freshness.before and is_recent else None


@transaction.atomic
def take_back(freshness: Freshness, user: User | None) -> None:
    """Restore what held before the last answer. Raises ValueError if there is nothing to take back."""
    if last_answer(freshness) is None:
        raise ValueError("There is no answer to take back.")
    before, page = freshness.before, freshness.page.specific
    if "phase" in before and before["phase"] != page.phase:
        change_in_passing(page, {"phase": before["phase"]})
    for name in PLAIN:
        setattr(freshness, name, before[name])
    for name in MOMENTS:
        setattr(freshness, name, parse_datetime(before[name]) if before[name] else None)
    freshness.review_due = parse_date(before["review_due"]) if before["review_due"] else None
    freshness.round, freshness.before = before["round"], {}
    freshness.save()
    log(instance=page, action="dsr.take_back", user=user, data={"answer": before["answer"]})


def change_in_passing(page: ProjectPage, values: dict[str, Any]) -> None:
    """Change plain fields of what is public and of the newest version, so that no draft brings the old values back."""
    for name, value in values.items():
        setattr(page, name, value)
    page.save(clean=False, update_fields=list(values))
    newest = page.get_latest_revision()
    if newest:
        newest.content = {**newest.content, **values}
        newest.save(update_fields=["content"])


def note_what_is_missing() -> int:
    """Begin the period of live pages nothing is known about, such as those read back from a dump; returns how many."""
    known, count = Freshness.objects.values("page"), 0
    models: tuple[type[ProjectPage] | type[ArticlePage], ...] = (ProjectPage, ArticlePage)
    for model in models:
        for page in list(model.objects.live().exclude(pk__in=known)):
            note_publication(page)
            count += 1
    return count
