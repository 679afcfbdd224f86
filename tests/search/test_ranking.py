"""Factors are small, never decide what is found, and put first what helps more."""

import datetime

import pytest

from search.engines import Document, Engine, PageDocuments
from search.engines.queries import Boost, Query
from search.query.ranking import IN_USE, MOST_WORDS, PROJECT, RECENT, REUSABLE, REUSED, WIDELY_REUSED, factors
from search.query.understanding import understand

TODAY = datetime.date(2026, 11, 22)


def by_name(words: int = 1) -> dict[str, Boost]:
    return {boost.name: boost for boost in factors(words, TODAY, ("EUPL-1.2",))}


def millis(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp() * 1000)


def test_factors_grow_with_the_words_up_to_a_limit() -> None:
    assert by_name(2)[PROJECT].weight == 2 * by_name(1)[PROJECT].weight
    assert by_name(100) == by_name(MOST_WORDS)
    assert by_name(0) == by_name(1)


def test_without_licences_nothing_counts_as_reusable() -> None:
    assert REUSABLE not in {boost.name for boost in factors(1, TODAY, ())}


def test_all_small_factors_together_weigh_less_than_being_the_project_itself() -> None:
    found = by_name()
    assert (
        sum(found[name].weight for name in (IN_USE, REUSABLE, REUSED, WIDELY_REUSED, RECENT))
        < found[PROJECT].weight / 5
    )


@pytest.mark.both_engines
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"facets": {"phase": ("P4",)}}, {"facets": {"phase": ("P1",)}}),
        ({"facets": {"lizenz": ("EUPL-1.2",)}}, {}),
        ({"facets": {"nachnutzung": ("eine",)}}, {"facets": {"nachnutzung": ("unbestaetigt",)}}),
        ({"facets": {"nachnutzung": ("viele",)}}, {"facets": {"nachnutzung": ("eine",)}}),
        ({"newest": millis(TODAY)}, {"newest": millis(datetime.date(2015, 1, 1))}),
        ({"facets": {"typ": ("projekt",)}}, {"facets": {"typ": ("artefakt",)}}),
    ],
)
def test_equal_texts_stand_in_the_order_of_the_factors(engine: Engine, better: dict, worse: dict) -> None:
    for better_id, worse_id in ((1, 2), (4, 3)):
        for page_id, more in ((better_id, better), (worse_id, worse)):
            more = {"newest": 0, **more}
            document = Document(f"projekt-{page_id}", page_id, "Ampel", "", "public", **more)
            engine.write([PageDocuments(page_id, (document,))])
        read = understand("Ampel", engine=engine, audience="public")
        query = read.applied_to(Query(only_pages=(better_id, worse_id)))
        assert [hit.page_id for hit in engine.search(query, audience="public").hits] == [better_id, worse_id]


@pytest.mark.both_engines
@pytest.mark.django_db
def test_factors_find_nothing_and_hide_nothing(engine: Engine) -> None:
    documents = [
        Document(f"projekt-{n}", n, title, "", "public", 0, facets={"typ": ("projekt",), "phase": ("P4",)})
        for n, title in enumerate(("Ampel", "Bank"), 1)
    ]
    engine.write([PageDocuments(document.page_id, (document,)) for document in documents])
    for with_factors in (True, False):
        read = understand("Ampel", engine=engine, audience="public", with_factors=with_factors)
        assert engine.search(read.applied_to(Query()), audience="public").total == 1


@pytest.mark.both_engines
@pytest.mark.django_db
def test_a_project_comes_before_its_artefacts_when_its_title_is_the_query(engine: Engine) -> None:
    kinds = [("projekt", "Mängelmelder"), ("artefakt", "Mängelmelder: Mängelmelder"), ("artefakt", "Quelltext")]
    documents = tuple(
        Document(f"{kind}-{n}", 1, title, "", "public", 0, extra="Mängelmelder " * 3, facets={"typ": (kind,)})
        for n, (kind, title) in enumerate(kinds)
    )
    engine.write([PageDocuments(1, documents)])
    read = understand("Mängelmelder", engine=engine, audience="public")
    assert engine.search(read.applied_to(Query()), audience="public").hits[0].key == "projekt-0"
