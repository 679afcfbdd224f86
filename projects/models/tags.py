"""Tags: editors propose, staff approve and merge (`projects.removal.entries`)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from pages.addresses import readable


class ProjectTag(index.Indexed, TagBase):
    """A word that editors put on projects so that others find them."""

    free_tagging = True

    is_approved = models.BooleanField(_("approved by the staff"), default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="proposed_tags",
        verbose_name=_("proposed by"),
    )

    search_fields: ClassVar[list[Any]] = [index.SearchField("name"), index.AutocompleteField("name")]
    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("is_approved")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def slugify(self, tag: str, i: int | None = None) -> str:
        """“Bürgerbüro” is found at buergerbuero, 🌳 at schlagwort, the second one at schlagwort_1."""
        slug = readable(tag, "schlagwort")
        return slug if i is None else f"{slug}_{i}"


class TaggedProject(ItemBase):
    """One tag on one project."""

    tag = models.ForeignKey(ProjectTag, models.CASCADE, related_name="tagged_projects")
    content_object = ParentalKey("projects.ProjectPage", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        verbose_name = _("tagged project")
        verbose_name_plural = _("tagged projects")
