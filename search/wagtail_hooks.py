"""The search in the admin: synonyms to edit, and what waits for the index."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import NumberFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from search.models import OutboxEntry, Synonym


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    icon = "group"
    list_display = ["words"]
    search_fields = ["words"]
    copy_view_enabled = False


class OutboxFilterSet(WagtailFilterSet):
    """What did not work at once."""

    attempts = NumberFilter(field_name="attempts", lookup_expr="gte", label=_("At least so many failed attempts"))

    class Meta:
        model = OutboxEntry
        fields: ClassVar[list[str]] = []


class OutboxViewSet(SnippetViewSet):
    """For looking only: every field is written by the drain."""

    model = OutboxEntry
    icon = "history"
    list_display = [
        "page_id",
        BooleanColumn("is_pending", label=_("Waiting")),
        "changed_at",
        "synced_at",
        "attempts",
        Column("next_try_at", label=_("Next attempt")),
        "last_error",
    ]
    filterset_class = OutboxFilterSet
    inspect_view_enabled = True
    inspect_view_fields = ["page_id", "version", "synced_version", "attempts", "next_try_at", "last_error"]
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = []


class SearchGroup(SnippetViewSetGroup):
    menu_label = _("Search index")
    menu_icon = "search"
    menu_order = 320
    items = (SynonymViewSet, OutboxViewSet)


register_snippet(SearchGroup)
