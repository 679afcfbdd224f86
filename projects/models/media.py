"""Images and documents, with whose they are; custom models from the first migration on, they cannot be added later."""

import secrets
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition, SourceImageIOError
from wagtail.images.models import Image as WagtailImage

from projects.models.scanned import ScannedFile
from projects.uploads import kinds

# Resized pictures are reached by their name alone: nobody finds those of a draft who was not told it.
UNGUESSABLE_BYTES = 8


def unused_folder(document: "BodyDocument", filename: str) -> str:
    """A folder for this file alone: it keeps its name, and what was stored is never mistaken for something newer."""
    return f"documents/{secrets.token_hex(UNGUESSABLE_BYTES)}/{filename}"


class Picture(ScannedFile, AbstractImage):
    """An image of a body, with the credit that has to stand beside it."""

    credit = models.CharField(_("credit"), max_length=150, blank=True, help_text=_("Whose picture it is."))

    admin_form_fields: ClassVar[tuple[str, ...]] = (*WagtailImage.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def get_upload_to(self, filename: str) -> str:
        return str(super().get_upload_to(f"{secrets.token_hex(UNGUESSABLE_BYTES)}-{PurePosixPath(filename).name}"))

    def get_rendition(self, filter: Any) -> Any:
        self._refuse_harmful()
        return super().get_rendition(filter)

    def get_renditions(self, *filters: Any) -> Any:
        self._refuse_harmful()
        return super().get_renditions(*filters)

    def _refuse_harmful(self) -> None:
        """Pages then show the picture's alternative text. Raises SourceImageIOError, for which Wagtail is prepared."""
        if not self.is_harmless:
            raise SourceImageIOError(f"Picture {self.pk}: {self.scan_state}")


class Rendition(AbstractRendition):
    """A resized copy of a picture, made on demand."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter")
        ]


class BodyDocument(ScannedFile, AbstractDocument):
    """A file of a body; served only while a published page refers to it, or to those who may edit it."""

    file = models.FileField(_("file"), upload_to=unused_folder)

    admin_form_fields: ClassVar[tuple[str, ...]] = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    @property
    def content_type(self) -> str:
        """What a browser is told; of formats that can carry script it is told nothing."""
        return kinds.media_type(self.file_extension)

    def clean(self) -> None:
        """A file that the form already refused is not there any more: nothing is left to say about its name."""
        if self.file:
            super().clean()

    def __str__(self) -> str:
        return str(self.title)
