"""What check records add to the page of a project, to the admin, and to what a person is told about themselves.

Imported by `wagtail_hooks`.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from matching.models import CheckRecord, ReuseCatalogue
from pages.choosers import NoChooserViewSet
from pages.slots import fill
from people.models import User
from people.privacy.personal_data import HOOK
from projects.removal import entries as removal


class ReuseCatalogueViewSet(SnippetViewSet):
    """Where else one looks before building, kept by the staff."""

    model = ReuseCatalogue
    chooser_viewset_class = NoChooserViewSet
    icon = "search"
    menu_label = _("Other catalogues")
    menu_order = 330
    add_to_settings_menu = True
    list_display = ("name", "url", "is_active", "sort_order")
    copy_view_enabled = False


register_snippet(ReuseCatalogueViewSet)
removal.KEPT.add(ReuseCatalogue)
fill("project_aside", "matching/record_link.html", order=30)


@hooks.register(HOOK)
def name_records(user: User) -> dict[str, Any]:
    issued = CheckRecord.objects.filter(issued_by=user).select_related("project")
    return {
        "check_records": [
            {"at": record.issued_at.isoformat(), "number": record.number, "project": record.project.title}
            for record in issued
        ]
    }
