"""A forgotten decision keeps the platform from starting."""

from typing import Any

import pytest
from django.apps import apps
from wagtail.models import Page

from search.checks import check_page_types_decide, check_page_types_have_documents, check_search_url


class _Meta:
    label = "tests.NewPage"


def page_type(monkeypatch: pytest.MonkeyPatch, **attributes: Any) -> None:
    model = type("NewPage", (), {"_meta": _Meta, **attributes})
    monkeypatch.setattr(apps, "get_models", lambda: [model, Page])
    monkeypatch.setattr("builtins.issubclass", lambda one, other: other is Page)


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_all_page_types_of_the_platform_have_decided() -> None:
    assert check_page_types_decide(None) == check_page_types_have_documents(None) == []


def test_a_page_type_that_says_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    page_type(monkeypatch)
    assert ids(check_page_types_decide(None)) == ["search.E001"]


def test_a_page_type_of_unknown_kind_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    page_type(monkeypatch, search_kind="sonstiges")
    assert ids(check_page_types_decide(None)) == ["search.E002"]


def test_a_page_type_without_documents_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    page_type(monkeypatch, search_kind="projekt")
    assert ids(check_page_types_have_documents(None)) == ["search.E004"]


def test_a_page_type_may_stay_out_of_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    page_type(monkeypatch, search_kind=None)
    assert check_page_types_decide(None) == check_page_types_have_documents(None) == []


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
