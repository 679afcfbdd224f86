"""What is looked for in vain is counted without anybody being known, and below the threshold without being stored."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching.demand import misses as demand_misses
from matching.demand.misses import count, forget, is_worth_counting
from matching.models import SearchMiss, SearchMissDay
from search.indexing.outbox import drain
from tests.factories import ProjectPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]

TODAY = date(2026, 11, 23)  # a Monday
THRESHOLD = 5
BROWSER = {"User-Agent": "Mozilla/5.0"}


@pytest.fixture(autouse=True)
def _threshold(settings: Any) -> None:
    settings.DEMAND_THRESHOLD = THRESHOLD


def ask(query: str, visitor: int = 1, **more: str) -> Any:
    return Client(REMOTE_ADDR=f"10.0.0.{visitor}").get("/suche/", {"q": query, **more}, headers=BROWSER)


def total() -> int:
    return sum(SearchMissDay.objects.values_list("count", flat=True))


def test_search_without_a_hit_is_counted_once_a_visitor_and_week() -> None:
    for visitor in (1, 1, 2):
        ask("Quastenflosser-Kataster", visitor)
    assert total() == 2
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    assert not count("Quastenflosser-Kataster", "10.0.0.1", monday + timedelta(days=6))
    assert count("Quastenflosser-Kataster", "10.0.0.1", monday + timedelta(days=7))
    assert total() == 3


def test_one_visitor_alone_never_reaches_the_threshold() -> None:
    for number in range(10 * THRESHOLD):
        count("Quastenflosser", "a", TODAY + timedelta(days=number))
    assert total() >= THRESHOLD
    assert SearchMiss.objects.get().text == ""
    assert not SearchMiss.objects.to_look_at().exists()


def test_one_connection_that_says_it_is_many_browsers_is_one_visitor() -> None:
    for number in range(2 * THRESHOLD):
        browser = {"User-Agent": f"Mozilla/5.0 ({number})"}
        Client(REMOTE_ADDR="10.0.0.1").get("/suche/", {"q": "Quastenflosser"}, headers=browser)
    assert (SearchMiss.objects.get().text, total()) == ("", 1)


def test_one_network_of_long_addresses_is_one_visitor() -> None:
    for number in range(1, 2 * THRESHOLD):
        Client(REMOTE_ADDR=f"2001:db8::{number}").get("/suche/", {"q": "Quastenflosser"}, headers=BROWSER)
    assert total() == 1


def test_a_visitor_leaves_only_so_many_queries_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand_misses, "QUERIES_OF_A_VISITOR", 3)
    assert [count(f"Quastenflosser {letter * 4}", "a", TODAY) for letter in "klmno"] == [True] * 3 + [False] * 2
    assert count("Quastenflosser kkkk", "b", TODAY)
    assert count("Quastenflosser nnnn", "a", TODAY + timedelta(days=7))
    assert SearchMiss.objects.count() == 4


def test_all_visitors_together_leave_only_so_many_queries_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand_misses, "QUERIES_OF_A_DAY", 3)
    counted = [count(f"Quastenflosser {letter * 4}", letter, TODAY) for letter in "klmno"]
    assert counted == [True] * 3 + [False] * 2
    assert count("Quastenflosser kkkk", "x", TODAY), "what is known still counts"
    assert count("Quastenflosser nnnn", "x", TODAY + timedelta(days=1))
    assert SearchMissDay.objects.count() == 4


def test_after_so_much_was_counted_in_a_day_nothing_at_all_is_written(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(demand_misses, "COUNTED_A_DAY", 3)
    assert [count("Quastenflosser", visitor, TODAY) for visitor in "abcde"] == [True] * 3 + [False] * 2
    with (
        monkeypatch.context() as patched,
        django_assert_max_num_queries(1),
    ):
        patched.setattr(cache, "add", pytest.fail)
        patched.setattr(cache, "set", pytest.fail)
        assert not count("Quastenflosser", "f", TODAY)
    assert count("Quastenflosser", "f", TODAY + timedelta(days=1))
    assert total() == 4


def test_visitors_of_different_days_of_one_week_reach_it_together() -> None:
    for number in range(THRESHOLD):
        count("Quastenflosser", str(number), TODAY + timedelta(days=number))
    assert SearchMiss.objects.to_look_at().get().text == "quastenflosser"


def test_same_words_in_another_order_or_case_are_the_same_search() -> None:
    ask("Quastenflosser Kataster", 1)
    ask("kataster  QUASTENFLOSSER", 2)
    assert SearchMiss.objects.count() == 1


def test_what_was_typed_is_stored_only_from_the_threshold_on() -> None:
    for visitor in range(1, THRESHOLD):
        ask("Quastenflosser-Kataster", visitor)
    miss = SearchMiss.objects.get()
    assert (miss.text, total()) == ("", THRESHOLD - 1)
    assert not SearchMiss.objects.to_look_at().exists()
    ask("Quastenflosser-Kataster", THRESHOLD)
    assert SearchMiss.objects.to_look_at().get().text == "quastenflosser-kataster"


def test_nothing_that_names_a_visitor_is_stored() -> None:
    ask("Quastenflosser", 77)
    rows = [*SearchMiss.objects.values(), *SearchMissDay.objects.values()]
    assert rows
    assert not any(part in str(rows) for part in ("10.0.0.77", "Mozilla", "uastenflosser"))


@pytest.mark.parametrize(
    "query",
    [
        "anna.muster@example.org",
        "0171 123 45 67",
        "geboren 12.03.1980",
        "https://example.org/akte",
        "Aktenzeichen 2026/004711",
        "ein langer Satz der viel mehr über die Person erzählt als über die Sache",
        "und der die das",
        "x" * 81,
    ],
)
def test_what_looks_like_personal_data_or_is_no_subject_is_not_counted(query: str) -> None:
    assert not is_worth_counting(query)
    ask(query)
    assert not SearchMiss.objects.exists()


def test_searches_with_hits_filters_later_pages_or_by_machines_are_not_counted() -> None:
    ProjectPageFactory(title="Hundesteuer")
    drain()
    ask("Hundesteuer")
    ask("Quastenflosser", phase="P1")
    ask("Quastenflosser", seite="2")
    Client().get("/suche/?q=Quastenflosser", headers={"User-Agent": "Examplebot/1.0"})
    assert not SearchMiss.objects.exists()
    ask("Quastenflosser")
    assert SearchMiss.objects.count() == 1


def test_page_with_hits_costs_no_statement_more() -> None:
    ProjectPageFactory(title="Hundesteuer")
    drain()
    ask("Hundesteuer")
    with CaptureQueriesContext(connection) as sent:
        ask("Hundesteuer")
    assert len(sent) > 0
    assert not [statement for statement in sent if "matching_" in statement["sql"]]


def test_counting_happens_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand_misses, "count", lambda *args: pytest.fail("counted too early"))
    with monkeypatch.context() as patch:
        patch.setattr("django.http.HttpResponse.close", lambda self: None)
        assert ask("Quastenflosser").status_code == 200
    demand_misses._waiting.__dict__.clear()


def test_database_that_fails_while_counting_breaks_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand_misses, "count", _fail)
    assert ask("Quastenflosser").status_code == 200


def _fail(*args: Any) -> None:
    raise DatabaseError("away")


def test_keys_of_past_weeks_and_old_counts_are_thrown_away(settings: Any) -> None:
    settings.SEARCH_MISS_DAYS = 10
    count("Quastenflosser", "a", TODAY - timedelta(days=10))
    count("Quastenflosser", "a", TODAY - timedelta(days=1))
    count("Urzeitkrebs", "a", TODAY - timedelta(days=11))
    count("Quastenflosser", "a", TODAY)
    forget(TODAY)
    assert total() == 2
    assert SearchMiss.objects.count() == 1
    assert cache.get(demand_misses._name(TODAY - timedelta(days=7))) is None
    assert cache.get(demand_misses._name(TODAY)) is not None
