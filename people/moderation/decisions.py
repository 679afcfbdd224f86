"""Deciding about what editors submit: publish it, or send it back with remarks; and what came without a check.

editor submits ── ReviewState waits ─┬─ publish ── public ── letter
                    ↑                └─ send back ── comments at the fields ── letter
                    └── submitted again, to the same person ──────┘
team that publishes directly ── DirectPublication ── staff look at it afterwards
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import Comment, Page, PageLogEntry, TaskState

from pages.publication import NotPublishableError, reasons_against_page
from people.admin_site.to_do import Task
from people.mail.letters import write
from people.models import DirectPublication, ReviewState, Team, User
from people.rights import is_staff, set_direct_publishing
from people.teams.teams import people_of
from projects.models import AlliancePage, BodyPage, Plan, ProjectPage

CLAIM = "dsr.claim_review"
LOOK_AT = "dsr.look_at_publication"
ALLOW_DIRECT, END_DIRECT = "dsr.allow_direct_publishing", "dsr.end_direct_publishing"
# Publishing at once, and at the time an editor had chosen for it.
PUBLISHED = ("wagtail.publish", "wagtail.publish.schedule")

Answers = list[dict[str, Any]]
Remarks = list[dict[str, str]]


class ReviewClosedError(Exception):
    """Somebody else has decided meanwhile, or the author has withdrawn it."""


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(CLAIM, _("Take on the check"), _("Took on the check"))
    actions.register_action(LOOK_AT, _("Look at afterwards"), _("Looked at the direct publication"))
    actions.register_action(ALLOW_DIRECT, _("Allow direct publishing"), _("Allowed the body to publish directly"))
    actions.register_action(END_DIRECT, _("End direct publishing"), _("Ended direct publishing for the body"))


def page_of(state: ReviewState) -> Page:
    """The page under review as its newest version says it. Raises Page.DoesNotExist if it was deleted."""
    page: Page = Page.objects.get(pk=state.workflow_state.object_id)
    return page.get_latest_revision_as_object()


def body_of(page: Page) -> BodyPage | None:
    """The body a page belongs to, or is."""
    return BodyPage.objects.ancestor_of(page, inclusive=True).first()


def reasons_against(page: Page) -> list[str]:
    """What keeps the page from being published whatever staff think of it, in sentences: files, required fields."""
    reasons = reasons_against_page(page)
    try:
        page.full_clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            reasons += [f"{_label(page, name)}: {message}" for message in messages]
    return reasons


def _label(page: Page, name: str) -> str:
    fields = {field.name: field for field in page._meta.fields}
    return str(capfirst(fields[name].verbose_name)) if name in fields else gettext("Page")


def claim(state: ReviewState, user: User, instead_of: int | None) -> bool:
    """Take the check on, or over from the person with that number; False if somebody was quicker."""
    mine = ReviewState.objects.waiting().filter(pk=state.pk).filter(Q(claimed_by=instead_of) | Q(claimed_by=user))
    is_mine = bool(mine.order_by().update(claimed_by=user))
    if is_mine:
        log(instance=page_of(state), action=CLAIM, user=user)
    return is_mine


@transaction.atomic
def publish(state: ReviewState, user: User, answers: Answers) -> Page:
    """Publish the newest version and tell its author.

    Raises ReviewClosedError, and NotPublishableError with the reasons as its arguments.
    """
    state = _open(state)
    page = page_of(state)
    if reasons := reasons_against(page):
        raise NotPublishableError(*reasons)
    state.answers, state.claimed_by = answers, state.claimed_by or user
    state.approve(user=user)
    published: Page = Page.objects.get(pk=page.pk).specific
    write("review_published", recipients(state), {"page": published, "url": published.full_url})
    return published


@transaction.atomic
def send_back(state: ReviewState, user: User, answers: Answers, summary: str, remarks: Remarks) -> None:
    """Give it back with remarks, which stand at the fields as comments and in the letter. Raises ReviewClosedError."""
    state = _open(state)
    page = page_of(state)
    state.answers, state.remarks, state.claimed_by = answers, remarks, state.claimed_by or user
    state.reject(user=user, comment=summary)
    for remark in remarks:
        comment = Comment.objects.create(
            page_id=page.pk,
            user=user,
            text=remark["text"],
            contentpath=remark["field"],
            revision_created=page.latest_revision,
        )
        comment.log_create(page_revision=page.latest_revision, user=user)
    context = {"page": page, "summary": summary, "remarks": remarks, "url": review_url(state)}
    write("review_sent_back", recipients(state), context)


def _open(state: ReviewState) -> ReviewState:
    """The row read anew and locked: of two who decide at once, one does. Raises ReviewClosedError."""
    found = ReviewState.objects.select_for_update().waiting().filter(pk=state.pk).first()
    if found is None:
        raise ReviewClosedError
    return found


def recipients(state: ReviewState) -> list[str]:
    """Whoever submitted it, first and last; if none of them may edit it any more, the people of the body."""
    page: Page = Page.objects.get(pk=state.workflow_state.object_id)
    authors = {user for user in (state.submitted_by, state.workflow_state.requested_by) if user}
    able = [user.email for user in authors if user.is_active and page.permissions_for_user(user).can_edit()]
    body = body_of(page)
    return able or ([user.email for user in people_of(body)] if body else [])


def tell_received(state: ReviewState) -> None:
    """Confirm a submission to its author, with the day until which it is checked."""
    page = page_of(state)
    write("review_received", recipients(state), {"page": page, "state": state, "url": review_url(state)})


def review_url(state: ReviewState) -> str:
    """The absolute address at which staff check it, and its author reads what came of it."""
    return f"{settings.BASE_URL.rstrip('/')}{reverse('moderation_review', args=[state.pk])}"


def current_review(page: Page) -> ReviewState | None:
    """The check that waits, or the one that sent the page back; None for a page without."""
    workflow_state = page.current_workflow_state
    state = workflow_state.current_task_state if workflow_state else None
    return ReviewState.objects.filter(pk=state.pk).first() if state else None


def earlier_reviews(state: ReviewState) -> Sequence[ReviewState]:
    """What was decided about the page before, newest first."""
    about = ReviewState.objects.filter(workflow_state__object_id=state.workflow_state.object_id)
    decided = about.filter(status__in=[TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED])
    return list(decided.exclude(pk=state.pk).select_related("finished_by").order_by("-finished_at"))


# --- without a check --------------------------------------------------------------------------------------------------
def note_direct_publication(entry: PageLogEntry) -> None:
    """Remember that a page of a body was published by somebody who is not of the centre."""
    if entry.action not in PUBLISHED or entry.user is None or is_staff(entry.user):
        return
    page = entry.page.specific
    # What only members can read is looked at with the other plans.
    if not isinstance(page, AlliancePage | BodyPage | ProjectPage) or Plan.objects.note_change(page):
        return
    is_first = page.first_published_at is not None and page.first_published_at == page.last_published_at
    row, is_new = DirectPublication.objects.get_or_create(
        page=entry.page,
        seen_at=None,
        defaults={"published_by": entry.user, "published_at": entry.timestamp, "is_first": is_first},
    )
    if not is_new:
        row.published_by, row.published_at = entry.user, entry.timestamp
        row.save(update_fields=["published_by", "published_at"])


@transaction.atomic
def look_at(publication: DirectPublication, user: User) -> None:
    """Note that one of the staff has looked at it. Raises ReviewClosedError for the second of two."""
    unseen = DirectPublication.objects.filter(pk=publication.pk, seen_at=None)
    if not unseen.update(seen_by=user, seen_at=timezone.now()):
        raise ReviewClosedError
    log(instance=publication.page.specific, action=LOOK_AT, user=user)


@transaction.atomic
def switch_direct_publishing(team: Team, is_allowed: bool, user: User) -> None:
    """Let a body publish without a check, or no longer, and tell its people; does nothing twice."""
    if team.publishes_directly == is_allowed:
        return
    set_direct_publishing(team, is_allowed)
    log(instance=team.body, action=ALLOW_DIRECT if is_allowed else END_DIRECT, user=user)
    addresses: Iterable[str] = [person.email for person in people_of(team.body)]
    write("direct_publishing", addresses, {"body": team.body, "is_allowed": is_allowed})


def tasks(user: User) -> list[Task]:
    """What waits for the staff, for their first page; nothing for others."""
    if not is_staff(user):
        return []
    queue = reverse("moderation_queue")
    waiting, unseen = ReviewState.objects.waiting(), DirectPublication.objects.unseen()
    oldest, first = waiting.first(), unseen.first()
    return [
        Task(_("Submissions to check"), queue, waiting.count(), oldest.started_at if oldest else None),
        Task(
            _("Direct publications to look at"),
            f"{queue}#direct",
            unseen.count(),
            first.published_at if first else None,
        ),
    ]
