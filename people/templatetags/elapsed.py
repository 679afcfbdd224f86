"""How long ago something was, for lists of what waits."""

from datetime import datetime, timedelta

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def ago(moment: datetime) -> str:
    """In whole days from one day on; Django's German for them ("5 Tage her") reads like a slip."""
    elapsed = timezone.now() - moment
    if elapsed < timedelta(days=1):
        return str(naturaltime(moment))
    return ngettext("%(count)d day ago", "%(count)d days ago", elapsed.days) % {"count": elapsed.days}
