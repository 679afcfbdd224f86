"""One spelling and one stem for each word, the smallest step of the analysis."""

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

from search.text.word_lists import PROTECTED

# The words of some thousand projects fit; each entry is about two hundred bytes.
FOLD_CACHE_SIZE = 100_000
# Shorter words in "-ies" are German (Kies, Fries, mies).
ENGLISH_PLURAL_FROM = 6
# "ue" after a, e and q is no umlaut (Bauer, Feuer, Quelle).
TRANSCRIBED_UE = re.compile(r"(?<![aeq])ue")


class _Stemmers(threading.local):
    """One for each thread: a stemmer must not be used by two at once."""

    def __init__(self) -> None:
        self.german = Stemmer.Stemmer("german")


_stemmers = _Stemmers()


@lru_cache(maxsize=FOLD_CACHE_SIZE)
def fold(word: str) -> str:
    """One spelling for all ways to type a word: small letters, ß as ss, umlauts written as ä, ae or a all as a.

    Reducing to the plain vowel loses a few distinctions (schön, schon) and in return finds what is typed without
    umlauts ("Baeume", "Warmeplanung").
    """
    lowered = unicodedata.normalize("NFC", word).lower().replace("ß", "ss")
    plain = TRANSCRIBED_UE.sub("u", lowered.replace("ae", "a").replace("oe", "o"))
    decomposed = unicodedata.normalize("NFD", plain)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def stem(folded: str) -> str:
    """The stem of a folded word, by Snowball German; protected words keep a stem of their own.

    German has no rule for the English plural "cities": it is taken for its singular.
    """
    if protected := PROTECTED.get(folded):
        return protected
    if folded.endswith("ies") and len(folded) >= ENGLISH_PLURAL_FROM:
        folded = f"{folded[:-3]}y"
    return str(_stemmers.german.stemWord(folded))
