"""Images and documents, with whose they are; custom models from the first migration on, they cannot be added later."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage


class Picture(AbstractImage):
    """An image of a body, with the credit that has to stand beside it."""

    credit = models.CharField(_("credit"), max_length=150, blank=True, help_text=_("Whose picture it is."))

    admin_form_fields: ClassVar[tuple[str, ...]] = (*WagtailImage.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")


class Rendition(AbstractRendition):
    """A resized copy of a picture, made on demand."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter")
        ]


class BodyDocument(AbstractDocument):
    """A file of a body; served only while a published page refers to it, or to those who may edit it."""

    admin_form_fields: ClassVar[tuple[str, ...]] = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def clean(self) -> None:
        """A file that the form already refused is not there any more: nothing is left to say about its name."""
        if self.file:
            super().clean()

    def __str__(self) -> str:
        return str(self.title)
