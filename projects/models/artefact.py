"""What can be taken over: children of a project, found on their own, with an address that never changes."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from projects.editor.panels import GuidedPanel
from projects.models.taxonomy import ArtefactKind, Licence


class ArtefactLanguage(models.TextChoices):
    GERMAN = "de", _("German")
    ENGLISH = "en", _("English")
    OTHER = "xx", _("Another language")


class Artefact(Orderable):
    """A tender, a council paper, source code … that another municipality can reuse."""

    project = ParentalKey("projects.ProjectPage", on_delete=models.CASCADE, related_name="artefacts")
    uuid = models.UUIDField(_("stable number"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    # Empty in drafts alone: a file whose name tells no kind must not stand in the way of saving.
    kind = models.ForeignKey(ArtefactKind, models.PROTECT, null=True, related_name="artefacts", verbose_name=_("kind"))
    description = models.TextField(_("description"), max_length=1_000, blank=True)
    file = models.ForeignKey(
        "projects.BodyDocument",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="artefacts",
        verbose_name=_("file"),
    )
    link = models.URLField(_("or link"), max_length=500, blank=True)
    licence = models.ForeignKey(
        Licence, models.PROTECT, null=True, blank=True, related_name="artefacts", verbose_name=_("licence")
    )
    version = models.CharField(_("version"), max_length=40, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=ArtefactLanguage, default=ArtefactLanguage.GERMAN, blank=True
    )

    panels: ClassVar[list[Any]] = [
        GuidedPanel(
            "title", help_text=_("What it is and for what."), example=_("Specifications for a defect reporter")
        ),
        # A list of a dozen: nobody needs a dialogue for it.
        FieldPanel("kind", widget=forms.Select),
        GuidedPanel("description", help_text=_("What is in it, and what has to be adapted?")),
        FieldPanel("file"),
        FieldPanel("link", help_text=_("For source code, or files that are kept elsewhere.")),
        FieldPanel(
            "licence",
            widget=forms.Select,
            help_text=_("CC-BY-4.0 suits documents, EUPL-1.2 source code. Without a licence nobody may use it."),
        ),
        FieldRowPanel([FieldPanel("version"), FieldPanel("date")]),
        FieldPanel("language"),
    ]

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]
        verbose_name = _("artefact")
        verbose_name_plural = _("artefacts")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("artefact", args=[self.uuid])

    @property
    def target(self) -> str:
        """Where the artefact itself is: its file, else the link; empty if neither was given yet."""
        return self.file.url if self.file else self.link

    def clean(self) -> None:
        if self.file_id and self.link:
            raise ValidationError({"link": _("Give a file or a link, not both.")})

    @property
    def is_in_another_language(self) -> bool:
        return self.language not in {"", ArtefactLanguage.GERMAN}

    @property
    def lacks(self) -> str:
        """What keeps it from being public, as a sentence; empty if nothing does."""
        return "" if self.kind_id else gettext("“%(title)s” needs a kind of artefact.") % {"title": self.title}

    def save(self, *args: Any, **kwargs: Any) -> None:
        # A copied page brings copies of its artefacts: they are new things and need addresses of their own.
        if self._state.adding and Artefact.objects.filter(uuid=self.uuid).exists():
            self.uuid = uuid.uuid4()
        super().save(*args, **kwargs)
