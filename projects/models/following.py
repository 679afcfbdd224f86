"""What follows from weighing a plan: whoever may read the plan may read of it, and nobody once the plan is withdrawn.

A body that says on the way of its plan that it wants to take part in somebody else's project, or examines it, tells of
the plan by that. The rule stands here alone; lists ask `readable` or `readable_by_members`, as they do of pages.
"""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.models import ReadablePageQuerySet

_Row = TypeVar("_Row", bound=models.Model)


class FollowingQuerySet(models.QuerySet[_Row]):
    def readable(self) -> Self:
        """What everybody may read of: said for itself, or because of a plan that is public."""
        return self._because_of(ReadablePageQuerySet(Page).readable())

    def readable_by_members(self) -> Self:
        """What members may read of: in addition to `readable`, what was said because of a plan for members."""
        return self._because_of(ReadablePageQuerySet(Page).readable_by_members())

    def only_because_of(self, plan: Page) -> Self:
        """What neither was said for itself nor follows from another plan."""
        others = self._links().exclude(projectpage=plan.pk).values(self._name)
        return self.filter(is_own_word=False, plans=plan.pk).exclude(pk__in=others)

    def _because_of(self, plans: models.QuerySet[Page]) -> Self:
        rows = self._links().filter(projectpage__in=plans.order_by().values("pk")).values(self._name)
        return self.filter(Q(is_own_word=True) | Q(pk__in=rows))

    def _links(self) -> models.QuerySet[Any]:
        plans: Any = self.model._meta.get_field("plans")
        found: models.QuerySet[Any] = plans.remote_field.through.objects.all()
        return found

    @property
    def _name(self) -> str:
        return str(self.model._meta.model_name)


class Following(models.Model):
    """One thing somebody said, for itself or while weighing plans of their body; drafts are plans as well."""

    plans: Any = models.ManyToManyField(
        "projects.ProjectPage", related_name="+", blank=True, editable=False, verbose_name=_("plans it follows from")
    )
    # Once it was said for itself, it no longer matters what becomes of the plans.
    is_own_word = models.BooleanField(_("said for itself"), default=True, editable=False)

    class Meta:
        abstract = True

    def take_in(self, other: Self) -> None:
        """The other row, which says the same, is about to go: this one is said as openly as either was."""
        self.is_own_word = self.is_own_word or other.is_own_word
        self.save(update_fields=["is_own_word"])
        self.plans.add(*other.plans.all())


class ToldTo(models.TextChoices):
    """Whom letters have told of it; each is a part of the next."""

    NOBODY = ""
    MEMBERS = "members"
    EVERYBODY = "public"
