"""The staff's list of reported barriers."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from knowledge.models import BarrierReport


class BarrierReportViewSet(SnippetViewSet):
    """Oldest unanswered first: each must be answered within a month."""

    model = BarrierReport
    icon = "warning"
    menu_label = _("Barrier reports")
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["__str__", "address", "answer_due_on", "answered_at"]
    list_filter = {"answered_at": ["isnull"]}
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
