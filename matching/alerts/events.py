"""Every project is a standing search: whoever has one that is much like a new one is notified, once.

The worker compares what it has seen of each project with what is there now. One project is one transaction, which
also notes that it has been looked at: killed at any point, nothing is lost and nobody is told twice. Must not write
letters; see `matching.alerts.letters`.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import structlog
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Exists, F, OuterRef, Q

from matching.demand.demands import alerts_of_supporters, found_for_demands
from matching.models import Alert, AlertKind, Demand, Event, SeenProject, Watch
from matching.telling import tell
from pages.access import Restrictions
from people.teams.teams import owners_of
from projects.models import ImportRecord, ProjectPage
from search.engines import EngineError
from search.models import OutboxEntry
from search.semantic import encoder
from search.similar.finding import Draft, Match
from search.similar.matches import find

log = structlog.get_logger(__name__)

# Seconds of one run: the worker also brings changes into the index, and an import may bring thousands of projects.
RUN_SECONDS = 5.0
# Rows of one statement.
BATCH = 500
# Owners of more than so many strongly similar projects exist only where the limit of “strong” is wrong.
MOST_MATCHES = 10


def run() -> int:
    """Look at what is new, as long as a run may take; returns how many projects were looked at.

    The first run of all notes what is there without telling anybody.
    """
    if not SeenProject.objects.exists():
        return _note_all()
    looked_at = 0
    try:
        looked_at = _look_at_changed()
    except EngineError as error:
        log.warning("alerts_wait_for_the_search", error=str(error))
    for seen in SeenProject.objects.filter(project__live=False).exclude(audience="").select_related("project"):
        _note(seen.project, "")
        looked_at += 1
    return looked_at


def _look_at_changed() -> int:
    """Returns how many. Raises EngineError while the search cannot answer; what is done by then is kept."""
    end, looked_at, restrictions = time.monotonic() + RUN_SECONDS, 0, Restrictions.all()
    demands: dict[int, list[Demand]] | None = None
    for number, path in _changed():
        page = ProjectPage.objects.live().select_related("seen").filter(pk=number).first()
        audience = restrictions.audience_of(path) or ""
        if page is None or not _is_news(page, audience):
            continue
        demands = found_for_demands() if demands is None else demands
        try:
            _look_at(page, audience, demands.get(page.pk, []))
        except (EngineError, DatabaseError, InterfaceError):
            raise
        except Exception:  # one project nobody foresaw must not keep the others from being looked at
            log.exception("alert_failed", page=number)
        looked_at += 1
        if time.monotonic() > end:
            break
    return looked_at


def _note_all() -> int:
    restrictions = Restrictions.all()
    rows = [
        SeenProject(
            project=page,
            audience=restrictions.audience_of(page.path) or "",
            phase=page.phase,
            published_at=page.last_published_at,
        )
        for page in ProjectPage.objects.live().only("path", "phase", "last_published_at")
    ]
    SeenProject.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return len(rows)


def _changed() -> list[tuple[int, str]]:
    """Number and path of live projects that may not be as they were seen; those that came by an import last."""
    everybody = ProjectPage.objects.readable().order_by().values("pk")
    members = ProjectPage.objects.readable_by_members().order_by().values("pk")
    is_public, is_open = Q(pk__in=everybody), Q(pk__in=members)
    news = (
        Q(seen=None)
        | Q(last_published_at__gt=F("seen__published_at"))
        | ~Q(phase=F("seen__phase"))
        | (~Q(seen__audience="public") & is_public)
        | (~Q(seen__audience="members") & is_open & ~is_public)
        | (~Q(seen__audience="") & ~is_open)
    )
    # Of two that come at once, the one that is looked at later finds the other only if that is in the index by then.
    waiting = Q(version__gt=F("synced_version"), is_dead=False)
    if encoder.is_available():
        waiting |= Q(synced_version__gt=F("vector_version"))
    in_work = OutboxEntry.objects.filter(waiting).values("page_id")
    is_imported = Exists(ImportRecord.objects.filter(page=OuterRef("pk")))
    found = ProjectPage.objects.live().filter(news).exclude(pk__in=in_work)
    ordered = found.order_by(is_imported, "last_published_at", "pk").values_list("pk", "path")
    return list(dict.fromkeys(ordered))


def _is_news(page: ProjectPage, audience: str) -> bool:
    seen: SeenProject | None = getattr(page, "seen", None)
    return seen is None or (seen.audience, seen.phase) != (audience, page.phase) or _has_new_text(page, seen)


def _has_new_text(page: ProjectPage, seen: SeenProject) -> bool:
    published = page.last_published_at
    return published is not None and (seen.published_at is None or published > seen.published_at)


def _look_at(page: ProjectPage, audience: str, demands: Sequence[Demand]) -> None:
    """Compare one project with all others. Raises EngineError while the search cannot answer."""
    seen: SeenProject | None = getattr(page, "seen", None)
    is_new_to_somebody = seen is None or seen.audience != audience or _has_new_text(page, seen)
    if not audience or not is_new_to_somebody:
        _note(page, audience)
        return
    found = find(Draft.of_page(page), audience="members", limit=MOST_MATCHES)
    if found.is_outage or found.is_meaning_late:  # both pass, and who is not told now is never told
        raise EngineError("No similar projects could be looked for.")
    _note(page, audience, [match for match in found.items if match.is_strong], demands)


@transaction.atomic
def _note(page: ProjectPage, audience: str, strong: Sequence[Match] = (), demands: Sequence[Demand] = ()) -> None:
    """Keep what was seen, and what of it somebody is to be told."""
    initial = {"audience": "", "phase": page.phase, "published_at": None}
    SeenProject.objects.get_or_create(project_id=page.pk, defaults=initial)
    seen = SeenProject.objects.select_for_update().get(project_id=page.pk)
    if event := _event(seen, page, audience):
        seen.changes += 1
        _tell_watchers(page, seen, event)
    if audience:
        tell([*_alerts_of_owners(page, strong), *alerts_of_supporters(page, demands)])
    seen.audience, seen.phase, seen.published_at = audience, page.phase, page.last_published_at
    seen.save()


def _event(seen: SeenProject, page: ProjectPage, audience: str) -> Event | None:
    """What those who watch the project are told; nothing about what they have never been able to read."""
    if seen.audience and not audience:
        return Event.GONE
    if audience == "public" and seen.audience != "public":
        return Event.PUBLISHED
    return Event.PHASE if seen.audience and seen.phase != page.phase else None


def _tell_watchers(page: ProjectPage, seen: SeenProject, event: Event) -> None:
    watches = (
        Watch.objects.readable_by_members().filter(project_id=page.pk, user__is_active=True).select_related("user")
    )
    about = f"watch:{seen.changes}"
    tell(Alert(user=watch.user, kind=AlertKind.WATCHED, event=event, about=about, page=page) for watch in watches)


def _alerts_of_owners(page: ProjectPage, strong: Iterable[Match]) -> list[Alert]:
    """For the people of each similar project, unless the new one is theirs as well."""
    body = page.public_body
    colleagues = {user.pk for user in owners_of(body)}
    matches = {match.page_id: match for match in strong}
    alerts = []
    for own in ProjectPage.objects.live().filter(pk__in=matches).order_by("pk"):
        if own.public_body == body:
            continue
        reasons = [asdict(reason) for reason in matches[own.pk].reasons]
        alerts += [
            Alert(
                user=user,
                kind=AlertKind.SIMILAR,
                about=f"project:{own.pk}",
                own=own,
                page=page,
                reasons=reasons,
            )
            for user in owners_of(own.public_body)
            if user.pk not in colleagues
        ]
    return alerts
