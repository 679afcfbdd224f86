"""Where Wagtail takes files without our check: what is stored goes through the forms of `projects.files.forms`."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel
from wagtail.contrib.redirects.views import start_import
from wagtail.documents.views.multiple import AddView as AddDocumentsView
from wagtail.images.views.multiple import AddView as AddImagesView

from projects.files.forms import ending_of

# Some ten thousand redirects; Wagtail reads the whole file, and of an .xlsx all that is packed in it.
REDIRECTS_MAX_BYTES = 1024 * 1024
REDIRECTS_ENDINGS = {"csv", "tsv"}


class AccountWithoutPortrait(AccountView):
    """Wagtail stores a portrait as it comes. No page shows it, and its address is not served."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, AvatarSettingsPanel)]


class _NothingPutAside:
    """Wagtail puts a file aside as it came while anything but the file is wrong, and later takes it from there.

    Here such a file is refused, with the reason.
    """

    def get_upload_form_class(self) -> Any:
        class WholeForm(super().get_upload_form_class()):  # type: ignore[misc]
            def full_clean(self) -> None:
                super().full_clean()
                if self.is_bound and self._errors and "file" not in self._errors:
                    self.add_error("file", [text for of_field in self._errors.values() for text in of_field])

        return WholeForm


class AddDocuments(_NothingPutAside, AddDocumentsView):
    """Several documents at once."""


class AddImages(_NothingPutAside, AddImagesView):
    """Several pictures at once."""


def import_redirects(request: HttpRequest) -> HttpResponse:
    """Wagtail's import, of small text files only."""
    upload = request.FILES.get("import_file")
    if upload and ((upload.size or 0) > REDIRECTS_MAX_BYTES or ending_of(upload.name or "") not in REDIRECTS_ENDINGS):
        messages.error(
            request,
            _("Redirects are read from a .csv or .tsv file of at most %(limit)s. Nothing was imported.")
            % {"limit": filesizeformat(REDIRECTS_MAX_BYTES)},
        )
        return redirect("wagtailredirects:start_import")
    response: HttpResponse = start_import(request)
    return response
