"""From a text to hits: how many of the words have to match."""

import pytest

from search.answers import RELAX_BELOW, Answer, answer
from search.engines import Document, Engine, PageDocuments
from search.queries import Query

pytestmark = pytest.mark.django_db


def put(engine: Engine, *titles: str) -> None:
    engine.write(
        [
            PageDocuments(
                number,
                (
                    Document(
                        f"projekt-{number}", number, title, "", "public", number, facets={"phase": (f"P{number}",)}
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
    put(engine, *["Digitale Ampel"] * RELAX_BELOW, "Ampel", "Digitale Bank")
    assert set(titles(ask(engine, "digitale Ampel"))) == {"Digitale Ampel"}


def test_too_few_hits_with_all_words_bring_those_with_one(engine: Engine) -> None:
    put(engine, "Digitale Ampel", "Ampel", "Digitale Bank")
    found = titles(ask(engine, "digitale Ampel"))
    assert found[0] == "Digitale Ampel"
    assert len(found) == 3


def test_choosing_a_facet_never_adds_hits(engine: Engine) -> None:
    put(engine, *["Digitale Ampel"] * RELAX_BELOW, "Ampel")
    found = ask(engine, "digitale Ampel", Query(filters={"phase": (f"P{RELAX_BELOW + 1}",)}))
    assert found.result.total == 0


def test_words_that_are_never_searched_for_find_nothing(engine: Engine) -> None:
    put(engine, "Ampel")
    assert ask(engine, "und der").result.total == 0


def test_without_a_text_everything_is_found(engine: Engine) -> None:
    put(engine, "Ampel", "Bank")
    assert ask(engine, "").result.total == 2
