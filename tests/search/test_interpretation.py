"""What a visitor typed is read generously, and the reading is said aloud."""

import pytest

from search.engines import Document, Engine, PageDocuments
from search.engines.queries import Query, Role
from search.query.interpretation import MAX_WORDS, Correction, Interpretation, interpret
from search.text.synonyms import SynonymTable

pytestmark = pytest.mark.both_engines


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


# --- the language of queries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Ampel -rot", {"Ampel", "Busampel"}),
        ('Ampel -"rote Ampel"', {"Ampel", "Busampel"}),
        ("-Ampel", {"Busampel", "Bank"}),
        ("-Amp*", {"Busampel", "Bank"}),
        ("Ampel - rot", {"Ampel", "Rote Ampel", "Busampel"}),
        ("Ampel -", {"Ampel", "Rote Ampel", "Busampel"}),
        ("Ampel und -rot", {"Ampel", "Rote Ampel", "Busampel"}),
    ],
)
def test_a_minus_before_a_word_leaves_out_what_contains_it(engine: Engine, typed: str, found: set[str]) -> None:
    put(engine, "Ampel", "Rote Ampel", "Busampel", "Bank")
    assert set(titles(engine, read(engine, typed).relaxed())) == found


@pytest.mark.parametrize("typed", ["Bau- und Umweltamt", "Smart-City", "Assistentin / -assistent", "Bau, -pflege"])
def test_a_minus_that_belongs_to_a_word_leaves_out_nothing(engine: Engine, typed: str) -> None:
    put(engine, "Ampel")
    assert read(engine, typed).excluded == ()


def test_an_asterisk_stands_for_any_ending(engine: Engine) -> None:
    put(engine, "Bürgerbüro", "Bürgerbeteiligung", "Bürger", "Burg")
    assert set(titles(engine, read(engine, "bürgerb*"))) == {"Bürgerbüro", "Bürgerbeteiligung"}
    assert set(titles(engine, read(engine, "Bürger*innen"))) >= {"Bürger"}


def test_the_beginning_of_a_key_finds_it(engine: Engine) -> None:
    put(engine, "Schlüssel 05315000", "Schlüssel 99107023017000")
    assert titles(engine, read(engine, "05315*")) == ["Schlüssel 05315000"]


@pytest.mark.parametrize("typed", ["*", "-", '"', "-*", '-"', "--", "a*", "** -", '""', "-und", "*rot", "-" * 400])
def test_signs_without_a_word_are_no_error(engine: Engine, typed: str) -> None:
    put(engine, "Ampel")
    engine.search(read(engine, typed).applied_to(Query()), audience="public")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Smart-City", "smart city", "smartcity"),
        ("E-Akte", "eAkte", "E Akte"),
        ("Open-Data", "OpenData", "open data", "opendata"),
    ],
)
@pytest.mark.parametrize("written", [0, 1, 2])
def test_words_apart_joined_and_hyphenated_give_the_same(
    engine: Engine, spellings: tuple[str, ...], written: int
) -> None:
    put(engine, f"{spellings[written]} im Kreis", *(f"Unser Plan: {spelling}" for spelling in spellings), "Haltestelle")
    answers = []
    for spelling in spellings:
        hits = engine.search(read(engine, spelling).applied_to(Query()), audience="public").hits
        answers.append([(hit.key, round(hit.score, 3)) for hit in hits])
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == len(spellings) + 1


def test_spellings_of_a_word_share_its_synonyms(engine: Engine) -> None:
    put(engine, "Elektronische Akte")
    row = ["eAkte", "E-Akte", "elektronische Akte"]
    for spelling in ("eAkte", "E-Akte", "E Akte"):
        assert titles(engine, read(engine, spelling, row)) == ["Elektronische Akte"]


def test_an_expression_of_two_words_is_found_by_its_abbreviation(engine: Engine) -> None:
    put(engine, "KI im Rathaus")
    assert titles(engine, read(engine, "künstliche Intelligenz", ["KI", "künstliche Intelligenz"])) == ["KI im Rathaus"]


# --- corrections that do no harm --------------------------------------------------------------------------------------


def test_a_german_noun_is_no_typing_error(engine: Engine) -> None:
    put(engine, "Einziehung der Waffe")
    assert read(engine, "Waffe Entziehung").corrections == ()


def test_words_of_a_long_question_are_not_bent_into_others(engine: Engine) -> None:
    put(engine, "Prävention durch Beratung zur Gesundheit und Hilfe")
    assert read(engine, "Hilfe zur Gesundheit als präventive Beratung").corrections == ()


def test_a_word_that_stands_alone_is_corrected_more_boldly(engine: Engine) -> None:
    put(engine, "Immatrikulation")
    assert read(engine, "Exmatrikulation").corrections == (Correction("Exmatrikulation", "Immatrikulation"),)


# --- order ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "counts"), [("Sensor", 0), ("Sensor Pegel", 1), ("Sensor Pegel Bach Alarm App", 0)])
def test_all_words_together_count_in_queries_of_a_few_words(engine: Engine, typed: str, counts: int) -> None:
    put(engine, "Sensor")
    clauses = [clause for group in read(engine, typed).groups for clause in group.clauses]
    assert sum(clause.role is Role.ALL_WORDS for clause in clauses) == counts


def test_a_title_that_begins_with_the_query_comes_first(engine: Engine) -> None:
    put(engine, "Muster für Mängelmelder", "Mängelmelder Emschertal mit allem", "Über Mängelmelder reden")
    assert titles(engine, read(engine, "Mängelmelder"))[0] == "Mängelmelder Emschertal mit allem"


def test_words_that_say_how_are_not_required(engine: Engine) -> None:
    put(engine, "Bauantrag ohne Papier", "Hundesteuer online")
    assert titles(engine, read(engine, "Bauantrag online"))[0] == "Bauantrag ohne Papier"
    assert titles(engine, read(engine, "online")) == ["Hundesteuer online"]
