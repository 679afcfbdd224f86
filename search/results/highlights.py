"""Highlighting: the excerpt under a hit, with the words that were looked for marked.

Works on plain text with our own analysis, so a compound is marked when a part of it matched, whatever the engine.
Everything is escaped; nothing is ever declared safe that was not escaped here.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString

from search.engines.queries import ANY_ENDING
from search.text.analysis import INNER_MARK, Word, words
from search.text.spelling import fold

EXCERPT_LENGTH = 260
# Of very long texts the beginning is looked through for an excerpt.
SEARCHED_LENGTH = 12_000
# So much text stands before the first match, to make the excerpt readable.
LEAD = 60
# Runs of text between spaces, as many as there are different ones in the texts of some thousand projects; each
# entry takes a few hundred bytes. Longer runs are addresses and pasted data.
RUNS_KEPT = 50_000
RUN_MAX_LENGTH = 80
# A word of the analysis may go over a space (§ 5, Paragraf 5, 05 3 15 000, z. B.): ends and beginnings of its parts.
GOES_ON = re.compile(r"(?:§|[Pp]aragra(?:f|ph)|\d|(?<![^\W_])[^\W\d_]\.)\Z")
CONTINUES = re.compile(r"\d|[^\W\d_]\.")


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    matched: frozenset[str]


class Run(NamedTuple):
    """What the analysis says of text between two spaces."""

    words: tuple[Word, ...]
    parts: frozenset[str]  # of all its words
    goes_on: bool  # one of its words may end after the space
    continues: bool  # one of its words may begin before the space


class Marker:
    """Marks the words of one query in any number of texts: those that contain one of the tokens, or begin like one that
    ends in "*"."""

    def __init__(self, tokens: Collection[str]) -> None:
        self.tokens = frozenset(tokens)
        self.beginnings = tuple(token.removesuffix(ANY_ENDING) for token in tokens if token.endswith(ANY_ENDING))

    def highlight(self, text: str) -> SafeString:
        """The text escaped, with every word marked."""
        normalised = unicodedata.normalize("NFC", text)
        return SafeString(_marked(normalised, 0, len(normalised), self._matches(normalised)))

    def excerpt(self, text: str, length: int = EXCERPT_LENGTH) -> SafeString:
        """About `length` characters of the text, where most different words that were looked for stand together."""
        normalised = unicodedata.normalize("NFC", " ".join(text[:SEARCHED_LENGTH].split()))
        spans = self._matches(normalised)
        start = _best_start(spans, length)
        if start <= LEAD or len(normalised) <= length:
            start = 0
        else:
            start = _word_start(normalised, min(start - LEAD, len(normalised) - length))
        end = min(len(normalised), start + length)
        if end < len(normalised):
            end = normalised.rfind(" ", start, end) if " " in normalised[start:end] else end
        before = "… " if start else ""
        after = " …" if end < len(normalised) else ""
        return SafeString(f"{before}{_marked(normalised, start, end, spans)}{after}")

    def _matches(self, text: str) -> list[Span]:
        if not self.tokens:
            return []
        # Run by run, since most are known already from another text.
        found: list[Span] = []
        start, goes_on = 0, False
        for text_of_run in text.split(" "):
            run = _known_run(text_of_run) if len(text_of_run) <= RUN_MAX_LENGTH else _run(text_of_run)
            if goes_on and run.continues:
                return self._spans(words(text), 0)
            if self.beginnings or not self.tokens.isdisjoint(run.parts):
                found += self._spans(run.words, start)
            start += len(text_of_run) + 1
            goes_on = run.goes_on
        return found

    def _spans(self, found: Iterable[Word], start: int) -> list[Span]:
        """Where the words that match stand in a text, of which those found begin at `start`."""
        matched = ((word, self._matched(word)) for word in found)
        return [Span(start + word.start, start + word.end, tokens) for word, tokens in matched if tokens]

    def _matched(self, word: Word) -> frozenset[str]:
        matched = self.tokens.intersection(word.parts)
        if not self.beginnings:
            return matched
        # The vocabulary, in which beginnings are looked for, has the whole word and its components.
        spellings = [fold(spelling) for spelling in (word.surface, *INNER_MARK.split(word.surface))]
        begun = {each for each in self.beginnings if any(spelling.startswith(each) for spelling in spellings)}
        return matched | begun


def _run(text: str) -> Run:
    found = tuple(words(text))
    parts = frozenset(part for word in found for part in word.parts)
    return Run(found, parts, bool(GOES_ON.search(text)), bool(CONTINUES.match(text)))


_known_run = lru_cache(maxsize=RUNS_KEPT)(_run)


def highlight(text: str, tokens: Collection[str]) -> SafeString:
    """One text with the words of one query marked."""
    return Marker(tokens).highlight(text)


def excerpt(text: str, tokens: Collection[str], length: int = EXCERPT_LENGTH) -> SafeString:
    """The excerpt of one text for one query."""
    return Marker(tokens).excerpt(text, length)


def _best_start(spans: list[Span], length: int) -> int:
    """Where the window with the most different tokens begins; the first one if several are equal."""
    best, best_start = 0, 0
    for position, span in enumerate(spans):
        seen: set[str] = set()
        for other in spans[position:]:
            if other.end > span.start + length - LEAD:
                break
            seen |= other.matched
        if len(seen) > best:
            best, best_start = len(seen), span.start
    return best_start


def _word_start(text: str, position: int) -> int:
    space = text.find(" ", position)
    return space + 1 if space != -1 else position


def _marked(text: str, start: int, end: int, spans: list[Span]) -> str:
    """A part of the text, escaped, with marks."""
    pieces: list[str] = []
    position = start
    for span in spans:
        if span.start < start or span.end > end:
            continue
        pieces.append(html.escape(text[position : span.start]))
        pieces.append(f"<mark>{html.escape(text[span.start : span.end])}</mark>")
        position = span.end
    pieces.append(html.escape(text[position:end]))
    return "".join(pieces)
