"""Letters about what was noted: one for each stream and rhythm, queued in the transaction that notes them as told.

What nobody may read any more by then is not told. Must not decide what concerns whom; see `matching.alerts.events`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from matching.alerts.due import is_due, streams_due
from matching.alerts.links import SEARCH, SIMILAR, WATCHED, Stream
from matching.alike.leads import responsible_for
from matching.models import Alert, AlertSettings, Event, SavedSearch
from pages.access import Restrictions
from pages.tree import parent_path
from people.mail.letters import write
from people.models import User
from people.teams.membership import absolute
from people.teams.teams import bodies_of, is_member
from projects.models import ProjectPage, attach_bodies

log = structlog.get_logger(__name__)

# So many can be read in one go; the rest comes with the next letter.
MOST_IN_A_LETTER = 20
TEMPLATES = {SIMILAR: "alert_similar", WATCHED: "alert_watched", SEARCH: "alert_found"}


@dataclass(frozen=True)
class Item:
    """One alert as its letter tells it."""

    alert: Alert
    page: Page
    is_members_only: bool
    leads: Sequence[Any] = ()

    @property
    def project(self) -> ProjectPage | None:
        """None for an article or a body that a saved search has found."""
        return self.page if isinstance(self.page, ProjectPage) else None

    @property
    def url(self) -> str:
        """Empty for a page that cannot be read any more."""
        return absolute(self.page.get_url() or "") if self.page.live else ""

    @property
    def contact_url(self) -> str:
        return absolute(reverse("contact", args=[self.page.pk])) if self.page.live and self.project else ""


def deliver(now: datetime | None = None) -> int:
    """Write the letters whose time has come; returns how many."""
    now = now or timezone.now()
    streams = streams_due(now)
    if not streams:
        return 0
    restrictions = Restrictions.all()
    written = 0
    for stream in streams:
        try:
            written += _deliver(stream, now, restrictions)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:  # one letter nobody foresaw must not keep the others back
            log.exception("alert_letter_failed", user=stream.user.pk, kind=stream.kind)
    return written


@transaction.atomic
def _deliver(stream: Stream, now: datetime, restrictions: Restrictions) -> int:
    row = _locked(stream)
    if not is_due(stream, row, now):  # another worker was here meanwhile
        return 0
    alerts = stream.waiting().select_related("page", "own", "demand").select_for_update(of=("self",))
    items, kept_back = _items(stream.user, alerts.order_by("created_at", "pk"), restrictions)
    Alert.objects.filter(pk__in=kept_back).delete()
    told = items[:MOST_IN_A_LETTER]
    if not told or not stream.user.is_active:
        return 0
    _write(stream, told)
    Alert.objects.filter(pk__in=[item.alert.pk for item in told]).update(sent_at=now)
    _note_sent(stream, row, now)
    return 1


def _locked(stream: Stream) -> AlertSettings | SavedSearch:
    """The row that says when the last letter went; two workers at once write one letter."""
    if stream.search is not None:
        return SavedSearch.objects.select_for_update().get(pk=stream.search.pk)
    AlertSettings.objects.get_or_create(user=stream.user)
    return AlertSettings.objects.select_for_update().get(user=stream.user)


def _note_sent(stream: Stream, row: AlertSettings | SavedSearch, now: datetime) -> None:
    field = (
        "sent_at" if isinstance(row, SavedSearch) else f"{'similar' if stream.kind == SIMILAR else 'watched'}_sent_at"
    )
    setattr(row, field, now)
    row.save(update_fields=[field])


def _items(user: User, alerts: Iterable[Alert], restrictions: Restrictions) -> tuple[list[Item], list[int]]:
    """What the person may be told now, and the numbers of the alerts they may not."""
    is_in, wanted = is_member(user), list(alerts)
    pages = _pages(wanted)
    theirs = set(bodies_of(user).values_list("path", flat=True)) if any(alert.own for alert in wanted) else set()
    items, kept_back = [], []
    for alert in wanted:
        page = pages[alert.page_id]
        audience = restrictions.audience_of(page.path)
        is_readable = audience == "public" or (audience == "members" and is_in)
        is_there = page.live or alert.event == Event.GONE
        # One's own project may have been given to others meanwhile, or withdrawn, or its reader has left the body.
        is_still_theirs = alert.own is None or (alert.own.live and parent_path(alert.own.path) in theirs)
        if not (is_readable and is_there and is_still_theirs):
            kept_back.append(alert.pk)
            continue
        items.append(Item(alert, page, audience == "members", _leads(page) if alert.own else ()))
    return items, kept_back


def _pages(alerts: Iterable[Alert]) -> dict[int, Page]:
    """What the alerts are about by number, projects with their bodies and services; in a fixed number of queries."""
    pages = {page.pk: page for page in Page.objects.filter(pk__in={alert.page_id for alert in alerts}).specific()}
    projects = [page for page in pages.values() if isinstance(page, ProjectPage)]
    attach_bodies(projects)
    prefetch_related_objects(projects, "ozg_services", "service_keys")
    return pages


def _leads(project: ProjectPage) -> Sequence[Any]:
    """Who builds the same for all."""
    services = {service.pk for service in project.ozg_services.all()}
    return responsible_for(services, {key.pk for key in project.service_keys.all()})


def _write(stream: Stream, items: list[Item]) -> None:
    link = stream.unsubscribe_url
    headers = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    context = {
        "items": items,
        "first": items[0],
        "search": stream.search,
        "search_url": absolute(f"{reverse('search')}{stream.search.parameters}") if stream.search else "",
        "settings_url": absolute(reverse("alert_settings")),
        "unsubscribe_url": link,
    }
    write(TEMPLATES[stream.kind], [stream.user.email], context, headers)
