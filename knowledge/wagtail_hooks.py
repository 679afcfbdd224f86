"""The staff's list of reported barriers."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from knowledge.models import BarrierReport
from pages.choosers import NoChooserViewSet


class BarrierReportFilterSet(WagtailFilterSet):
    """Which reports still wait."""

    waiting = BooleanFilter(
        field_name="answered_at",
        lookup_expr="isnull",
        label=_("Waiting for an answer"),
        widget=forms.RadioSelect(choices=[("", _("All")), ("true", _("Yes")), ("false", _("No"))]),
    )

    class Meta:
        model = BarrierReport
        fields: ClassVar[list[str]] = []


class BarrierReportViewSet(SnippetViewSet):
    """Oldest unanswered first: each must be answered within a month."""

    model = BarrierReport
    chooser_viewset_class = NoChooserViewSet
    icon = "warning"
    menu_label = _("Barrier reports")
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["__str__", "address", Column("answer_due_on", label=_("Answer due on")), "answered_at"]
    filterset_class = BarrierReportFilterSet
    copy_view_enabled = False
    panels = (
        FieldPanel("address", read_only=True),
        FieldPanel("description", read_only=True),
        FieldPanel("name", read_only=True),
        FieldPanel("email", read_only=True),
        FieldPanel("answer"),
        FieldPanel("answered_at"),
    )


register_snippet(BarrierReportViewSet)
