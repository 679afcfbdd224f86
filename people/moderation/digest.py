"""Once a week the staff get a letter: what waits, what is late, what came without a check; none if nothing is."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState

from people.mail.letters import write
from people.models import DirectPublication, ReviewState, User
from people.rights import STAFF_GROUP
from projects.models import Plan

PERIOD = timedelta(weeks=1)
# Authors who have not mended for so long may have forgotten it.
FORGOTTEN_AFTER = timedelta(days=30)
# The oldest ones; the rest is in the queue.
NAMED = 10
# Without any of these there is nothing to say.
NEWS = ("waiting_count", "forgotten_count", "direct_count", "published_count", "plan_count")


def send() -> int:
    """Write to everybody of the staff; returns how many letters were written, 0 if there is nothing to say."""
    context = _context()
    if not any(context[name] for name in NEWS):
        return 0
    staff = User.objects.filter(groups__name=STAFF_GROUP, is_active=True)
    return write("moderation_digest", [person.email for person in staff], context)


def _context() -> dict[str, Any]:
    since = timezone.now() - PERIOD
    waiting, direct = ReviewState.objects.waiting(), DirectPublication.objects.unseen()
    forgotten = ReviewState.objects.sent_back().filter(finished_at__lt=timezone.now() - FORGOTTEN_AFTER)
    plans = Plan.objects.unchecked()
    decided = ReviewState.objects.filter(finished_at__gte=since)
    return {
        "waiting_count": waiting.count(),
        "overdue_count": waiting.overdue().count(),
        "waiting": _named(waiting),
        "forgotten_count": forgotten.count(),
        "forgotten": _named(forgotten),
        "direct_count": direct.count(),
        "published_count": decided.filter(status=TaskState.STATUS_APPROVED).count(),
        "sent_back_count": decided.filter(status=TaskState.STATUS_REJECTED).count(),
        "plan_count": plans.count(),
        "wanted_count": plans.filter(is_public_wanted=True).count(),
        "plan_url": f"{settings.BASE_URL.rstrip('/')}{reverse('plan_queue')}",
        "queue_url": f"{settings.BASE_URL.rstrip('/')}{reverse('moderation_queue')}",
    }


def _named(states: Any) -> list[dict[str, Any]]:
    found = list(states.select_related("workflow_state")[:NAMED])
    titles = dict(
        Page.objects.filter(pk__in=[int(state.workflow_state.object_id) for state in found]).values_list(
            "pk", "draft_title"
        )
    )
    return [{"title": titles.get(int(state.workflow_state.object_id), ""), "state": state} for state in found]
