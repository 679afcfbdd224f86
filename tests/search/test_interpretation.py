"""What a visitor typed is read generously, and the reading is said aloud."""

import pytest

from search.engines import Document, Engine, PageDocuments
from search.interpretation import MAX_WORDS, Correction, Interpretation, interpret
from search.queries import Query
from search.synonyms import SynonymTable


def put(engine: Engine, *titles: str) -> None:
    engine.write(
        [
            PageDocuments(number, (Document(f"projekt-{number}", number, title, "", "public", number),))
            for number, title in enumerate(titles, 1)
        ]
    )


def read(engine: Engine, text: str, *synonyms: list[str]) -> Interpretation:
    return interpret(text, engine=engine, synonyms=SynonymTable.from_rows(synonyms), audience="public")


def titles(engine: Engine, found: Interpretation) -> list[str]:
    return [hit.title for hit in engine.search(found.applied_to(Query()), audience="public").hits]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Katastrofenschutz", "Katastrophenschutz"), ("Glasfaserausbua", "Glasfaserausbau"), ("Amepl", "Ampel")],
)
def test_an_unknown_word_is_corrected_to_the_nearest(engine: Engine, typed: str, meant: str) -> None:
    put(engine, "Katastrophenschutz", "Glasfaserausbau", "Ampel")
    found = read(engine, typed)
    assert found.corrections == (Correction(typed, meant),)
    assert titles(engine, found) == [meant]


def test_a_known_word_is_never_corrected(engine: Engine) -> None:
    put(engine, "Ampel", "Ampeln", "Amsel")
    assert read(engine, "Amsel").corrections == ()


def test_a_word_whose_synonym_is_known_is_not_corrected(engine: Engine) -> None:
    put(engine, "Personalausweis", "Person")
    found = read(engine, "Perso", ["Perso", "Personalausweis"])
    assert found.corrections == ()
    assert titles(engine, found) == ["Personalausweis"]


def test_the_beginning_of_a_word_finds_it_without_a_remark(engine: Engine) -> None:
    put(engine, "Bürgerbeteiligung")
    found = read(engine, "Bürgerbeteil")
    assert found.corrections == ()
    assert titles(engine, found) == ["Bürgerbeteiligung"]


def test_short_words_are_not_guessed(engine: Engine) -> None:
    put(engine, "Bus")
    assert titles(engine, read(engine, "Bos")) == []


def test_quoted_words_are_required(engine: Engine) -> None:
    put(engine, "Digitaler Zwilling", "Zwilling, digital")
    for text in ('"digitaler Zwilling"', "„digitaler Zwilling“", "»digitaler Zwilling«"):
        assert titles(engine, read(engine, text)) == ["Digitaler Zwilling"]


def test_a_pasted_paragraph_is_read_from_its_beginning(engine: Engine) -> None:
    put(engine, "Ampel")
    assert len(read(engine, "Ampel Bank " * 200).groups) == MAX_WORDS
