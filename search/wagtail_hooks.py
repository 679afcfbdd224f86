"""The search in the admin: synonyms to edit, and what waits for the index."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from pages.choosers import NoChooserViewSet
from people.operations.system import HOOK as SYSTEM_HOOK
from projects.removal import entries as removal
from search.admin_site import system_facts
from search.admin_site.outbox_views import OutboxViewSet
from search.models import Synonym


class SynonymViewSet(SnippetViewSet):
    model = Synonym
    chooser_viewset_class = NoChooserViewSet
    icon = "group"
    list_display = ["words"]
    search_fields = ["words"]
    copy_view_enabled = False


class SearchGroup(SnippetViewSetGroup):
    menu_label = _("Search index")
    menu_icon = "search"
    menu_order = 320
    items = (SynonymViewSet, OutboxViewSet)


register_snippet(SearchGroup)
removal.KEPT.add(Synonym)

hooks.register(SYSTEM_HOOK, system_facts.search, order=15)
