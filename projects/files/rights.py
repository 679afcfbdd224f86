"""Whose a file is: which pages may show it is decided by its collection, never by who saved the page last."""

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Collection, Page
from wagtail.permissions import policy_registry

from pages.naming import named_by, not_among, numbers_of
from pages.publication import Reference
from projects.models import BodyDocument, BodyPage, Picture

FILE_MODELS: tuple[type[Any], ...] = (BodyDocument, Picture)


def choosable(user: Any, model: type[Any]) -> QuerySet[Any]:
    """The files of that model which the person may put into a page."""
    found: QuerySet[Any] = policy_registry.get_by_type(model).instances_user_has_any_permission_for(
        user, ["choose", "change"]
    )
    return found


def may_choose(user: Any, file: Any) -> bool:
    """True if the person may put this file into a page."""
    policy = policy_registry.get_by_type(type(file))
    return bool(policy.user_has_any_permission_for_instance(user, ["change", "choose"], file))


def body_of(place: Page) -> BodyPage | None:
    """The body whose page it is; None for pages outside the bodies."""
    found: BodyPage | None = BodyPage.objects.ancestor_of(place, inclusive=True).order_by().first()
    return found


def collections_for(body: BodyPage) -> QuerySet[Collection]:
    """Whose files the body's pages hand out: its own, those of bodies it acts for or that act for it, the centre's.

    The centre's are those of no team: nobody else can put them into a page.
    """
    theirs = Q(team=None) | Q(team__body=body) | Q(team__acts_for=body) | Q(team__body__represented_by__body=body)
    found: QuerySet[Collection] = Collection.objects.filter(theirs).order_by()
    return found


def hands_out(page: Page, file: Any) -> bool:
    """True if the page may show the file to its readers. Pages outside the bodies are the centre's: they may all."""
    body = body_of(page)
    return body is None or collections_for(body).filter(pk=file.collection_id).exists()


def files_of_others(place: Page, references: set[Reference]) -> dict[Reference, str]:
    """A sentence for each file among the references that a page there must not show."""
    if not any(numbers_of(model, references) for model in FILE_MODELS) or (body := body_of(place)) is None:
        return {}
    reason = _("This file belongs to another body. Upload it for “%(body)s” to show it here.") % {"body": body.title}
    found: dict[Reference, str] = {}
    for model in FILE_MODELS:
        found |= not_among(model, references, model.objects.filter(collection__in=collections_for(body)), reason)
    return found


def reasons_against_naming_files(user: Any, place: Page | None, references: set[Reference]) -> dict[Reference, str]:
    """Receiver of `pages.naming.HOOK`: a person names files they may choose, where their body may show them."""
    reason = _("There is no such file, or you may not use it. Choose another one.")
    found = files_of_others(place, references) if place is not None else {}
    for model in FILE_MODELS:
        found |= not_among(model, references, choosable(user, model), reason)
    return found


def reasons_against_showing_files(page: Model) -> list[str]:
    """Receiver of `pages.publication.PAGE_HOOK`: what readers do not see already must be the body's."""
    if not isinstance(page, Page):
        return []
    references = named_by(page)
    if page.live and any(numbers_of(model, references) for model in FILE_MODELS):
        references -= named_by(type(page)._default_manager.get(pk=page.pk))
    return list(dict.fromkeys(files_of_others(page, references).values()))
