"""The staff's view of tags: approve what editors proposed, merge what means the same."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView

from projects.models import ProjectTag
from projects.removal.views import KeptViewSet


class TagIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().annotate(uses=Count("tagged_projects"))

    def get_list_more_buttons(self, instance: ProjectTag) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        # The same page as for deleting: it says who uses the tag, and offers what fits.
        if url := self.get_delete_url(instance):
            buttons.append(Button(_("Merge"), url=url, icon_name="resubmit", priority=15))
        return buttons


class TagViewSet(KeptViewSet):
    """Tags with their use, proposals first."""

    model = ProjectTag
    icon = "tag"
    list_display = [
        "name",
        "slug",
        Column("uses", label=_("Projects"), sort_key="uses"),
        BooleanColumn("is_approved", label=_("Approved")),
    ]
    list_filter = ["is_approved"]
    ordering = ["is_approved", "name"]
    copy_view_enabled = False
    index_view_class = TagIndexView
