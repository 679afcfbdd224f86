"""A Vorhaben: a project that is told to the members before anything is built, and to everybody when its editor says so.

Who may read it is said by Wagtail's view restriction alone; here stands what led there. Not part of the versions of the
page: an old draft changes nothing.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.access import for_members


class PlanQuerySet(models.QuerySet["Plan"]):
    def unchecked(self) -> "PlanQuerySet":
        """Those the centre has not looked at yet: first those whose people wait for it, then the oldest."""
        return self.filter(checked_at=None, project__live=True).order_by("-is_public_wanted", "reported_at", "pk")

    def note_change(self, project: Page) -> bool:
        """Have the centre look again at a plan only members can read; False if the page is none."""
        plan = self.filter(project=project.pk).first()
        if plan is None or not plan.is_members_only:
            return False
        self.filter(pk=plan.pk).update(checked_by=None, checked_at=None)
        return True


class Plan(models.Model):
    """What is known about how one project was told to the members."""

    project = models.OneToOneField(
        "projects.ProjectPage", models.CASCADE, related_name="plan", verbose_name=_("project")
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("reported by")
    )
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)
    # The centre looks after a plan has appeared; a change by somebody else is looked at again.
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), null=True, db_index=True)
    # The editor has asked for everybody to see it, which waits for the check.
    is_public_wanted = models.BooleanField(_("shall be public"), default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return str(self.project)

    @property
    def is_members_only(self) -> bool:
        """Whether only members can read it, because of its own restriction."""
        return bool(for_members().filter(page=self.project_id).exists())
