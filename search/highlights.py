"""Step 6 of the flow: the excerpt under a hit, with the words that were looked for marked.

Works on plain text with our own analysis, so a compound is marked when a part of it matched, whatever the engine.
Everything is escaped; nothing is ever declared safe that was not escaped here.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from search.analysis import INNER_MARK, Word, words
from search.queries import ANY_ENDING
from search.spelling import fold

EXCERPT_LENGTH = 260
# Of very long texts the beginning is looked through for an excerpt.
SEARCHED_LENGTH = 12_000
# So much text stands before the first match, to make the excerpt readable.
LEAD = 60


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    matched: frozenset[str]


def highlight(text: str, tokens: Collection[str]) -> SafeString:
    """The text escaped, with every word marked that contains one of the tokens or begins like one that ends in "*"."""
    normalised = unicodedata.normalize("NFC", text)
    return _marked(normalised, 0, len(normalised), _matches(normalised, frozenset(tokens)))


def excerpt(text: str, tokens: Collection[str], length: int = EXCERPT_LENGTH) -> SafeString:
    """About `length` characters of the text, where most different words that were looked for stand together."""
    normalised = unicodedata.normalize("NFC", " ".join(text[:SEARCHED_LENGTH].split()))
    spans = _matches(normalised, frozenset(tokens))
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
    return format_html("{}{}{}", before, _marked(normalised, start, end, spans), after)


def _matches(text: str, tokens: frozenset[str]) -> list[Span]:
    if not tokens:
        return []
    beginnings = tuple(token.removesuffix(ANY_ENDING) for token in tokens if token.endswith(ANY_ENDING))
    candidates = (word for word in words(text) if beginnings or not tokens.isdisjoint(word.parts))
    found = ((word, _matched(word, tokens, beginnings)) for word in candidates)
    return [_span(word, matched) for word, matched in found if matched]


def _matched(word: Word, tokens: frozenset[str], beginnings: tuple[str, ...]) -> frozenset[str]:
    matched = tokens.intersection(word.parts)
    if not beginnings:
        return matched
    # The vocabulary, in which beginnings are looked for, has the whole word and its components.
    spellings = [fold(spelling) for spelling in (word.surface, *INNER_MARK.split(word.surface))]
    return matched | {each for each in beginnings if any(spelling.startswith(each) for spelling in spellings)}


def _span(word: Word, matched: frozenset[str]) -> Span:
    return Span(word.start, word.end, matched)


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


def _marked(text: str, start: int, end: int, spans: list[Span]) -> SafeString:
    pieces: list[tuple[str | SafeString]] = []
    position = start
    for span in spans:
        if span.start < start or span.end > end:
            continue
        pieces.append((text[position : span.start],))
        pieces.append((format_html("<mark>{}</mark>", text[span.start : span.end]),))
        position = span.end
    pieces.append((text[position:end],))
    return format_html_join("", "{}", pieces)
