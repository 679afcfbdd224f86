"""What an uploaded document must satisfy before it is stored."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm


class DocumentForm(BaseDocumentForm):
    """Refuses files above the size limit; the extension list is checked by Wagtail."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if isinstance(upload, UploadedFile) and (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("This file has %(size)s; at most %(limit)s can be stored. Link to larger files instead.")
                % {"size": filesizeformat(upload.size or 0), "limit": filesizeformat(settings.UPLOAD_MAX_BYTES)}
            )
        return upload
