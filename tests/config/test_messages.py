"""The German catalogue: complete, sure of itself, and safe to put into a page."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from scripts.check_messages import faults, read

MARKUP = re.compile(r"</?[a-z]+[^>]*>")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return read()


def pairs(message: Message) -> list[tuple[str, str]]:
    """(text, translation) of every form; the last form of the text stands for all further ones."""
    texts = message.id if isinstance(message.id, tuple | list) else (message.id,)
    translations = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return [(texts[min(i, len(texts) - 1)], translation) for i, translation in enumerate(translations)]


def test_every_text_is_translated_and_keeps_its_placeholders(catalogue: Catalog) -> None:
    assert len(catalogue) > 0
    assert not faults(catalogue)


def test_a_missing_translation_is_a_fault() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("Search", "")
    assert faults(catalogue) == ["not translated: 'Search'"]


def test_a_doubtful_translation_is_a_fault() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("Search", "Suche", flags=["fuzzy"])
    assert faults(catalogue) == ["marked fuzzy: 'Search'"]


def test_a_changed_placeholder_is_a_fault() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("%(count)d hits", "%(anzahl)d Treffer", flags=["python-format"])
    assert len(faults(catalogue)) == 1


def test_translations_keep_the_markup_of_their_text(catalogue: Catalog) -> None:
    wrong = [
        translation
        for message in catalogue
        if message.id
        for text, translation in pairs(message)
        if sorted(MARKUP.findall(text)) != sorted(MARKUP.findall(translation))
    ]
    assert not wrong


def test_quotation_marks_are_german(catalogue: Catalog) -> None:
    wrong = [
        translation
        for message in catalogue
        if message.id
        for _text, translation in pairs(message)
        if "”" in translation or '"' in MARKUP.sub("", translation) or translation.count("„") != translation.count("“")
    ]
    assert not wrong


def test_catalogue_says_its_language(catalogue: Catalog) -> None:
    assert str(catalogue.locale) == "de"
    assert catalogue.num_plurals == 2
