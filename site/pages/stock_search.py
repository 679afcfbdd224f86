"""Wagtail's own search of the admin's lists, whatever somebody types, and however the list is filtered and sorted.

Without it signs are syntax to SQLite, and a list can be sorted only by what its index knows.
"""

import re
from typing import Any

import structlog
from django.db.models import QuerySet
from wagtail.search.backends.base import BaseSearchBackend, FieldError
from wagtail.search.backends.database import SearchBackend as DatabaseBackend

log = structlog.get_logger(__name__)

WORD = re.compile(r"\w+")


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  (the name Wagtail looks for)
    """What `WAGTAILSEARCH_BACKENDS` names: the backend for the database in use, and the rules below."""
    return type("SearchBackend", (WordSearch, type(DatabaseBackend(params))), {})(params)


class WordSearch(BaseSearchBackend):
    """What is added to each of Wagtail's backends."""

    def _search(self, query_compiler_class: Any, query: Any, model_or_queryset: Any, **kwargs: Any) -> Any:
        """Searches for the words alone; a list with an order or counts that the index does not know keeps them."""
        if isinstance(query, str):
            query = " ".join(WORD.findall(query))
        if not isinstance(model_or_queryset, QuerySet):
            return super()._search(query_compiler_class, query, model_or_queryset, **kwargs)
        if model_or_queryset.query.group_by is None:
            try:
                return super()._search(query_compiler_class, query, model_or_queryset, **kwargs)
            except (FieldError, AttributeError):  # the latter for an order by an expression
                log.debug("list_sorted_without_index", model=model_or_queryset.model.__name__)
        kwargs["order_by_relevance"] = True
        found = super()._search(query_compiler_class, query, model_or_queryset.model, **kwargs)
        return model_or_queryset.filter(pk__in=[each.pk for each in found])
