"""What has to be right before the platform starts: every page type decides about search, SEARCH_URL is understood."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from wagtail.models import Page

from search.documents import SOURCES
from search.encoder import MODES
from search.engines import UnknownEngineError, create_engine

KINDS = ("projekt", "wissen", "stelle")


@register(Tags.models)
def check_page_types_decide(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A page type that forgot to say whether it can be found would silently stay out of the search."""
    found: list[CheckMessage] = []
    for model in apps.get_models():
        if not issubclass(model, Page) or model is Page:
            continue
        if not hasattr(model, "search_kind"):
            found.append(
                Error(
                    f"{model._meta.label} does not say whether it can be found.",
                    hint=f"Set search_kind to one of {', '.join(KINDS)}, or to None to keep it out of the search.",
                    obj=model,
                    id="search.E001",
                )
            )
        elif model.search_kind is not None and model.search_kind not in KINDS:
            found.append(
                Error(
                    f"{model._meta.label} has the unknown search_kind {model.search_kind!r}.",
                    hint=f"Known are {', '.join(KINDS)} and None.",
                    obj=model,
                    id="search.E002",
                )
            )
    return found


@register(Tags.models)
def check_page_types_have_documents(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A page type that shall be found needs someone to say what is found of it."""
    described = {source.model for source in SOURCES}
    return [
        Error(
            f"{model._meta.label} shall be found, but nothing says which of its texts.",
            hint="Add a Source to search/documents.py.",
            obj=model,
            id="search.E004",
        )
        for model in apps.get_models()
        if issubclass(model, Page) and getattr(model, "search_kind", None) and model not in described
    ]


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
