"""What uploaded documents and pictures must satisfy before they are stored."""

from pathlib import PurePath
from typing import Any

import structlog
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from projects.uploads import content, kinds, pictures, scanner
from projects.uploads.scanner import ScannerError, Verdict

log = structlog.get_logger(__name__)


def ending_of(name: str) -> str:
    return PurePath(name).suffix[1:].lower()


def refuse_too_large(upload: UploadedFile) -> None:
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise forms.ValidationError(
            _("This file has %(size)s; at most %(limit)s can be stored. Link to larger files instead.")
            % {"size": filesizeformat(upload.size or 0), "limit": filesizeformat(settings.UPLOAD_MAX_BYTES)}
        )


def verdict_about(found: content.Content) -> Verdict | None:
    """What the scanner says; None without a scanner, or while it is away: then the worker asks it again.

    Raises ValidationError if it found something: such a file is not stored at all.
    """
    if not scanner.is_configured():
        return None
    try:
        verdict = scanner.scan(found.stream)
    except ScannerError as error:
        log.warning("scanner_unavailable", error=str(error))
        return None
    if not verdict.is_clean:
        log.warning("upload_infected", finding=verdict.finding)
        raise forms.ValidationError(
            _("The virus scanner found something harmful in this file (%(finding)s). It was not stored.")
            % {"finding": verdict.finding}
        )
    return verdict


class DocumentForm(BaseDocumentForm):
    """Refuses files that are too large, whose content is not what their name says, or in which a virus was found.

    Whether the ending is one of UPLOAD_KINDS is checked by Wagtail.
    """

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if isinstance(upload, UploadedFile):
            refuse_too_large(upload)
            found = content.read(upload, ending_of(upload.name or ""))
            if found.ending in settings.UPLOAD_KINDS:
                kinds.check(found)
            self.instance.fresh_verdict = verdict_about(found)
        return upload


class PictureField(WagtailImageField):
    """Wagtail unpacks a picture before it counts the pixels, and does not expect one that ends too early."""

    def to_python(self, data: Any) -> Any:
        if not isinstance(data, UploadedFile):
            return super().to_python(data)
        if (data.size or 0) <= settings.UPLOAD_MAX_BYTES and ending_of(data.name or "") in pictures.WRITTEN:
            pictures.refuse_too_many_pixels(content.read(data, ending_of(data.name or "")))
        try:
            return super().to_python(data)
        except pictures.DAMAGES as error:
            raise forms.ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error


class PictureForm(BaseImageForm):
    """The same for pictures, which are drawn anew; size and format are checked by Wagtail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if given := self.fields.get("file"):
            self.fields["file"] = PictureField(label=given.label, required=given.required, widget=given.widget)

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if not isinstance(upload, UploadedFile):
            return upload
        found = content.read(upload, ending_of(upload.name or ""))
        self.instance.fresh_verdict = verdict_about(found)
        return pictures.redraw(found, upload.name or "")
