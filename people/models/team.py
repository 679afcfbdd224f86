"""The people of one body, with their group and their collection."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """The people of one body: whoever is in the group edits the body's pages and the files of its collection."""

    body = models.OneToOneField("projects.BodyPage", models.CASCADE, related_name="team", verbose_name=_("body"))
    group = models.OneToOneField(Group, models.CASCADE, related_name="team", verbose_name=_("group"))
    collection = models.OneToOneField(
        "wagtailcore.Collection", models.PROTECT, related_name="team", verbose_name=_("collection")
    )
    coordinators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="coordinated_teams", blank=True, verbose_name=_("coordinators")
    )
    publishes_directly = models.BooleanField(
        _("publishes directly"),
        default=False,
        help_text=_("Its editors publish without a check beforehand; the centre looks at it afterwards."),
    )
    acts_for = models.ManyToManyField(
        "projects.BodyPage",
        related_name="represented_by",
        blank=True,
        verbose_name=_("acts for"),
        help_text=_("Members of an association or Kreis whose pages its people edit as well."),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return str(self.group)
