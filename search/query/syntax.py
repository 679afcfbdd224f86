"""Query syntax: the signs in what a visitor typed – quotation marks, minus, asterisk.

Only these have a meaning, and only where people mean them: a minus before a word that follows a space, an asterisk
behind one. Everything else is text; nothing is an error. Must not know the engine or the analysis.
"""

import re
import unicodedata
from dataclasses import dataclass

QUOTE = r'["„“”»«]'
NOT_QUOTE = r'[^"„“”»«]'
CLOSING = r'["“”»«]'
# "Bau- und Umweltamt", "Smart-City" and a lone minus exclude nothing: it stands at the beginning of a word.
EXCLUDED = re.compile(rf"(?<!\S)[-\u2212](?:{QUOTE}(?P<quoted>{NOT_QUOTE}+){CLOSING}|(?P<word>[^\W_][^\s]*))")
# Nor does one that stands for the first half of a word: "Stadtplanung und -entwicklung", "Assistentin / -assistent".
SHARED_HALF = re.compile(r"(?:[/,]|(?<!\w)(?:und|oder|sowie|bzw\.?|u\.|&))\s*\Z", re.IGNORECASE)
PHRASE = re.compile(rf"{QUOTE}({NOT_QUOTE}+){CLOSING}")
# Not "Bürger*innen", and not a lone asterisk.
BEGINNING = re.compile(r"(?<![^\W_])(?<![^\W_][-&.'])([^\W_](?:[^\s*\"]*[^\W_])?)\*+(?![^\W_])")


@dataclass(frozen=True)
class Typed:
    """What was typed, taken apart."""

    text: str  # the words looked for, those in quotation marks among them
    phrases: tuple[str, ...] = ()  # what has to stand side by side
    beginnings: tuple[str, ...] = ()  # of words, without their asterisk
    excluded: tuple[str, ...] = ()  # words and phrases no hit may contain
    excluded_beginnings: tuple[str, ...] = ()


def take_apart(query: str) -> Typed:
    """Read the signs of a query."""
    text = unicodedata.normalize("NFC", query)
    excluded: list[str] = []
    excluded_beginnings: list[str] = []

    def exclude(match: re.Match[str]) -> str:
        if SHARED_HALF.search(text, 0, match.start()):
            return match[0]
        written = match["quoted"] or match["word"]
        beginning = BEGINNING.fullmatch(written)
        if beginning:
            excluded_beginnings.append(beginning[1])
        else:
            excluded.append(written)
        return " "

    beginnings: list[str] = []

    def begin(match: re.Match[str]) -> str:
        beginnings.append(match[1])
        return " "

    text = EXCLUDED.sub(exclude, text)
    phrases = tuple(PHRASE.findall(text))
    text = BEGINNING.sub(begin, text)
    return Typed(text, phrases, tuple(beginnings), tuple(excluded), tuple(excluded_beginnings))
