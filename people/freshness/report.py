"""The staff's list of entries with their age: what is to be confirmed, what is orphaned."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from pages.tree import parent_path
from people.rights import is_staff
from projects.models import BodyPage, Freshness, FreshnessState, Phase
from projects.models.freshness import ARTICLE


class FreshnessFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=FreshnessState.choices, widget=forms.CheckboxSelectMultiple
    )
    subject = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Phase"),
        choices=[*Phase.choices, (ARTICLE, gettext_lazy("Articles"))],
        widget=forms.CheckboxSelectMultiple,
    )
    title = django_filters.CharFilter(
        label=gettext_lazy("Title contains"), field_name="page__title", lookup_expr="icontains"
    )

    class Meta:
        model = Freshness
        fields = ("state", "subject", "title")


class EntryColumn(TitleColumn):
    """The title, with what can be done about the entry."""

    cell_template_name = "people/admin/freshness_entry.html"

    def get_cell_context_data(self, instance: Freshness, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "csrf_token": get_token(context["request"])}


class FreshnessReport(ReportView):
    """Who has not been heard of for how long; staff give orphaned entries to others from here."""

    model = Freshness
    page_title = gettext_lazy("Freshness of entries")
    header_icon = "history"
    index_url_name = "freshness_report"
    index_results_url_name = "freshness_report_results"
    filterset_class = FreshnessFilterSet
    default_ordering = "review_due"
    list_export = ("page.title", "body", "get_state_display", "confirmed_at", "review_due", "reminders", "orphaned_at")
    export_headings = {
        "page.title": gettext_lazy("Title"),
        "body": gettext_lazy("Body"),
        "get_state_display": gettext_lazy("State"),
        "confirmed_at": gettext_lazy("Last confirmed"),
        "review_due": gettext_lazy("To be confirmed by"),
        "reminders": gettext_lazy("Reminders"),
        "orphaned_at": gettext_lazy("Orphaned since"),
    }
    columns = [
        EntryColumn("title", accessor="page.title", classname="dsr-entrycell", label=gettext_lazy("Title"),
                    sort_key="page__title",
                    get_url=lambda entry: reverse("wagtailadmin_pages:edit", args=[entry.page_id])),
        Column("body", label=gettext_lazy("Body")),
        Column("state", accessor="get_state_display", label=gettext_lazy("State"), sort_key="state"),
        DateColumn("confirmed_at", label=gettext_lazy("Last confirmed"), sort_key="confirmed_at"),
        DateColumn("review_due", label=gettext_lazy("To be confirmed by"), sort_key="review_due"),
        Column("reminders", label=gettext_lazy("Reminders"), sort_key="reminders"),
    ]  # fmt: skip

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_staff(request.user):
            raise PermissionDenied
        answered: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answered

    def get_base_queryset(self) -> QuerySet[Freshness]:
        return Freshness.objects.public().select_related("page").order_by("review_due", "pk")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Name the body of each entry; an article has none."""
        parents = {parent_path(entry.page.path) for entry in object_list}
        titles = dict(BodyPage.objects.filter(path__in=parents).values_list("path", "title"))
        for entry in object_list:
            entry.body = titles.get(parent_path(entry.page.path), "")
        return object_list


freshness_report = FreshnessReport.as_view()
freshness_report_results = FreshnessReport.as_view(results_only=True)
