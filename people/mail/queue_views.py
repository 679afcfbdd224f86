"""The staff's view of letters that did not go out. Nobody is shown what one says: it may open somebody's account."""

from typing import ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import Column

from pages.retries import QueueState
from pages.retry_views import RetryViewSet, StateFilterSet
from people.models import QueuedMail


def address_of_list(state: QueueState | None = None) -> str:
    """Where the letters are listed: all, or those in one state."""
    everything = reverse(QueuedMailViewSet().get_url_name("list"))
    return f"{everything}?state={state.value}" if state else everything


class QueuedMailFilterSet(StateFilterSet):
    state = ChoiceFilter(label=_("State"), choices=QueueState.choices, method="in_state")

    class Meta:
        model = QueuedMail
        fields: ClassVar[list[str]] = []


class QueuedMailViewSet(RetryViewSet):
    """One row for each letter that was not sent, latest first."""

    model = QueuedMail
    icon = "mail"
    menu_hook = "register_reports_menu_item"
    menu_label = _("Mails not sent yet")
    menu_order = 910
    ordering = "-created_at"
    list_display = [
        "subject",
        Column("addresses", label=_("To")),
        Column("state", label=_("State"), accessor="state.label"),
        "created_at",
        "attempts",
        Column("planned_for", label=_("Next attempt")),
        "last_error",
    ]
    filterset_class = QueuedMailFilterSet
    inspect_view_fields = ["subject", "addresses", "created_at", "attempts", "next_try_at", "is_dead", "last_error"]
    retry_template_name = "people/admin/retry_mail.html"

    def retried(self, count: int) -> str:
        said = ngettext("%(count)d mail is tried again.", "%(count)d mails are tried again.", count)
        return said % {"count": count}

    def gone(self, request: HttpRequest) -> HttpResponse:
        messages.info(request, _("This mail waits no longer: it has gone out, or was deleted."))
        return redirect(address_of_list())
