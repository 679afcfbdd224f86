"""What alerts add to the worker and to the pages of other apps; imported by `wagtail_hooks`."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from matching.alerts import events as alerts
from matching.alerts import letters as alerts_letters
from matching.alerts import saved
from matching.models import AlertSettings
from pages.slots import fill
from people.admin_site.visibility import titles_for
from people.models import User
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job
from people.privacy.personal_data import HOOK as PERSONAL_DATA_HOOK

# Whoever wants letters at once means minutes; a run without news costs a few statements.
OFTEN = timedelta(minutes=1)
# Every kept search asks the engine, if anything has changed.
NOW_AND_THEN = timedelta(minutes=5)

fill("project_aside", "matching/watch_button.html", order=10)
fill("search_results", "matching/watch_search.html")


@hooks.register(JOBS_HOOK)
def offer_alerts() -> list[Job]:
    return [
        Job("alerts", _("Looking for similar projects"), OFTEN, alerts.run),
        Job("saved_searches", _("Looking what kept searches find"), NOW_AND_THEN, saved.run),
        Job("alert_letters", _("Letters about similar and watched projects"), OFTEN, alerts_letters.deliver),
    ]


@hooks.register(PERSONAL_DATA_HOOK)
def tell_what_is_stored(user: User) -> dict[str, Any]:
    """What the person watches and was told; it goes with the account."""
    settings = AlertSettings.objects.filter(user=user)
    pages = [*user.watches.values_list("project", flat=True), *user.alerts.values_list("page", flat=True)]
    titles = titles_for(user, pages)
    return {
        "notification_settings": list(settings.values("similar", "watched")),
        "saved_searches": [
            {"name": row.name, "search": row.parameters, "letters": row.rhythm, "since": row.created_at.isoformat()}
            for row in user.saved_searches.all()
        ],
        "watched_projects": [
            {"project": titles[watch.project_id], "since": watch.created_at.isoformat()} for watch in user.watches.all()
        ],
        "alerts": [
            {
                "kind": alert.kind,
                "because_of": titles[alert.page_id],
                "noted": alert.created_at.isoformat(),
                "told": alert.sent_at.isoformat() if alert.sent_at else None,
            }
            for alert in user.alerts.all()
        ],
    }
