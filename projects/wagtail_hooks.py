"""The rooms of the admin that belong to projects: register and vocabularies, and who gets which file."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from projects.editor import hooks as editor_hooks  # noqa: F401  (some register their hooks)
from projects.editor.bulk_edit import BulkEdit, register_bulk_edit
from projects.editor.term_widget import term_suggestions
from projects.files import hooks as upload_hooks  # noqa: F401  (some register their hooks)
from projects.files.serving import may_fetch
from projects.models import (
    ArtefactKind,
    Association,
    CentralSolution,
    District,
    FieldOfAction,
    Licence,
    Municipality,
    OzgField,
    OzgService,
    ServiceKey,
    State,
)
from projects.removal import entries as removal
from projects.removal import (
    page_removal,
    undo_views,
)
from projects.removal import views as removal_views
from projects.removal.tag_views import TagViewSet
from projects.removal.views import KeptViewSet


class StateViewSet(KeptViewSet):
    model = State
    icon = "site"
    list_display = ["name", "key", "iso"]
    copy_view_enabled = False


class DistrictViewSet(KeptViewSet):
    model = District
    icon = "site"
    list_display = ["name", "kind", "state", "key", BooleanColumn("is_example", label=_("Example"))]
    list_filter = ["state", "kind"]
    copy_view_enabled = False


class AssociationViewSet(KeptViewSet):
    model = Association
    icon = "site"
    list_display = ["name", "kind", "district", "key"]
    list_filter = ["kind"]
    copy_view_enabled = False


class MunicipalityViewSet(KeptViewSet):
    model = Municipality
    icon = "site"
    list_display = ["name", Column("place_label", label=_("Place")), "ags", "inhabitants", "valid_to"]
    list_filter = ["state", "size_class", "is_example"]
    copy_view_enabled = False


class RegisterGroup(SnippetViewSetGroup):
    menu_label = _("Register")
    menu_icon = "site"
    menu_order = 300
    items = (MunicipalityViewSet, AssociationViewSet, DistrictViewSet, StateViewSet)


class FieldOfActionViewSet(KeptViewSet):
    model = FieldOfAction
    icon = "tag"
    list_display = ["name", "slug", "sort_order"]


class ArtefactKindViewSet(KeptViewSet):
    model = ArtefactKind
    icon = "doc-full"
    list_display = ["name", "slug", "sort_order"]


class LicenceViewSet(KeptViewSet):
    model = Licence
    icon = "key"
    list_display = ["spdx_id", "name", "sort_order"]
    search_fields = ["spdx_id", "name"]


class OzgFieldViewSet(KeptViewSet):
    model = OzgField
    icon = "list-ul"
    list_display = ["name", "slug", "sort_order"]


class CentralSolutionViewSet(KeptViewSet):
    model = CentralSolution
    icon = "globe"
    list_display = ["name", "actor", "service", "field", "valid_to"]
    search_fields = ["name", "actor"]


class OzgServiceViewSet(KeptViewSet):
    model = OzgService
    icon = "list-ul"
    list_display = ["name", "ozg_id", "field", "situation"]
    list_filter = ["field"]


class ServiceKeyViewSet(KeptViewSet):
    model = ServiceKey
    icon = "list-ul"
    list_display = ["name", "key", "leika_type", "service"]
    list_filter = ["leika_type"]


class VocabularyGroup(SnippetViewSetGroup):
    menu_label = _("Vocabularies")
    menu_icon = "tag"
    menu_order = 310
    items = (
        TagViewSet,
        FieldOfActionViewSet,
        ArtefactKindViewSet,
        LicenceViewSet,
        OzgFieldViewSet,
        CentralSolutionViewSet,
        OzgServiceViewSet,
        ServiceKeyViewSet,
    )


# The register's units are not merged: a reform says what became of one. Who deletes one by mistake gets it back.
removal.KEPT.update({State, District, Association, Municipality})

register_snippet(RegisterGroup)
register_snippet(VocabularyGroup)
hooks.register("register_bulk_action", BulkEdit)
hooks.register("register_log_actions", register_bulk_edit)
hooks.register("register_log_actions", removal.name_actions)
hooks.register("register_log_actions", page_removal.name_page_actions)
hooks.register("before_delete_snippet", removal_views.before_deletion)
hooks.register("after_delete_page", undo_views.tell_way_back)
hooks.register("after_bulk_action", undo_views.tell_way_back_of_many)


@hooks.register("register_admin_urls")
def add_term_suggestions() -> list[URLPattern]:
    return [path("katalog/<str:catalogue>/", term_suggestions, name="term_suggestions")]


@hooks.register("register_admin_urls")
def add_removed_entries() -> list[URLPattern]:
    return [
        path("geloescht/", undo_views.removed, name="removed_entries"),
        path("geloescht/seite/<int:pk>/", undo_views.restore_page, name="restore_page"),
        path("geloescht/seite/<int:pk>/endgueltig/", undo_views.forget_page, name="forget_page"),
    ]


@hooks.register("register_reports_menu_item")
def lead_to_removed_entries() -> MenuItem:
    return undo_views.UndoMenuItem(_("Deleted and merged"), reverse("removed_entries"), icon_name="bin", order=800)


@hooks.register("before_serve_document")
def serve_only_public_files(document: Any, request: HttpRequest) -> None:
    """A draft's file is as private as the draft; to a stranger it does not exist."""
    if not may_fetch(document, request):
        raise Http404
