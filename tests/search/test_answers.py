"""From a text to hits: how many of the words have to match, and what meaning does to their order."""

from typing import Any

import numpy as np
import pytest

from search.engines import Document, Engine, PageDocuments
from search.engines.queries import Boost, Query, Sort
from search.query import answers
from search.query.answers import BY_MEANING, RELAX_BELOW, Answer, answer
from search.semantic import encoder, vectors
from search.semantic.embeddings import Embedding, PageMeaning
from search.semantic.encoder import DIMENSIONS, MODEL

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("model")]


def put(engine: Engine, *titles: str) -> None:
    """Documents of the pages from 1 on, each of a phase of its own."""
    engine.write(
        [
            PageDocuments(
                number,
                (
                    Document(
                        f"projekt-{number}",
                        number,
                        title,
                        "",
                        "public",
                        number,
                        facets={"typ": ("projekt",), "phase": (f"X{number}",)},
                    ),
                ),
            )
            for number, title in enumerate(titles, 1)
        ]
    )


def ask(engine: Engine, text: str, query: Query | None = None) -> Answer:
    return answer(text, engine=engine, audience="public", query=query or Query(limit=50))


def titles(found: Answer) -> list[str]:
    return [hit.title for hit in found.result.hits]


def test_enough_hits_with_all_words_hide_those_with_one(engine: Engine) -> None:
    put(engine, *["Grüne Ampel"] * RELAX_BELOW, "Ampel", "Grüne Bank")
    assert set(titles(ask(engine, "grüne Ampel"))) == {"Grüne Ampel"}


def test_too_few_hits_with_all_words_bring_those_with_one(engine: Engine) -> None:
    put(engine, "Grüne Ampel", "Ampel", "Grüne Bank")
    found = titles(ask(engine, "grüne Ampel"))
    assert found[0] == "Grüne Ampel"
    assert len(found) == 3


def test_choosing_a_facet_never_adds_hits(engine: Engine) -> None:
    put(engine, *["Grüne Ampel"] * RELAX_BELOW, "Ampel")
    found = ask(engine, "grüne Ampel", Query(filters={"phase": (f"X{RELAX_BELOW + 1}",)}))
    assert found.result.total == 0


def test_words_that_are_never_searched_for_find_nothing(engine: Engine) -> None:
    put(engine, "Ampel")
    assert ask(engine, "und der").result.total == 0


def test_without_a_text_everything_is_found(engine: Engine) -> None:
    put(engine, "Ampel", "Bank")
    assert ask(engine, "").result.total == 2


# --- meaning ----------------------------------------------------------------------------------------------------------

QUERY = np.eye(DIMENSIONS, dtype=np.float32)[0]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every query means the first axis, whatever its words: what the order owes to meaning is then known exactly."""
    texts: list[str] = []

    def first_axis(text: str) -> encoder.Vector:
        texts.append(text)
        return QUERY

    monkeypatch.setattr(encoder, "is_available", lambda: True)
    monkeypatch.setattr(encoder, "query_vector", first_axis)
    monkeypatch.setattr(encoder, "meant_vector", lambda text: QUERY)
    monkeypatch.setattr(encoder, "noise", lambda: np.zeros(DIMENSIONS, dtype=np.float32))
    return texts


def mean(*cosines: float) -> None:
    """The pages from 1 on are so near to every query."""
    for page_id, cosine in enumerate(cosines, 1):
        vector = np.zeros(DIMENSIONS, dtype=np.float32)
        vector[0], vector[page_id] = cosine, np.sqrt(1 - cosine**2)
        digest = f"{page_id:08x}".ljust(32, "0")
        Embedding.objects.create(digest=digest, model=MODEL, vector=vectors.as_bytes(vector))
        PageMeaning.objects.create(page_id=page_id, embedding_id=digest)


def numbers(found: Answer) -> list[int]:
    return [hit.page_id for hit in found.result.hits]


def test_of_hits_with_the_same_words_the_nearest_come_first(engine: Engine, asked: list[str]) -> None:
    mean(0.1, 0.9, 0.2)
    put(engine, *["Ampel"] * 3)
    found = ask(engine, "Ampel")
    assert numbers(found) == [2, 3, 1]
    assert found.result.total == 3
    scores = [hit.score for hit in found.result.hits]
    assert scores == sorted(scores, reverse=True)


def test_hits_keep_the_text_for_their_excerpts(engine: Engine, asked: list[str]) -> None:
    engine.write([PageDocuments(1, (Document("projekt-1", 1, "Ampel", "rot, gelb, grün", "public", 0),))])
    mean(0.5)
    assert ask(engine, "Ampel").result.hits[0].content == "rot, gelb, grün"
    assert ask(engine, "Ampel", Query(with_content=False)).result.hits[0].content == ""


def test_meaning_changes_neither_totals_nor_facets(engine: Engine, asked: list[str]) -> None:
    mean(0.1, 0.9, 1.0, 0.5)
    put(engine, "Ampel", "Ampel", "Bank", "Ampel")
    wanted = Query(facets={"phase": 10}, limit=2)
    found = ask(engine, "Ampel", wanted).result
    plain = answer("Ampel", engine=engine, audience="public", query=wanted, with_meaning=False).result
    assert (found.total, found.facets, found.before_filters) == (plain.total, plain.facets, plain.before_filters)


def test_pages_of_hits_neither_repeat_nor_miss_any(
    engine: Engine, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "CANDIDATES", 7)
    mean(*(number % 9 / 10 for number in range(20)))
    put(engine, *["Ampel"] * 20)
    pages = [numbers(ask(engine, "Ampel", Query(offset=offset, limit=5))) for offset in range(0, 20, 5)]
    assert sorted(number for page in pages for number in page) == list(range(1, 21))
    assert pages == [numbers(ask(engine, "Ampel", Query(offset=offset, limit=5))) for offset in range(0, 20, 5)]


def test_what_has_no_meaning_yet_stays_between(engine: Engine, asked: list[str]) -> None:
    mean(0.1, 0.9)
    put(engine, *["Ampel"] * 3)
    assert numbers(ask(engine, "Ampel")) == [2, 3, 1]


def test_another_order_is_left_alone(engine: Engine, asked: list[str]) -> None:
    mean(0.9, 0.1)
    put(engine, "Ampel B", "Ampel A")
    assert numbers(ask(engine, "Ampel", Query(sort=Sort.TITLE))) == [2, 1]
    assert ask(engine, "").result.total == 2
    assert asked == []


def test_words_to_leave_out_are_not_looked_for_by_meaning(engine: Engine, asked: list[str]) -> None:
    mean(0.9, 0.1)
    put(engine, "Ampel", "Bank")
    ask(engine, "Ampel -Bank")
    assert "Bank" not in asked[0]
    ask(engine, "-Bank")
    assert len(asked) == 1


def test_what_the_words_are_favoured_for_still_counts(engine: Engine, asked: list[str]) -> None:
    mean(0.5, 0.5, 0.5, 0.6, 0.6, 0.6)
    put(engine, *["Ampel"] * 6)
    favoured = Query(boosts=(Boost("named_place", 3.0, "phase", ("X3", "X5")),))
    found = numbers(ask(engine, "Ampel", favoured))
    assert found[0] == 5
    assert found.index(3) < found.index(1)


def test_what_no_word_answers_is_answered_by_meaning_and_said_so(engine: Engine, asked: list[str]) -> None:
    mean(*([0.9] * 15 + [0.0] * 15))
    put(engine, *["Ampel"] * 30)
    found = ask(engine, "Zebrastreifen", Query(facets={"phase": 10}))
    assert found.is_by_meaning
    assert found.result.total == len(found.result.hits) == BY_MEANING
    assert found.result.facets == {}
    assert set(numbers(found)) <= set(range(1, 16))
    assert not ask(engine, "Ampel").is_by_meaning


def test_what_means_nothing_finds_nothing(engine: Engine, asked: list[str]) -> None:
    mean(0.5, 0.51, 0.5)
    put(engine, *["Ampel"] * 3)
    found = ask(engine, "xqzw")
    assert not found.is_by_meaning
    assert found.result.total == 0


def test_whoever_insists_on_words_gets_no_others(engine: Engine, asked: list[str]) -> None:
    mean(0.9, 0.0)
    put(engine, "Ampel", "Bank")
    assert ask(engine, '"Zebrastreifen am Markt"').result.total == 0


def test_filters_hold_for_what_is_found_by_meaning(engine: Engine, asked: list[str]) -> None:
    mean(0.9, 0.9, 0.9, 0.0, 0.0, 0.0)
    put(engine, *["Ampel"] * 6)
    assert numbers(ask(engine, "Zebrastreifen", Query(filters={"phase": ("X2",)}))) == [2]


def test_a_filter_that_leaves_nothing_is_no_reason_to_guess(engine: Engine, asked: list[str]) -> None:
    mean(0.9, 0.0)
    put(engine, "Ampel", "Bank")
    found = ask(engine, "Ampel", Query(filters={"phase": ("X2",)}))
    assert (found.result.total, found.is_by_meaning) == (0, False)


def test_a_model_that_gives_no_vector_leaves_the_order_of_the_words(
    engine: Engine, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mean(0.9, 0.1)
    put(engine, "Ampel", "Ampel Ampel Ampel")
    monkeypatch.setattr(encoder, "query_vector", lambda text: None)
    by_words = answer("Ampel", engine=engine, audience="public", with_meaning=False)
    assert ask(engine, "Ampel", Query()).result.hits == by_words.result.hits


def test_with_the_setting_off_only_words_count(engine: Engine, settings: Any) -> None:
    settings.SEARCH_MEANING = "off"
    mean(0.1, 0.9)
    put(engine, *["Ampel"] * 2)
    assert ask(engine, "Ampel").meaning == {}
