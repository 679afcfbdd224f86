"""What the second of two reads who decide about the same thing: how it stands, who did it, what they had typed."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.log_actions import registry


def tell(
    request: HttpRequest,
    title: str,
    what: str = "",
    who: object = None,
    when: datetime | None = None,
    *,
    form: forms.BaseForm | None = None,
) -> None:
    """A message on the next page, in place of an error; what is not known is left out of it.

    The texts of the form that was sent stand in it: nobody gets them any more, and they are kept nowhere.
    """
    text = _("“%(title)s” is settled already; nothing was changed.") % {"title": title}
    day = date_format(localtime(when), "DATETIME_FORMAT") if when else ""
    if known := ", ".join(filter(None, (str(who or ""), day))):
        what = f"{what} ({known})".strip()
    text = f"{text} {what}." if what else text
    messages.warning(request, format_html("{}{}", text, said) if (said := _typed(form)) else text)


def _typed(form: forms.BaseForm | None) -> str:
    """What was written into its large fields, by their labels; empty if nothing was."""
    fields = [field for field in form or () if isinstance(field.field.widget, forms.Textarea)]
    texts = [(field.label, field.value()) for field in fields if field.form.is_bound and field.value()]
    if not texts:
        return ""
    rows = ((label, mark_safe(linebreaks(text, autoescape=True))) for label, text in texts)  # noqa: S308  (escapes)
    list_of_them = format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows)
    return format_html(
        "<p>{}</p><dl>{}</dl>", _("What you typed was not sent. To keep it, copy it from here:"), list_of_them
    )


def tell_from_history(
    request: HttpRequest, title: str, thing: Model, *actions: str, form: forms.BaseForm | None = None
) -> None:
    """Like `tell`, with the last of these actions that the history of the thing has."""
    entries = registry.get_logs_for_instance(thing).filter(action__in=actions).select_related("user")
    if last := entries.order_by("-timestamp", "-pk").first():
        tell(request, title, last.message, last.user_display_name, last.timestamp, form=form)
    else:
        tell(request, title, form=form)
