"""Who wants to hear when a project moves on."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.following import Following, FollowingQuerySet


class Watch(Following):
    """A member who wants to hear of changes of one project."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches", verbose_name=_("member"))
    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="watches", verbose_name=_("project")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    objects = FollowingQuerySet["Watch"].as_manager()

    class Meta:
        verbose_name = _("watched project")
        verbose_name_plural = _("watched projects")
        constraints = [models.UniqueConstraint(fields=["user", "project"], name="one_watch_per_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.project}"
