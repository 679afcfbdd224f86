"""Query parsing: what a visitor typed becomes groups of a query, with synonyms and corrections.

Asks the engine only which words exist. Must not know the database, facets or a request.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from search.engines.contract import Audience, Engine
from search.engines.queries import (
    ALL_WORDS_MOST,
    ANY_ENDING,
    CORRECTION_WEIGHT,
    Boost,
    Clause,
    Group,
    Query,
    Role,
    all_words_clause,
    beginning_clause,
    group_of,
    joined_clauses,
    phrase_of,
    synonym_clause,
    title_clauses,
    usual_minimum,
)
from search.query.compound_spellings import Piece, halves, is_odd, pieces_of, written_apart
from search.query.places import Mention, PlaceTable
from search.query.syntax import take_apart
from search.text.analysis import Word, words
from search.text.compounds import lexicon, split_compound
from search.text.spelling import fold, stem
from search.text.synonyms import Expression, SynonymTable
from search.text.word_lists import MANNERS

# More words than this is a pasted paragraph: the first ones say what it is about, the rest costs time.
MAX_WORDS = 60
# Titles have fewer words; a longer query is none.
TITLE_MAX_WORDS = 8
# Shorter words are so close to one another that any of them could be meant.
GUESSED_FROM = 4
TWO_ERRORS_FROM = 9
# Where there is no other word to go by, less will do.
TWO_ERRORS_ALONE_FROM = 7
SHORT_QUERY = 3
# The nearest word may begin with another letter.
CORRECTIONS_TRIED = 5
# A word nobody wrote may be the beginning of words somebody did ("Bürgerbeteil").
COMPLETIONS_TRIED = 5
# One letter begins too many words to mean any.
BEGINNING_FROM = 2


@dataclass(frozen=True)
class Correction:
    typed: str
    meant: str


@dataclass(frozen=True)
class Interpretation:
    """The words of a query, ready for an engine."""

    groups: tuple[Group, ...]
    minimum: int
    required: tuple[Clause, ...] = ()
    corrections: tuple[Correction, ...] = ()
    excluded: tuple[Clause, ...] = ()
    boosts: tuple[Boost, ...] = ()
    places: tuple[Mention, ...] = ()  # what the query names, favoured or not

    @property
    def is_empty(self) -> bool:
        """Nothing is looked for. With words to leave out alone, everything else is."""
        return not (self.groups or self.required or self.excluded)

    @property
    def tokens(self) -> frozenset[str]:
        """Every token looked for, beginnings with an asterisk, for marking them in the excerpts."""
        clauses = [clause for group in self.groups for clause in group.clauses]
        return frozenset(
            f"{token}{ANY_ENDING}" if clause.is_prefix else token for clause in clauses for token in clause.tokens
        )

    def applied_to(self, query: Query) -> Query:
        return replace(
            query,
            groups=self.groups,
            minimum=self.minimum,
            required=self.required,
            excluded=self.excluded,
            boosts=(*query.boosts, *self.boosts),
        )

    def relaxed(self) -> "Interpretation":
        """This interpretation with any one of the words sufficing."""
        return replace(self, minimum=1)

    def favouring(self, boosts: Iterable[Boost]) -> "Interpretation":
        """This interpretation, ranked with these factors as well."""
        return replace(self, boosts=(*self.boosts, *boosts))


def interpret(
    text: str, *, engine: Engine, synonyms: SynonymTable, audience: Audience, places: PlaceTable | None = None
) -> Interpretation:
    """Read a query. Raises EngineError if the engine cannot say which words exist.

    Quoted words have to stand side by side, words with a minus must not occur, an asterisk stands for any ending. A
    word that no document contains is completed to words that some do, or corrected to the nearest one.
    """
    typed = take_apart(text)
    found = list(words(typed.text))[:MAX_WORDS]
    pieces, known = _pieces(found, synonyms, engine, audience)
    groups, corrections = _groups(pieces, known, synonyms, engine, audience)
    if groups and not typed.beginnings:
        groups[0] = groups[0].with_clauses(_together(tuple(token for piece in pieces for token in piece.word.tokens)))
    groups += filter(None, (_beginning(written, engine, audience) for written in typed.beginnings[:MAX_WORDS]))
    return Interpretation(
        groups=tuple(groups),
        minimum=usual_minimum(len(groups) - _count_of_manners(pieces)),
        required=tuple(filter(None, (phrase_of(words(quoted)) for quoted in typed.phrases))),
        corrections=tuple(corrections),
        excluded=tuple(_excluded(typed.excluded[:MAX_WORDS], typed.excluded_beginnings[:MAX_WORDS])),
        places=places.mentions(typed.text) if places else (),
    )


# --- words looked for -------------------------------------------------------------------------------------------------


def _pieces(
    typed: list[Word], synonyms: SynonymTable, engine: Engine, audience: Audience
) -> tuple[list[Piece], frozenset[str]]:
    """The words to look for, and which of their tokens occur at all."""
    pieces = pieces_of(typed)
    tokens: set[str] = set()
    for piece in pieces:
        tokens.update(piece.word.tokens, piece.word.parts, piece.joined)
        tokens.update(stem(half) for pair in halves(piece.word) for half in pair)
    for expressions in _expressions(pieces, synonyms):
        tokens.update(token for expression in expressions for token in expression)
    known = engine.known(tokens, audience=audience) if tokens else frozenset()
    return written_apart(pieces, known, engine, audience), known


def _groups(
    pieces: list[Piece], known: frozenset[str], synonyms: SynonymTable, engine: Engine, audience: Audience
) -> tuple[list[Group], list[Correction]]:
    groups: list[Group] = []
    for piece, expressions in zip(pieces, _expressions(pieces, synonyms), strict=True):
        group = group_of(piece.word).with_clauses(synonym_clause(expression) for expression in expressions)
        written = (token for token in piece.joined if token in known)
        groups.append(group.with_clauses(clause for token in written for clause in joined_clauses(token)))
    unknown = [position for position, group in enumerate(groups) if not group.tokens & known]
    leeway = Leeway.of(len(groups), len(unknown))
    corrections: list[Correction] = []
    for position in unknown:
        guesses, found = _guesses(pieces[position].word, leeway, engine, audience)
        groups[position] = groups[position].with_clauses(guesses)
        corrections += found
    return groups, corrections


def _count_of_manners(pieces: list[Piece]) -> int:
    """How many of the words say how and not what; one that stands alone is what is looked for."""
    manners = sum(piece.word.tokens[0] in MANNERS for piece in pieces)
    return manners if manners < len(pieces) else 0


def _together(tokens: Expression) -> Iterator[Clause]:
    """What counts for a document with the words as a whole; part of one group, since it implies them all."""
    if 1 < len(tokens) <= ALL_WORDS_MOST:
        yield all_words_clause(tokens)
    if len(tokens) <= TITLE_MAX_WORDS:
        yield from title_clauses(tokens)


def _expressions(pieces: list[Piece], synonyms: SynonymTable) -> list[list[Expression]]:
    """For each piece what means the same as an expression it belongs to, other spellings of itself left out."""
    found: list[list[Expression]] = []
    for piece, meant in zip(pieces, synonyms.readings([piece.word for piece in pieces]), strict=True):
        spellings = {*piece.apart, *((token,) for token in piece.joined)}
        others = (other for spelling in spellings for other in synonyms.others.get(spelling, ()))
        found.append([other for other in dict.fromkeys((*meant, *others)) if other not in spellings])
    return found


class Leeway(Enum):
    """How far a guess may go: in a long query an unknown word is seldom an error, and there are others to go by."""

    NARROW = auto()
    USUAL = auto()
    WIDE = auto()  # without a guess there is nothing to go by

    @classmethod
    def of(cls, words: int, unknown: int) -> "Leeway":
        if words == unknown:
            return cls.WIDE
        return cls.USUAL if words <= SHORT_QUERY else cls.NARROW


def _guesses(word: Word, leeway: Leeway, engine: Engine, audience: Audience) -> tuple[list[Clause], list[Correction]]:
    """Clauses for what an unknown word may stand for, and what was taken for a typing error."""
    folded = fold(word.surface)
    if len(folded) < GUESSED_FROM:
        return [], []
    meant = engine.words(folded, audience=audience, limit=COMPLETIONS_TRIED)
    corrected = [] if meant else _corrections(folded, leeway, engine, audience)
    return _clauses_for([*meant, *corrected]), [Correction(word.surface, other) for other in corrected]


def _clauses_for(surfaces: Iterable[str]) -> list[Clause]:
    found = (word for surface in surfaces for word in words(surface))
    return [clause for word in found for clause in group_of(word, CORRECTION_WEIGHT, Role.GUESS).clauses]


def _corrections(folded: str, leeway: Leeway, engine: Engine, audience: Audience) -> list[str]:
    """The existing word nearest to an unknown one, if it can be a typing error of it.

    German nouns and compounds are no errors, even if no document has them, and hardly anybody mistypes the first
    letter. Two errors are as often another form of the word ("präventive", Prävention).
    """
    is_wide = leeway is Leeway.WIDE
    if not is_wide and (folded in lexicon() or split_compound(folded)):
        return []
    is_long = len(folded) >= TWO_ERRORS_FROM
    may_have_two = is_long if leeway is Leeway.USUAL else is_wide and len(folded) >= TWO_ERRORS_ALONE_FROM
    distance = 2 if may_have_two else 1
    nearest = engine.nearest_words(folded, audience=audience, distance=distance, limit=CORRECTIONS_TRIED)
    return [other for other in nearest if (is_wide and is_long) or fold(other)[0] == folded[0]][:1]


def _beginning(written: str, engine: Engine, audience: Audience) -> Group | None:
    """Words that begin as written; the most frequent of them count by how telling they are, all others alike."""
    folded = fold(written)
    if len(folded) < BEGINNING_FROM:
        exact = [clause for word in words(written) for clause in group_of(word).clauses]
        return Group(tuple(exact)) if exact else None
    frequent = engine.words(folded, audience=audience, limit=COMPLETIONS_TRIED)
    whole = (phrase_of(words(surface)) for surface in (written, *frequent))
    clauses = (replace(clause, role=Role.BEGINNING) for clause in whole if clause)
    return Group((beginning_clause(folded),)).with_clauses(clauses)


# --- words left out ---------------------------------------------------------------------------------------------------


def _excluded(texts: Iterable[str], beginnings: Iterable[str]) -> Iterable[Clause]:
    """What no hit may contain: the words themselves, not compounds with them."""
    for text in texts:
        found = list(words(text))
        if phrase := phrase_of(found):
            yield phrase
        # A word that others write with a hyphen or apart.
        joined = "".join(fold(piece.word.surface) for piece in pieces_of(found))
        if len(found) == 1 and (len(found[0].tokens) > 1 or is_odd(joined)):
            yield Clause("parts", (stem(joined),))
    for written in beginnings:
        if len(folded := fold(written)) >= BEGINNING_FROM:
            yield beginning_clause(folded)
