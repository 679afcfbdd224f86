"""Any search is a feed of what is public, which programs can ask for again and again without work for us."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import PageViewRestriction

from matching.alerts import feeds
from search.indexing.outbox import drain
from tests.factories import ArticlePageFactory, BodyPageFactory, ProjectPageFactory, editor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(content: bytes) -> list[Any]:
    return ElementTree.fromstring(content).findall(f"{ATOM}entry")  # noqa: S314  (our own)


def titles(answer: Any) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(answer.content)]


def test_feed_has_the_newest_hits_of_the_search_with_lasting_names(client: Client) -> None:
    old = ProjectPageFactory(title="Hundesteuer & <Marke>", summary="Alles \x0b online.")
    ProjectPageFactory(title="Mängelmelder")
    ArticlePageFactory(title="Leitfaden Hundesteuer")
    drain()
    answer = client.get("/suche/abo.atom?q=Hundesteuer&seite=4&sort=titel")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert titles(answer) == ["Leitfaden Hundesteuer", "Hundesteuer & <Marke>"]
    entry = entries(answer.content)[1]
    assert entry.findtext(f"{ATOM}id") == f"tag:127.0.0.1,2026:projekt-{old.pk}"
    assert entry.find(f"{ATOM}link").get("href") == f"http://127.0.0.1:8000{old.url}"


def test_feed_is_public_whoever_asks_and_what_is_hidden_takes_no_place_in_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "ENTRIES", 1)
    ProjectPageFactory(title="Hundesteuer")
    plan = ProjectPageFactory(title="Hundesteuer geheim")
    PageViewRestriction.objects.create(page=plan, restriction_type=PageViewRestriction.LOGIN)
    drain()
    client.force_login(editor_of(BodyPageFactory()))
    answer = client.get("/suche/abo.atom?q=Hundesteuer")
    assert titles(answer) == ["Hundesteuer"]
    assert "public" in answer.headers["Cache-Control"]


def test_filters_hold_and_unknown_ones_are_no_error(client: Client) -> None:
    ProjectPageFactory(title="Hundesteuer", phase="P4")
    drain()
    assert titles(client.get("/suche/abo.atom?q=Hundesteuer&phase=P4&land=99&x=y")) == ["Hundesteuer"]
    assert titles(client.get("/suche/abo.atom?phase=P1")) == []


def test_unchanged_feed_is_not_sent_again(client: Client) -> None:
    ProjectPageFactory(title="Hundesteuer")
    drain()
    first = client.get("/suche/abo.atom?q=Hundesteuer")
    for header in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        again = client.get("/suche/abo.atom?q=Hundesteuer", headers=header)
        assert (again.status_code, again.content) == (304, b"")


def test_empty_feed_stays_the_same(client: Client) -> None:
    first = client.get("/suche/abo.atom?q=Quastenflosser")
    cache.clear()
    assert client.get("/suche/abo.atom?q=Quastenflosser").headers["ETag"] == first.headers["ETag"]


def test_second_reader_within_minutes_is_answered_without_a_search(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, settings: Any, tmp_path: Any
) -> None:
    first = client.get("/suche/abo.atom?q=Hundesteuer")
    settings.SEARCH_URL = f"tantivy://{tmp_path}/none"
    with django_assert_max_num_queries(1):
        assert client.get("/suche/abo.atom?q=Hundesteuer").content == first.content


def test_outage_is_no_empty_feed(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/none"
    answer = client.get("/suche/abo.atom?q=Hundesteuer")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_search_page_names_its_feed(client: Client) -> None:
    content = client.get("/suche/?q=Hund+%26+Katze&phase=P2").content.decode()
    assert content.count("/suche/abo.atom?q=Hund+%26amp%3B+Katze") == 0
    assert content.count('href="/suche/abo.atom?q=Hund+%26+Katze&amp;phase=P2"') == 2
