"""Tags: editors propose, staff approve and merge; a merged tag leaves its address behind as an alias."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
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

    @transaction.atomic
    def merge_into(self, other: "ProjectTag") -> int:
        """Hand every tagged project over to `other`, leave an alias, vanish. Returns how many projects changed.

        Raises ValueError when a tag would be merged into itself.
        """
        if other.pk == self.pk:
            raise ValueError("A tag cannot be merged into itself.")
        already = TaggedProject.objects.filter(tag=other).values("content_object")
        moved = TaggedProject.objects.filter(tag=self).exclude(content_object__in=already).update(tag=other)
        TagAlias.objects.filter(tag=self).update(tag=other)
        TagAlias.objects.update_or_create(
            slug=self.slug, defaults={"tag": other, "name": self.name, "former_id": self.pk}
        )
        self.delete()
        return moved


class TaggedProject(ItemBase):
    """One tag on one project."""

    tag = models.ForeignKey(ProjectTag, models.CASCADE, related_name="tagged_projects")
    content_object = ParentalKey("projects.ProjectPage", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        verbose_name = _("tagged project")
        verbose_name_plural = _("tagged projects")


class TagAlias(models.Model):
    """What is left of a merged tag: links to it, and drafts that still carry it, lead to the tag that took over."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    former_id = models.BigIntegerField(_("former number"), db_index=True)
    name = models.CharField(_("former name"), max_length=100)
    tag = models.ForeignKey(ProjectTag, models.CASCADE, related_name="aliases", verbose_name=_("tag"))

    class Meta:
        ordering = ["slug"]
        verbose_name = _("former tag")
        verbose_name_plural = _("former tags")

    def __str__(self) -> str:
        return f"{self.name} → {self.tag}"
