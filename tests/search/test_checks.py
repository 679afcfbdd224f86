"""A forgotten decision keeps the platform from starting."""

from typing import Any, ClassVar

import pytest

from knowledge.models import ArticlePage, StandardPage
from search.checks import (
    check_facets_follow_their_vocabulary,
    check_page_types_decide,
    check_page_types_have_documents,
    check_search_url,
)
from search.kinds.articles import Articles
from search.kinds.projects import LICENCE
from search.kinds.registry import kinds


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_all_page_types_and_facets_of_the_platform_are_right() -> None:
    assert check_page_types_decide(None) == check_page_types_have_documents(None) == []
    assert check_facets_follow_their_vocabulary(None) == []


def test_a_page_type_that_says_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(StandardPage, "is_findable")
    assert ids(check_page_types_decide(None)) == ["search.E001"]


def test_a_page_type_that_shall_be_found_needs_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StandardPage, "is_findable", True)
    assert ids(check_page_types_have_documents(None)) == ["search.E004"]


def test_a_page_type_that_shall_not_be_found_has_no_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ArticlePage, "is_findable", False)
    assert ids(check_page_types_have_documents(None)) == ["search.E002"]


def test_a_facet_whose_vocabulary_nothing_leads_to_is_an_error() -> None:
    kind = FacetAstray()
    kinds.add(kind)
    try:
        assert ids(check_facets_follow_their_vocabulary(None)) == ["search.E007"]
    finally:
        kinds.remove(kind)


class FacetAstray(Articles):
    """Its licence is a text: a licence that is renamed would not reach it."""

    key = "verirrt"
    facets: ClassVar = {LICENCE: "author"}


def test_a_wrong_search_url_is_an_error(settings: Any) -> None:
    settings.SEARCH_URL = "solr://localhost"
    assert ids(check_search_url(None)) == ["search.E003"]


def test_a_wrong_fallback_is_an_error(settings: Any) -> None:
    settings.SEARCH_FALLBACK_URL = "tantivy://"
    assert ids(check_search_url(None)) == ["search.E003"]


def test_an_engine_cannot_stand_in_for_itself(settings: Any) -> None:
    settings.SEARCH_FALLBACK_URL = settings.SEARCH_URL
    assert ids(check_search_url(None)) == ["search.E005"]


def test_a_server_that_is_away_does_not_keep_the_platform_from_starting(settings: Any) -> None:
    settings.SEARCH_URL = "elasticsearch://127.0.0.1:1/platform"
    settings.SEARCH_FALLBACK_URL = ""
    assert check_search_url(None) == []
