"""What has to be right before the platform starts: every page type decides about search, SEARCH_URL is understood."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from wagtail.models import Page

from search.engines import UnknownEngineError, create_engine
from search.kinds.registry import kinds
from search.semantic.encoder import MODES


@register(Tags.models)
def check_page_types_decide(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A page type that forgot to say whether it can be found would silently stay out of the search."""
    return [
        Error(
            f"{model._meta.label} does not say whether it can be found.",
            hint="Set is_findable to True or False.",
            obj=model,
            id="search.E001",
        )
        for model in _page_types()
        if not hasattr(model, "is_findable")
    ]


@register(Tags.models)
def check_page_types_have_documents(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A page type that shall be found needs a kind that says what is found of it, and only such a type has one."""
    found: list[CheckMessage] = []
    for model in _page_types():
        is_findable, is_described = getattr(model, "is_findable", False), kinds.of_model(model) is not None
        if is_findable and not is_described:
            hint = "Describe it in search/kinds/ and add it to the registry."
            message = f"{model._meta.label} shall be found, but no kind says what of it."
            found.append(Error(message, hint=hint, obj=model, id="search.E004"))
        elif is_described and not is_findable:
            message = f"{model._meta.label} shall not be found, but a kind describes it."
            found.append(Error(message, hint="Set is_findable to True.", obj=model, id="search.E002"))
    return found


@register(Tags.models)
def check_facets_follow_their_vocabulary(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A facet whose values no relation leads to would keep old values when an entry of its vocabulary changes."""
    return [
        Error(
            f"Nothing of “{kind.key}” leads to {facet.vocabulary._meta.label}, of which its facet “{facet.name}” is.",
            hint="Name a relation to it in the path of the facet, or among what the kind reads.",
            id="search.E007",
        )
        for kind in kinds.pages
        for facet in kind.facets
        if facet.vocabulary and not any(relation.model is facet.vocabulary for relation in kind.relations)
    ]


def _page_types() -> list[type[Page]]:
    return [model for model in apps.get_models() if issubclass(model, Page) and model is not Page]


@register()
def check_search_url(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Addresses of engines are understood; whether a server answers is no matter of starting."""
    found: list[CheckMessage] = []
    for name, url in (("SEARCH_URL", settings.SEARCH_URL), ("SEARCH_FALLBACK_URL", settings.SEARCH_FALLBACK_URL)):
        if url or name == "SEARCH_URL":
            try:
                create_engine(url)
            except UnknownEngineError as error:
                found.append(Error(f"{name}: {error}", id="search.E003"))
    if settings.SEARCH_FALLBACK_URL and settings.SEARCH_FALLBACK_URL == settings.SEARCH_URL:
        found.append(
            Error(
                "SEARCH_FALLBACK_URL is the same as SEARCH_URL and cannot stand in for it.",
                hint="Name an index of the embedded engine, or leave it empty.",
                id="search.E005",
            )
        )
    return found


@register()
def check_search_meaning(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.SEARCH_MEANING in MODES:
        return []
    return [
        Error(
            f"SEARCH_MEANING: {settings.SEARCH_MEANING!r} is not understood.",
            hint=f"Known are {' and '.join(MODES)}.",
            id="search.E006",
        )
    ]
