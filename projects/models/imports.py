"""What an import brought in, so that a repeated import changes only what nobody edited since."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRecord(models.Model):
    """One project that came from a file: its identifier there, and the state in which we stored it."""

    source_id = models.CharField(_("identifier in the source"), max_length=200, unique=True)
    page = models.OneToOneField(
        "projects.ProjectPage",
        models.SET_NULL,
        null=True,
        related_name="import_record",
        verbose_name=_("project"),
    )
    digest = models.CharField(_("digest of the imported line"), max_length=64)
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("imported revision"),
    )
    imported_at = models.DateTimeField(_("imported at"), auto_now=True)

    class Meta:
        verbose_name = _("import record")
        verbose_name_plural = _("import records")

    def __str__(self) -> str:
        return self.source_id

    @property
    def is_untouched(self) -> bool:
        """True while the page still has the state the import gave it."""
        return self.page is not None and self.page.latest_revision_id == self.revision_id
