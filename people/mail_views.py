"""The staff's view of letters that did not go out: what waits, what failed, what was given up; and the button to retry.

Nobody is shown what a letter says: it may carry a link that opens somebody's account.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from pages.choosers import NoChooserViewSet
from people.models import QueuedMail
from people.models.mail import MailState, QueuedMailQuerySet

# Whoever may see what was given up may ask for another try: it changes no letter.
RETRY_PERMISSION = "people.view_queuedmail"


def retry_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then try one letter again."""
    _require_right(request)
    mails = QueuedMail.objects.filter(pk=pk)
    if (mail := mails.first()) is None:
        messages.info(request, _("This mail waits no longer: it has gone out, or was deleted."))
        return redirect(address_of_list())
    return _retry(request, mails, {"mail": mail})


def retry_all(request: HttpRequest) -> HttpResponse:
    """Ask, then try everything again that failed or was given up."""
    _require_right(request)
    return _retry(request, QueuedMail.objects.all(), {})


def _require_right(request: HttpRequest) -> None:
    if not request.user.has_perm(RETRY_PERMISSION):
        raise PermissionDenied


def _retry(request: HttpRequest, mails: QueuedMailQuerySet, context: dict[str, Any]) -> HttpResponse:
    everything = address_of_list()
    if request.method == "POST":
        count = mails.retry()
        messages.success(
            request,
            ngettext("%(count)d mail is tried again.", "%(count)d mails are tried again.", count) % {"count": count},
        )
        return redirect(everything)
    context = {**context, "count": mails.retriable().count(), "cancel_url": everything}
    return render(request, "people/admin/retry_mail.html", context)


def address_of_list(state: MailState | None = None) -> str:
    """Where the letters are listed: all, or those in one state."""
    everything = reverse(QueuedMailViewSet().get_url_name("list"))
    return f"{everything}?state={state.value}" if state else everything


class QueuedMailFilterSet(WagtailFilterSet):
    """What waits, what failed, what was given up."""

    state = ChoiceFilter(label=_("State"), choices=MailState.choices, method="in_state")

    class Meta:
        model = QueuedMail
        fields: ClassVar[list[str]] = []

    def in_state(self, mails: QueuedMailQuerySet, name: str, value: str) -> QueuedMailQuerySet:
        return mails.in_state(value)


class QueuedMailIndexView(IndexView):
    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons = super().header_buttons
        if QueuedMail.objects.retriable().exists():
            url = reverse(QueuedMailViewSet().get_url_name("retry_all"))
            buttons.append(HeaderButton(_("Try all again"), url=url, icon_name="rotate"))
        return buttons

    def get_list_more_buttons(self, instance: QueuedMail) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        if instance.is_retriable:
            url = reverse(QueuedMailViewSet().get_url_name("retry"), args=[instance.pk])
            buttons.append(Button(_("Try again"), url=url, icon_name="rotate", priority=15))
        return buttons


class QueuedMailViewSet(SnippetViewSet):
    """One row for each letter that was not sent, latest first."""

    model = QueuedMail
    chooser_viewset_class = NoChooserViewSet
    icon = "mail"
    menu_hook = "register_reports_menu_item"
    menu_label = _("Mails not sent yet")
    menu_order = 910
    index_view_class = QueuedMailIndexView
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
    inspect_view_enabled = True
    inspect_view_fields = ["subject", "addresses", "created_at", "attempts", "next_try_at", "is_dead", "last_error"]
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("retry/<int:pk>/", retry_mail, name="retry"),
            path("retry/", retry_all, name="retry_all"),
        ]
