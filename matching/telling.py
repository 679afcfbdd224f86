"""Notifies people of a project that concerns them: alerts are stored here and sent by letter later."""

from collections.abc import Iterable

from matching.models import Alert, AlertKind, AlertSettings, Rhythm
from people.models import User


def tell(alerts: Iterable[Alert]) -> None:
    """Keep these alerts for their letters, except for people who want none and what they were told before."""
    wanted = list(alerts)
    chosen = {row.user_id: row for row in AlertSettings.objects.filter(user__in={alert.user_id for alert in wanted})}
    kept = [alert for alert in wanted if rhythm_of(alert, chosen.get(alert.user_id)) != Rhythm.NEVER]
    Alert.objects.bulk_create(kept, ignore_conflicts=True)


def rhythm_of(alert: Alert, settings: AlertSettings | None) -> Rhythm:
    """How soon it is to be told; without settings the defaults hold."""
    if alert.search is not None:
        return Rhythm(alert.search.rhythm)
    kept = settings or AlertSettings()
    return Rhythm(kept.similar if alert.kind == AlertKind.SIMILAR else kept.watched)


def hears_of_watched(user: User) -> bool:
    """False for somebody who wants no letters about what they watch, nor about demands their bodies share."""
    return not AlertSettings.objects.filter(user=user, watched=Rhythm.NEVER).exists()
