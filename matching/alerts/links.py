"""Streams of letters, and the capability URLs that end one of them: signed, without log-in, and valid for ever.

Whoever keeps an old letter can still unsubscribe with it (RFC 8058).
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction

from matching.models import Alert, AlertKind, AlertSettings, Rhythm, SavedSearch
from matching.models.alert import AlertQuerySet
from people.links.signed import SignedLink
from people.models import User

SIMILAR = "aehnlich"
WATCHED = "beobachtet"
SEARCH = "suche"


class Link(NamedTuple):
    """Whose letters, of which kind, and of which saved search (0: of none)."""

    user_id: int
    kind: str
    search_id: int


LINKS = SignedLink("matching.alerts", "alert_unsubscribe", Link._make)


@dataclass(frozen=True)
class Stream:
    """One person's letters of one kind: about similar projects, about what is watched, or of one saved search."""

    user: User
    kind: str
    search: SavedSearch | None = None

    @classmethod
    def of(cls, alert: Alert) -> "Stream":
        if alert.search is not None:
            return cls(alert.user, SEARCH, alert.search)
        return cls(alert.user, SIMILAR if alert.kind == AlertKind.SIMILAR else WATCHED)

    @property
    def is_about_similar(self) -> bool:
        return self.kind == SIMILAR

    @property
    def link(self) -> Link:
        return Link(self.user.pk, self.kind, self.search.pk if self.search else 0)

    @property
    def unsubscribe_url(self) -> str:
        return LINKS.url(self.link)

    @property
    def rhythm(self) -> Rhythm:
        """As it is in the database now."""
        if self.search is not None:
            return Rhythm(SavedSearch.objects.values_list("rhythm", flat=True).get(pk=self.search.pk))
        row = AlertSettings.objects.filter(user=self.user).first() or AlertSettings()
        return Rhythm(row.similar if self.is_about_similar else row.watched)

    @transaction.atomic
    def set_rhythm(self, rhythm: Rhythm) -> None:
        """From now on; who wants no letters also gets none of what was noted before."""
        if self.search is not None:
            kept = SavedSearch.objects.filter(pk=self.search.pk)
            # What came while no letters were wanted is not made up for.
            kept.filter(rhythm=Rhythm.NEVER).update(known=None)
            kept.update(rhythm=rhythm)
        else:
            field = "similar" if self.kind == SIMILAR else "watched"
            AlertSettings.objects.update_or_create(user=self.user, defaults={field: rhythm})
        if rhythm == Rhythm.NEVER:
            self.waiting().delete()

    def waiting(self) -> AlertQuerySet:
        found = Alert.objects.waiting().filter(user=self.user, search=self.search)
        if self.search is not None:
            return found
        is_similar = {"kind": AlertKind.SIMILAR}
        return found.filter(**is_similar) if self.kind == SIMILAR else found.exclude(**is_similar)


def read(signed: str) -> Stream | None:
    """The stream a link is about; None if nobody here wrote the link, or person or search are gone."""
    link = LINKS.read(signed)
    if link is None or link.kind not in {SIMILAR, WATCHED, SEARCH}:
        return None
    user = User.objects.filter(pk=link.user_id).first()
    search = SavedSearch.objects.filter(pk=link.search_id, user=user).first()
    if user is None or (link.kind == SEARCH and search is None):
        return None
    return Stream(user, link.kind, search)
