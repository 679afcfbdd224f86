"""What uploaded documents and pictures must satisfy before they are stored.

The virus scanner comes first: what it finds harmful is neither opened nor drawn.
"""

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
            _("Too large: at most %(limit)s can be stored. Link to larger files instead.")
            % {"limit": filesizeformat(settings.UPLOAD_MAX_BYTES)}
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


def refuse_other_kinds(ending: str) -> None:
    """Raises ValidationError for what is not in UPLOAD_KINDS, and says what to do instead."""
    if ending in settings.UPLOAD_KINDS:
        return
    if ending in settings.WAGTAILIMAGES_EXTENSIONS:
        raise forms.ValidationError(_("This is a picture. Upload it under “Images”, or put it into a PDF."))
    if ending in kinds.WITH_MACROS:
        content.refuse_macros()
    raise forms.ValidationError(
        _("Files ending in “.%(ending)s” are not taken. Save it as a PDF, or as one of: %(kinds)s.")
        % {"ending": ending, "kinds": ", ".join(sorted(settings.UPLOAD_KINDS))}
    )


class DocumentForm(BaseDocumentForm):
    """Refuses files that are too large, of another kind, not what their name says, or in which a virus was found."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if isinstance(upload, UploadedFile):
            refuse_too_large(upload)
            ending = ending_of(upload.name or "")
            refuse_other_kinds(ending)
            found = content.read(upload, ending)
            self.instance.fresh_verdict = verdict_about(found)
            kinds.check(found)
        return upload


class PictureField(WagtailImageField):
    """Draws a picture anew before Wagtail looks at it, which would unpack it before it counts the pixels.

    What was uploaded is scanned: drawing it anew hides harm from the scanner, and who sends it should know.
    """

    verdict: Verdict | None = None  # about the upload

    def to_python(self, data: Any) -> Any:
        if not isinstance(data, UploadedFile) or not data.size:
            return super().to_python(data)
        refuse_too_large(data)
        ending = ending_of(data.name or "")
        if ending not in settings.WAGTAILIMAGES_EXTENSIONS:
            raise forms.ValidationError(
                _("Pictures ending in “.%(ending)s” are not taken. Save it as a JPEG or PNG.") % {"ending": ending}
            )
        found = content.read(data, ending)
        self.verdict = verdict_about(found)
        return super().to_python(pictures.redraw(found, data.name or ""))


class PictureForm(BaseImageForm):
    """The form of a picture: the uploaded file is looked at and drawn anew before it is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if given := self.fields.get("file"):
            self.fields["file"] = PictureField(label=given.label, required=given.required, widget=given.widget)

    def clean_file(self) -> Any:
        drawn = self.cleaned_data["file"]
        if isinstance(drawn, UploadedFile):
            self.instance.fresh_verdict = self.fields["file"].verdict
        return drawn
