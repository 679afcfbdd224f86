"""The rules one by one: sentences, days, amounts, offices, headings."""

import pytest

from matching.papers.costs import find_costs
from matching.papers.dates import dates_in, find_decision
from matching.papers.files import read_text
from matching.papers.labels import Kind, label_of
from matching.papers.lines import join
from matching.papers.offices import find_office
from matching.papers.parts import take_apart
from matching.papers.problems import find_problem
from matching.papers.sentences import names_person, split
from matching.papers.titles import find_title


def costs(text: str) -> tuple[int, int] | None:
    found = find_costs(take_apart(read_text(f"Betreff: X\n\nFinanzielle Auswirkungen:\n{text}")))
    return found.value if found else None


def decision(text: str) -> str | None:
    found = find_decision(take_apart(read_text(text)))
    return found.value.isoformat() if found else None


def office(text: str) -> str | None:
    found = find_office(take_apart(read_text(text)))
    return found.value if found else None


def title(text: str) -> str | None:
    found = find_title(take_apart(read_text(text)))
    return found.value if found else None


# --- words and sentences ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (["Online-Termin-", "vergabe"], "Online-Terminvergabe"),
        (["Bau- und", "Verkehr"], "Bau- und Verkehr"),
        (["Bau-", "und Verkehr"], "Bau- und Verkehr"),
        (["per E-", "Mail"], "per E-Mail"),
        (["Haus –", "Hof"], "Haus – Hof"),
        (["weich\u00ad", "gekocht"], "weichgekocht"),
        (["", "Wort", " "], "Wort"),
    ],
)
def test_lines_become_one_text(lines: list[str], whole: str) -> None:
    assert join(lines) == whole


def test_sentences_end_at_stops_that_end_something() -> None:
    text = (
        "Am 3. Mai 2025 wurde z. B. der 2. Bauabschnitt gem. § 4 Abs. 2 BauO begonnen. Es kostet ca. 3 Mio. Euro. "
        "Warum? „Niemand weiß es.“ Die Straße Nr. 5 ist gesperrt."
    )
    assert split(text) == [
        "Am 3. Mai 2025 wurde z. B. der 2. Bauabschnitt gem. § 4 Abs. 2 BauO begonnen.",
        "Es kostet ca. 3 Mio. Euro.",
        "Warum?",
        "„Niemand weiß es.“",
        "Die Straße Nr. 5 ist gesperrt.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Herr Schmitz stellt vor.",
        "Es berichtet Frau Dr. Klee.",
        "Auskunft gibt Bürgermeisterin Weber.",
        "Fragen an bau@stadt.example.",
        "Tel. 02131 900-12",
        "gez. Schulze",
    ],
)
def test_people_are_recognised(text: str) -> None:
    assert names_person(text)


@pytest.mark.parametrize(
    "text", ["Der Bürgermeister wird beauftragt.", "Das Telefon ist nicht besetzt.", "Die Frauen im Rat stimmen zu."]
)
def test_offices_and_things_are_no_people(text: str) -> None:
    assert not names_person(text)


# --- headings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("II. Haushaltsmäßige Auswirkungen:", Kind.COSTS),
        ("Kosten und Finanzierung", Kind.COSTS),
        ("A. Problem und Ziel", Kind.REASONS),
        ("Sachverhalt / Begründung:", Kind.REASONS),
        ("3. Beschlussvorschlag für den Rat", Kind.PROPOSAL),
        ("Auswirkungen auf den Klimaschutz:", Kind.OTHER),
        ("Ein neuer Punkt:", None),
        ("Federführendes Amt: Bauamt", Kind.OFFICE),
        ("Kosten sind noch nicht bekannt.", None),
        ("Der Rat beschließt:", None),
        ("Amt für Schule", None),
    ],
)
def test_headings_are_told_from_sentences(text: str, kind: Kind | None) -> None:
    label = label_of(text)
    assert (label.kind if label else None) == kind


@pytest.mark.parametrize("word", ["Raum", "Klimaschutz", "Datum"])
def test_single_word_within_a_paragraph_is_no_heading(word: str) -> None:
    assert label_of(word, is_apart=False) is None


def test_title_goes_on_where_its_line_does() -> None:
    assert title("Betreff:\nSchäden im öffentlichen\nRaum\n\nSachverhalt:\nText") == "Schäden im öffentlichen Raum"
    assert title("Betreff: Haushalt;\n\nhier: Antrag\n\nText") == "Haushalt; hier: Antrag"


def test_title_that_names_a_person_is_left_out() -> None:
    assert title("Betreff: Anregung von Herrn Schmitz\n\nSachverhalt:\nText") is None


# --- the decision -----------------------------------------------------------------------------------------------------


def test_body_that_decides_gives_the_day() -> None:
    table = "Beratungsfolge\nBauausschuss  01.03.2027  Vorberatung\nRat  15.03.2027  Entscheidung\n"
    assert decision(table) == "2027-03-15"
    assert decision(f"{table}Ortsrat  20.03.2027  Kenntnisnahme\n") == "2027-03-15"


def test_where_all_advise_the_last_day_counts() -> None:
    assert decision("Beratungsfolge\nBauausschuss  01.03.2027  Vorberatung\nSozialausschuss  08.03.2027  Anhörung") == (
        "2027-03-08"
    )


def test_where_no_role_is_said_the_council_decides() -> None:
    assert decision("Beratungsfolge\nRat  05.10.2027\nBauausschuss  12.10.2027") == "2027-10-05"


def test_other_days_of_a_paper_decide_nothing() -> None:
    text = "Datum: 11.03.2027\nAusdruck vom: 12.03.2027\n\nSachverhalt:\nDer Rat hat am 01.02.2027 beschlossen."
    assert decision(text) is None


def test_days_are_read_in_words_and_short_and_never_guessed() -> None:
    found = [day.isoformat() for _place, day in dates_in("am 3. Mai 2027, 04.06.27, 31.02.2027, 54.01.01, 2.30 Uhr")]
    assert found == ["2027-05-03", "2027-06-04"]


# --- the costs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Es entstehen einmalige Kosten von 18.500,00 €. Die Folgekosten betragen 4.760 € jährlich.", (18_500, 18_500)),
        ("Es ist mit Kosten zwischen 27.000 € und 34.000 € zu rechnen.", (27_000, 34_000)),
        ("Die Kosten liegen bei 6.000 bis 8.000 Euro.", (6_000, 8_000)),
        ("Der Zuschussbedarf beträgt für drei Jahre insgesamt 1,26 Mio. € (420.000 € jährlich).", (1_260_000,) * 2),
        ("Investitionskosten: 58.000 € (Technik 46.500 €, Software 11.500 €).", (58_000, 58_000)),
        ("Die Summe beträgt 96.390,00 € brutto. Das Land gibt einen Zuschuss von 68.000 €.", (96_390, 96_390)),
        ("Die Anschaffung kostet 9.500 € netto (11.305 € brutto).", (11_305, 11_305)),
        ("Gesamtkosten: EUR 7.140,--", (7_140, 7_140)),
        ("Gesamtausgaben: 48 T€", (48_000, 48_000)),
        ("Für die Software 7 500 Euro.", (7_500, 7_500)),
        ("Bei Aufträgen oberhalb von 25.000 € (netto) wird ausgeschrieben.", None),
        ("Die jährlichen Kosten betragen 900 Euro.", None),
        ("Keine.", None),
        ("Kosten von 99.999.999.999.999 €", None),
    ],
)
def test_what_it_costs_once_is_found(text: str, found: tuple[int, int] | None) -> None:
    assert costs(text) == found


def test_what_is_ticked_above_a_sentence_is_no_part_of_it() -> None:
    text = "Finanzielle Auswirkungen:\n☒ Ja ☐ Nein\nDie Kosten betragen 900 Euro."
    found = find_costs(take_apart(read_text(text)))
    assert found is not None
    assert found.source == "Die Kosten betragen 900 Euro."


# --- the office -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Amt: 61  Datum: 01.02.2027\nFederführend: Tiefbauamt", "Tiefbauamt"),
        ("Amt: Bauamt, Frau Klee, Tel. 1234", "Bauamt"),
        ("Verfasser: Klee, Anna\n\nStadt Au\nFachbereich Bürgerdienste", "Fachbereich Bürgerdienste"),
        ("Fachbereich/Az.  Datum\n3 - Soziales  01.02.2027", "3 - Soziales"),
        ("Verantwortlich: Bauamt / Liegenschaften\nVorlage vom 20.11.2026", "Bauamt / Liegenschaften"),
        ("Einreicher: CDU-Fraktion", None),
        ("Bearbeiter: Klaus Meier", None),
        ("Gemeindeverwaltung\nStadt Au", None),
    ],
)
def test_office_is_found_and_people_are_not(text: str, found: str | None) -> None:
    assert office(text) == found


# --- the problem ------------------------------------------------------------------------------------------------------


def test_problem_is_what_is_wrong_and_not_what_is_planned() -> None:
    text = (
        "Sachverhalt:\nNach § 3 des Gesetzes ist ein Verzeichnis zu führen. Derzeit fehlt eine Übersicht, Anfragen "
        "werden mehrfach bearbeitet. Künftig sollen alle Anfragen an einer Stelle eingehen."
    )
    found = [each.value for each in find_problem(take_apart(read_text(text)))]
    assert found == ["Derzeit fehlt eine Übersicht, Anfragen werden mehrfach bearbeitet."]
