"""A demand: what several need and nobody offers yet. Staff open it, bodies join it, a new project answers it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from matching.models import Alert, AlertKind, Demand, DemandSupport, Event, SearchMiss
from matching.telling import tell
from people.models import User
from people.teams.teams import owners_of
from projects.models import BodyPage, ProjectPage
from search.engines import Engine, EngineError
from search.engines.guard import ask
from search.engines.queries import Query
from search.kinds.base import KIND
from search.kinds.projects import Projects
from search.query.understanding import understand
from search.similar.finding import Draft
from search.similar.matches import find

# As many projects with all words of a demand are looked at; one that answers it stands among the first.
MOST_HITS = 20
MOST_ALIKE = 10


class ClosedError(Exception):
    """Somebody else has closed the demand in the meantime."""


@transaction.atomic
def open_for(demand: Demand, miss: SearchMiss | None, by: User) -> Demand:
    """Open a demand; the query it was opened for need not be looked at again."""
    demand.opened_by = by
    demand.save()
    if miss:
        SearchMiss.objects.filter(pk=miss.pk).update(demand=demand)
    return demand


def join(demand: Demand, body: BodyPage, by: User | None) -> DemandSupport:
    """The body needs the same; once is enough. Raises ValueError for a closed demand."""
    if not demand.is_open:
        raise ValueError("Nobody joins a demand that is closed.")
    return DemandSupport.objects.get_or_create(demand=demand, body=body, defaults={"joined_by": by})[0]


def leave(demand: Demand, body: BodyPage) -> None:
    DemandSupport.objects.filter(demand=demand, body=body).delete()


def hand_over(body: BodyPage, heir: BodyPage) -> None:
    """Receiver of `people.reform.succession.HOOK`: the heir of a body needs what the body needed, once."""
    needed = DemandSupport.objects.filter(body=heir).order_by().values("demand")
    DemandSupport.objects.filter(body=body, demand__in=needed).delete()
    DemandSupport.objects.filter(body=body).order_by().update(body=heir)


def personal_data(user: User) -> dict[str, Any]:
    """Receiver of `people.privacy.personal_data.HOOK`: the demands the person opened, and joined for a body."""
    supports = DemandSupport.objects.filter(joined_by=user).select_related("demand", "body")
    return {
        "demands_opened": [
            {"at": row.opened_at.isoformat(), "title": row.title} for row in Demand.objects.filter(opened_by=user)
        ],
        "demands_joined": [
            {"at": row.joined_at.isoformat(), "demand": row.demand.title, "body": row.body.title} for row in supports
        ],
    }


@transaction.atomic
def close(demand: Demand, answer: ProjectPage | None, note: str) -> None:
    """End a demand, with the project that answers it if there is one; those who need it are told.

    Raises ClosedError for the second of two.
    """
    values = {"closed_at": timezone.now(), "answer": answer, "closing_note": note}
    if not Demand.objects.filter(pk=demand.pk, closed_at=None).update(**values):
        raise ClosedError
    demand.refresh_from_db()
    if answer:
        tell(_alerts(demand, answer, Event.ANSWERED))


@transaction.atomic
def reopen(demand: Demand) -> None:
    demand.closed_at, demand.answer, demand.closing_note = None, None, ""
    demand.save(update_fields=["closed_at", "answer", "closing_note"])


def found_for_demands() -> dict[int, list[Demand]]:
    """For each project that fits an open demand: which ones. Raises EngineError."""
    found: dict[int, list[Demand]] = {}
    for demand in Demand.objects.open().filter(supports__isnull=False).distinct():
        for number in sorted(_with_all_words(demand) | _alike(demand)):
            found.setdefault(number, []).append(demand)
    return found


def _with_all_words(demand: Demand) -> set[int]:
    """Projects that contain all words of the demand, as they were typed and not as they might be meant."""

    def question(engine: Engine) -> set[int]:
        understood = understand(demand.query, engine=engine, audience="members", favour_places=False)
        if not understood.groups or understood.corrections:
            return set()
        query = understood.applied_to(Query(filters={KIND: (Projects.key,)}, limit=MOST_HITS, with_content=False))
        hits = engine.search(replace(query, minimum=len(query.groups)), audience="members").hits
        return {hit.page_id for hit in hits}

    return ask(question).value


def _alike(demand: Demand) -> set[int]:
    """Projects that are much like what the demand says, in whatever words."""
    found = find(Draft(title=demand.title, summary=demand.description), audience="members", limit=MOST_ALIKE)
    if found.is_outage or found.is_meaning_late:
        raise EngineError("No similar projects could be looked for.")
    return {match.page_id for match in found.items if match.is_strong}


def alerts_of_supporters(page: ProjectPage, demands: Iterable[Demand]) -> list[Alert]:
    """For the people of all bodies that need what the new project offers, unless it is their own."""
    own = page.public_body.pk
    return [alert for demand in demands for alert in _alerts(demand, page, Event.APPEARED, without_body=own)]


def _alerts(demand: Demand, page: ProjectPage, event: Event, without_body: int | None = None) -> Sequence[Alert]:
    bodies = [support.body for support in demand.supports.exclude(body=without_body).select_related("body")]
    people = {user.pk: user for body in bodies for user in owners_of(body)}
    about = f"demand:{demand.pk}:{event}"
    return [
        Alert(user=user, kind=AlertKind.DEMAND, event=event, about=about, demand=demand, page=page)
        for user in people.values()
    ]
