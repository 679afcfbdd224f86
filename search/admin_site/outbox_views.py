"""The staff's view of the outbox: every field is written by the drain, a person only asks for another try."""

from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import Column
from wagtail.models import Page

from pages.retry_views import RetryIndexView, RetryViewSet, StateFilterSet
from search.models import OutboxEntry, OutboxState


def with_titles(entries: QuerySet[OutboxEntry]) -> QuerySet[OutboxEntry]:
    """With the title of each page, in one query; None for pages that are gone."""
    return entries.annotate(page_title=Subquery(Page.objects.filter(pk=OuterRef("page_id")).values("title")[:1]))


class OutboxFilterSet(StateFilterSet):
    state = ChoiceFilter(label=_("State"), choices=OutboxState.choices, method="in_state")

    class Meta:
        model = OutboxEntry
        fields: ClassVar[list[str]] = []


class OutboxIndexView(RetryIndexView):
    def get_base_queryset(self) -> Any:
        return with_titles(super().get_base_queryset())


class OutboxViewSet(RetryViewSet):
    """One row for each page that ever changed, latest change first."""

    model = OutboxEntry
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
    inspect_view_fields = [
        "page_id", "version", "synced_version", "fallback_version", "attempts", "is_dead", "next_try_at", "last_error",
    ]  # fmt: skip
    retry_template_name = "search/admin/retry.html"

    def retried(self, count: int) -> str:
        said = ngettext("%(count)d page is tried again.", "%(count)d pages are tried again.", count)
        return said % {"count": count}

    def title_of(self, row: OutboxEntry) -> str:
        return Page.objects.filter(pk=row.page_id).values_list("title", flat=True).first() or ""
