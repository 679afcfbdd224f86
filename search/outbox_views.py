"""The staff's view of the outbox: what waits for the index, what failed, what was given up; and the button to retry.

Every field is written by the drain; a person only asks for another try.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Page
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from pages.choosers import NoChooserViewSet
from search.models import OutboxEntry, OutboxQuerySet, OutboxState

# Whoever may see what was given up may ask for another try: it changes no content.
RETRY_PERMISSION = "search.view_outboxentry"
# What a person's retry helps: the others are tried without one.
RETRIED = Q(is_dead=True) | Q(attempts__gt=0)


def retry_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then try one page again."""
    _require_right(request)
    entries = OutboxEntry.objects.filter(pk=pk)
    entry = get_object_or_404(with_titles(entries))
    return _retry(request, entries, {"entry": entry})


def retry_all(request: HttpRequest) -> HttpResponse:
    """Ask, then try everything again that failed or was given up."""
    _require_right(request)
    return _retry(request, OutboxEntry.objects.pending().filter(RETRIED), {})


def _require_right(request: HttpRequest) -> None:
    if not request.user.has_perm(RETRY_PERMISSION):
        raise PermissionDenied


def _retry(request: HttpRequest, entries: OutboxQuerySet, context: dict[str, Any]) -> HttpResponse:
    everything = reverse(OutboxViewSet().get_url_name("list"))
    if request.method == "POST":
        count = entries.retry()
        messages.success(
            request,
            ngettext("%(count)d page is tried again.", "%(count)d pages are tried again.", count) % {"count": count},
        )
        return redirect(everything)
    context = {**context, "count": entries.pending().count(), "cancel_url": everything}
    return render(request, "search/admin/retry.html", context)


def with_titles(entries: QuerySet[OutboxEntry]) -> QuerySet[OutboxEntry]:
    """With the title of each page, in one query; None for pages that are gone."""
    return entries.annotate(page_title=Subquery(Page.objects.filter(pk=OuterRef("page_id")).values("title")[:1]))


class OutboxFilterSet(WagtailFilterSet):
    """What waits, what failed, what was given up."""

    state = ChoiceFilter(label=_("State"), choices=OutboxState.choices, method="in_state")

    class Meta:
        model = OutboxEntry
        fields: ClassVar[list[str]] = []

    def in_state(self, entries: OutboxQuerySet, name: str, value: str) -> OutboxQuerySet:
        return entries.in_state(value)


class OutboxIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return with_titles(super().get_base_queryset())

    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons = super().header_buttons
        if OutboxEntry.objects.pending().filter(RETRIED).exists():
            url = reverse(OutboxViewSet().get_url_name("retry_all"))
            buttons.append(HeaderButton(_("Try all again"), url=url, icon_name="rotate"))
        return buttons

    def get_list_more_buttons(self, instance: OutboxEntry) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        if instance.state in (OutboxState.DEAD, OutboxState.FAILING):
            url = reverse(OutboxViewSet().get_url_name("retry"), args=[instance.pk])
            buttons.append(Button(_("Try again"), url=url, icon_name="rotate", priority=15))
        return buttons


class OutboxViewSet(SnippetViewSet):
    """One row for each page that ever changed, latest change first."""

    model = OutboxEntry
    chooser_viewset_class = NoChooserViewSet
    icon = "history"
    index_view_class = OutboxIndexView
    list_display = [
        "page_id",
        Column("page_title", label=_("Page")),
        Column("state", label=_("State"), accessor="state.label"),
        "changed_at",
        "synced_at",
        "attempts",
        Column("next_try_at", label=_("Next attempt")),
        "last_error",
    ]
    filterset_class = OutboxFilterSet
    inspect_view_enabled = True
    inspect_view_fields = [
        "page_id", "version", "synced_version", "fallback_version", "attempts", "is_dead", "next_try_at", "last_error",
    ]  # fmt: skip
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("retry/<int:pk>/", retry_entry, name="retry"),
            path("retry/", retry_all, name="retry_all"),
        ]
