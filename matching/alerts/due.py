"""Whose letters are due: asked of all in a few statements, since most of what is noted waits for days."""

from datetime import datetime

from matching.alerts.links import SIMILAR, Stream
from matching.models import Alert, AlertSettings, Rhythm, SavedSearch
from people.models import User


def streams_due(now: datetime) -> list[Stream]:
    """Streams of active people for which something waits and whose pause is over."""
    waiting = Alert.objects.waiting()
    concerned = waiting.values("user")
    people = User.objects.filter(pk__in=concerned, is_active=True).in_bulk()
    settings = {row.user_id: row for row in AlertSettings.objects.filter(user__in=concerned)}
    searches = SavedSearch.objects.filter(pk__in=waiting.values("search")).defer("known").in_bulk()
    found: dict[Stream, None] = {}
    marks = waiting.order_by("user", "search", "kind").values_list("user", "search", "kind").distinct()
    for person, search, kind in marks:
        if person not in people or (search is not None and search not in searches):
            continue  # gone meanwhile
        stream = Stream.of(Alert(user=people[person], search=searches.get(search), kind=kind))
        if is_due(stream, stream.search or settings.get(person) or AlertSettings(user=people[person]), now):
            found[stream] = None
    return list(found)


def is_due(stream: Stream, row: AlertSettings | SavedSearch, now: datetime) -> bool:
    """Whether a letter may go now, by the row that says how often letters are wanted and when the last one went."""
    sent_at, rhythm = _state(stream, row)
    return rhythm.pause is not None and (sent_at is None or sent_at + rhythm.pause <= now)


def _state(stream: Stream, row: AlertSettings | SavedSearch) -> tuple[datetime | None, Rhythm]:
    if isinstance(row, SavedSearch):
        return row.sent_at, Rhythm(row.rhythm)
    if stream.kind == SIMILAR:
        return row.similar_sent_at, Rhythm(row.similar)
    return row.watched_sent_at, Rhythm(row.watched)
