"""What the second of two reads who decide about the same thing: how it stands by now, and who has done it."""

from datetime import datetime

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.log_actions import registry


def tell(request: HttpRequest, title: str, what: str = "", who: object = None, when: datetime | None = None) -> None:
    """A message on the next page, in place of an error; what is not known is left out of it."""
    text = _("“%(title)s” is settled already; nothing was changed.") % {"title": title}
    day = date_format(localtime(when), "DATETIME_FORMAT") if when else ""
    if known := ", ".join(filter(None, (str(who or ""), day))):
        what = f"{what} ({known})".strip()
    messages.warning(request, f"{text} {what}." if what else text)


def tell_from_history(request: HttpRequest, title: str, thing: Model, *actions: str) -> None:
    """The same, with the last of these actions that the history of the thing has."""
    entries = registry.get_logs_for_instance(thing).filter(action__in=actions).select_related("user")
    if last := entries.order_by("-timestamp", "-pk").first():
        tell(request, title, last.message, last.user_display_name, last.timestamp)
    else:
        tell(request, title)
