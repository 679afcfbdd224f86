"""Pages the platform cannot be without: they stay public and in place until an administrator lifts the protection.

Whoever asks, by whatever way, gets ProtectedPageError or a form's error; `PageProtection` is the one rule. Reordering
among siblings changes no address and is free.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester
from wagtail.signals import pre_page_move

from pages.models import PageForm

# What of a protected page is asked before it is saved; a save that writes none of it cannot harm.
GUARDED_FIELDS = frozenset({"live", "slug", "expire_at"})


class ProtectedPageError(PermissionDenied):
    """The page is protected; the message says why and what can be done."""


def explanation(titles: Iterable[str]) -> str:
    """Why nothing was done, and who can change that."""
    named = ", ".join(_("“%(value)s”") % {"value": title} for title in titles)
    text = _(
        "Nothing was changed. These pages are protected, because the platform is not complete without them: "
        "%(titles)s. An administrator can lift the protection of a page in the menu of the page."
    )
    return text % {"titles": named}


class ProtectedPageForm(PageForm):
    """Says at its field what a protected page must not be given."""

    def clean(self) -> Any:
        cleaned = super().clean()
        for name, reason in self._kept_by_protection().items():
            self.add_error(name, reason)
        return cleaned

    def _kept_by_protection(self) -> dict[str, str]:
        page, values = self.instance, self.cleaned_data
        if page.pk is None or not page.is_protected:
            return {}
        reasons = {}
        if "slug" in values and values["slug"] != Page.objects.values_list("slug", flat=True).get(pk=page.pk):
            reasons["slug"] = _("This page is protected: its address stays, because links everywhere lead to it.")
        if values.get("expire_at"):
            reasons["expire_at"] = _("This page is protected: it cannot be taken down, not by the clock either.")
        begins = values.get("go_live_at")
        if begins and begins > timezone.now() and page.live_revision_id is None:
            # Wagtail would take the page down until then.
            reasons["go_live_at"] = _("This page is protected: publish it once without a date before you set one.")
        return reasons


class ProtectedPermissionTester(PagePermissionTester):
    """Wagtail's answers, but no to everybody for what takes a protected page away."""

    def can_unpublish(self) -> bool:
        return not self.page.is_protected and bool(super().can_unpublish())

    def can_set_view_restrictions(self) -> bool:
        return not self.page.is_protected and bool(super().can_set_view_restrictions())

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(super().can_delete(ignore_bulk)) and not protected_in([self.page])

    def can_move_to(self, destination: Page) -> bool:
        if self.page.is_child_of(destination):
            # Another place among its siblings.
            return bool(PagePermissionTester(self.user, self.page).can_move_to(destination))
        return bool(super().can_move_to(destination)) and not protected_in([self.page])


class PageProtection(models.Model):
    """What a page type has whose pages may be protected."""

    # Changed by administrators alone, outside of the form and its versions; see `pages.protection_views`.
    is_protected = models.BooleanField(gettext_lazy("protected"), default=False, editable=False)

    base_form_class = ProtectedPageForm
    exclude_fields_in_copy: ClassVar[list[str]] = ["is_protected"]

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return ProtectedPermissionTester(user, self)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """A version's state; whether the page is protected, and what that keeps, is taken from today."""
        content = {**content, "is_protected": self.is_protected}
        if self.is_protected:
            content |= {"slug": self.slug, "expire_at": None}  # type: ignore[attr-defined]
        return super().with_content_json(content)  # type: ignore[misc]


def _protectable() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, PageProtection)]


def protected_in(pages: Iterable[Page], *, with_those_below: bool = True) -> list[str]:
    """Titles of the protected pages among these, and below them; empty if none is."""
    paths = [page.path for page in pages]
    is_among = models.Q(path__in=paths)
    if with_those_below:
        for path in paths:
            is_among |= models.Q(path__startswith=path)
    return [
        title
        for model in _protectable()
        for title in model._default_manager.filter(is_among, is_protected=True).values_list("title", flat=True)
    ]


@receiver(pre_save)
def keep_public_and_in_its_place(
    instance: models.Model, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Whatever saves it: Wagtail's actions, the clock, an import, a command."""
    if raw or not isinstance(instance, Page) or instance.pk is None:
        return
    if update_fields is not None and not GUARDED_FIELDS.intersection(update_fields):
        return
    model = instance.specific_class
    if model is None or not issubclass(model, PageProtection):
        return
    stored = model._default_manager.filter(pk=instance.pk, is_protected=True).values("live", "slug").first()
    if stored is None:
        return
    is_taken_down = stored["live"] and not instance.live
    if is_taken_down or stored["slug"] != instance.slug or instance.expire_at is not None:
        raise ProtectedPageError(explanation([instance.title]))


@receiver(pre_page_move)
def keep_below_its_parent(instance: Page, parent_page_before: Page, parent_page_after: Page, **kwargs: Any) -> None:
    if parent_page_before.pk != parent_page_after.pk and (titles := protected_in([instance])):
        raise ProtectedPageError(explanation(titles))


@receiver(pre_delete)
def keep(instance: models.Model, **kwargs: Any) -> None:
    if isinstance(instance, PageProtection) and isinstance(instance, Page):
        titles = protected_in([instance], with_those_below=False)
        if titles:
            raise ProtectedPageError(explanation(titles))
