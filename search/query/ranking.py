"""Ranking factors (boosts): what counts beside the words, as small factors that add to the score.

A factor never makes a document match. Each is worth so much per word of the query, since scores grow with the words:
a telling word in a title is worth ten to twenty. Must not know the engine, the database or a request.
"""

import datetime
from collections.abc import Sequence

from projects.models import FreshnessState, Phase, ReuseClass
from search.engines.queries import Boost
from search.kinds.base import FRESHNESS, KIND, PLACE
from search.kinds.projects import LICENCE, PHASE, REUSE, Projects
from search.query.places import Mention

# Names of the factors, as the explanation shows them.
PROJECT = "project"
IN_USE = "in_use"
REUSABLE = "reusable"
REUSED = "reused"
WIDELY_REUSED = "widely_reused"
RECENT = "recent"
CONFIRMED = "confirmed"
ANSWERED_FOR = "answered_for"
NAMED_PLACE = "named_place"
SAME_DISTRICT = "same_district"
SAME_STATE = "same_state"

# A project before what it brought forth: its artefacts carry its words as well.
PROJECT_WEIGHT = 3.0
# What runs somewhere helps more than what is planned.
IN_USE_WEIGHT = 0.15
ANSWERED_FOR_STATES = (str(FreshnessState.CURRENT), str(FreshnessState.DUE))
IN_USE_PHASES = (Phase.OPERATION, Phase.TRANSFER, Phase.COMPLETED)
# What can be taken over saves others work; an artefact with a licence may be.
REUSABLE_WEIGHT = 0.15
# What others have taken over, by their own word; claims of the provider count nothing.
REUSED_WEIGHT = 0.1
REUSED_CLASSES = (ReuseClass.ONE, ReuseClass.SEVERAL, ReuseClass.MANY)
WIDELY_REUSED_WEIGHT = 0.05
WIDELY_REUSED_CLASSES = (ReuseClass.SEVERAL, ReuseClass.MANY)
# New entries are maintained; three years is about the life of a funded project.
RECENT_WEIGHT = 0.1
RECENT_DAYS = 3 * 365
# What has been confirmed in time comes before what is to be confirmed; what nobody answers for any more falls behind
# both by more than the other small factors together, and is still found by its words.
CONFIRMED_WEIGHT = 0.1
ANSWERED_FOR_WEIGHT = 0.8
# A place that is named counts as much as a word in the text, what lies around it less. Not per word: it is one word.
NAMED_PLACE_WEIGHT = 3.0
SAME_DISTRICT_WEIGHT = 1.0
SAME_STATE_WEIGHT = 0.5
# Pasted paragraphs would make the factors outweigh the words.
MOST_WORDS = 6


def factors(words: int, today: datetime.date, licences: Sequence[str]) -> tuple[Boost, ...]:
    """The factors of a query of so many words; `licences` are the identifiers of all licences."""
    scale = min(max(words, 1), MOST_WORDS)
    # A whole day, so that a server can keep what it worked out for it.
    recent = datetime.datetime.combine(today - datetime.timedelta(RECENT_DAYS), datetime.time(), datetime.UTC)
    found = [
        Boost(PROJECT, PROJECT_WEIGHT * scale, KIND, (Projects.key,)),
        Boost(IN_USE, IN_USE_WEIGHT * scale, PHASE.name, tuple(map(str, IN_USE_PHASES))),
        Boost(REUSED, REUSED_WEIGHT * scale, REUSE.name, tuple(map(str, REUSED_CLASSES))),
        Boost(WIDELY_REUSED, WIDELY_REUSED_WEIGHT * scale, REUSE.name, tuple(map(str, WIDELY_REUSED_CLASSES))),
        Boost(RECENT, RECENT_WEIGHT * scale, since=int(recent.timestamp() * 1000)),
        Boost(CONFIRMED, CONFIRMED_WEIGHT * scale, FRESHNESS, (str(FreshnessState.CURRENT),)),
        Boost(ANSWERED_FOR, ANSWERED_FOR_WEIGHT * scale, FRESHNESS, ANSWERED_FOR_STATES),
    ]
    if licences:
        found.append(Boost(REUSABLE, REUSABLE_WEIGHT * scale, LICENCE.name, tuple(licences)))
    return tuple(found)


def place_factors(mentions: Sequence[Mention]) -> tuple[Boost, ...]:
    """The factors of places named: the places themselves, and the Kreis and Land around them if there is but one."""
    named = tuple(dict.fromkeys(key for mention in mentions for key in mention.keys))
    districts = tuple(dict.fromkeys(key for mention in mentions for key in mention.shared("district")))
    states = tuple(dict.fromkeys(key for mention in mentions for key in mention.shared("state")))
    weighted = (
        (NAMED_PLACE, NAMED_PLACE_WEIGHT, named),
        (SAME_DISTRICT, SAME_DISTRICT_WEIGHT, districts),
        (SAME_STATE, SAME_STATE_WEIGHT, states),
    )
    return tuple(Boost(name, weight, PLACE, keys) for name, weight, keys in weighted if keys)
