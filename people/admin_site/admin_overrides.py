"""Addresses of Wagtail that would say or do too much.

Those that take a password lead to the one log-in, which asks for the second factor; some choosers are asked first
whether the person may see the page; none takes a file that our forms have not checked; what takes a page away says
which pages are protected.
"""

from collections.abc import Callable

from allauth.account.views import logout
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.defaults import page_not_found
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action import index as bulk_actions
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.documents.views import documents
from wagtail.documents.views import multiple as multiple_documents
from wagtail.images.views import images
from wagtail.images.views import multiple as multiple_images

from pages.protection_views import explained, explained_in_bulk
from people.admin_site import visibility, wagtail_uploads
from projects.files.removal import unless_used, unless_used_in_bulk


def _explained(name: str, number: str) -> Callable[..., HttpResponseBase]:
    """Wagtail's view of that name, whose address has the page's number under `number`."""
    view = explained(page_viewset_registry.as_view(name, page_id_kwarg=number))
    guarded: Callable[..., HttpResponseBase] = require_admin_access(view)
    return guarded


to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns: list[URLPattern] = [
    path("admin/login/", to_login),
    path("admin/logout/", logout),
    re_path(r"^admin/password_reset/", RedirectView.as_view(url="/konto/passwort/vergessen/")),
    path("_util/login/", to_login),
    # Wagtail shows these to everybody in the admin, whatever page it is.
    path("admin/choose-page/<int:parent_page_id>/", require_admin_access(visibility.browse_below)),
    path("admin/choose-page/chosen-multiple/", require_admin_access(visibility.note_chosen)),
    path(
        "admin/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/",
        require_admin_access(visibility.confirm_move),
    ),
    path("admin/account/", require_admin_access(wagtail_uploads.AccountWithoutPortrait.as_view())),
    path("admin/documents/multiple/add/", require_admin_access(wagtail_uploads.AddDocuments.as_view())),
    path("admin/images/multiple/add/", require_admin_access(wagtail_uploads.AddImages.as_view())),
    path("admin/redirects/import/", require_admin_access(wagtail_uploads.import_redirects)),
    # Wagtail asks for a password whatever kind of restriction it is, and names the page.
    path("_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/", visibility.ask_for_password),
    path("admin/pages/<int:page_id>/copy/", require_admin_access(visibility.CopyBelowNamedPage.as_view())),
    # Wagtail's refusals do not say why.
    path("admin/pages/<int:page_id>/delete/", _explained("delete", "page_id")),
    path("admin/pages/<int:page_id>/unpublish/", _explained("unpublish", "page_id")),
    path("admin/pages/<int:page_to_move_id>/move/", _explained("move", "page_to_move_id")),
    path(
        "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/",
        require_admin_access(unless_used_in_bulk(explained_in_bulk(bulk_actions))),
    ),
    # Wagtail would delete a file that a draft shows, and does not say so.
    path("admin/images/<int:image_id>/delete/", require_admin_access(unless_used(images.DeleteView.as_view()))),
    path(
        "admin/documents/delete/<int:document_id>/", require_admin_access(unless_used(documents.DeleteView.as_view()))
    ),
    path(
        "admin/images/multiple/<int:image_id>/delete/",
        require_admin_access(unless_used(multiple_images.DeleteView.as_view())),
    ),
    path(
        "admin/documents/multiple/<int:doc_id>/delete/",
        require_admin_access(unless_used(multiple_documents.DeleteView.as_view())),
    ),
    # It raises an error on purpose.
    path("admin/failwhale/", page_not_found, {"exception": Http404()}),
]
