"""The page for staff that says why hits stand where they stand. Visitors have no use for it, and it asks a lot."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from search.engines import Audience, Engine, EngineError
from search.engines.guard import ask
from search.engines.queries import Query, Role
from search.indexing.audiences import audience_of
from search.query import ranking
from search.query.answers import Answer, answer
from search.query.parameters import SearchParameters, parse
from search.results.explain import MEANING, Contribution, Explanation, Origin, explain_hits
from search.results.hits import Hit, join
from search.views import EXPLAINING_RIGHT

# The first ones are what people ask about; each clause is one question to the engine, however many hits.
HITS_EXPLAINED = 10
# Its many questions together may take longer than a page of hits: they must not make the engine look slow.
EXPLAINING_SECONDS = 10.0

ORIGIN_NAMES = {
    Origin.WORDS: _("Words"),
    Origin.FACTOR: _("Factor"),
    Origin.MEANING: _("Meaning"),
}
NAMES: dict[str, Any] = {
    Role.WORD: _("Word of the query"),
    Role.PART: _("Part of a compound"),
    Role.JOINED: _("Written as one word"),
    Role.SYNONYM: _("Synonym"),
    Role.GUESS: _("Completed or corrected word"),
    Role.BEGINNING: _("Beginning of a word"),
    Role.PHRASE: _("Words in quotation marks"),
    Role.ALL_WORDS: _("All words of the query"),
    Role.TITLE: _("The title is the query"),
    Role.TITLE_BEGINNING: _("The title begins with the query"),
    ranking.PROJECT: _("Project, not one of its artefacts"),
    ranking.IN_USE: _("In operation, transferred or completed"),
    ranking.REUSABLE: _("Has artefacts with a licence"),
    ranking.REUSED: _("Others have confirmed that they use it"),
    ranking.WIDELY_REUSED: _("Two or more others use it"),
    ranking.RECENT: _("Published in the last three years"),
    ranking.CONFIRMED: _("Confirmed in time"),
    ranking.ANSWERED_FOR: _("Not orphaned"),
    ranking.NAMED_PLACE: _("Place named in the query"),
    ranking.SAME_DISTRICT: _("Kreis of the place named"),
    ranking.SAME_STATE: _("Land of the place named"),
    MEANING: _("Nearness in meaning to the query"),
}


@require_safe
def explain(request: HttpRequest) -> HttpResponse:
    """The first hits of a search with what made their scores. Raises PermissionDenied for everybody but staff."""
    if not request.user.has_perm(EXPLAINING_RIGHT):
        raise PermissionDenied
    parameters, audience = parse(request.GET).parameters, audience_of(request)
    context: dict[str, Any] = {"parameters": parameters, "query_string": parameters.query_string()}
    try:
        found, explanations = ask(lambda engine: _explained(engine, parameters, audience), EXPLAINING_SECONDS).value
    except EngineError as error:
        return render(request, "search/explain.html", context | {"error": str(error)})
    hits = {hit.key: hit for hit in join(found.result.hits, (), request, audience)}
    context |= {
        "rows": [
            _row(place, hits[item.hit.key], item) for place, item in enumerate(explanations, 1) if item.hit.key in hits
        ],
        "corrections": found.interpretation.corrections,
        "places": found.interpretation.places,
        "is_by_meaning": found.is_by_meaning,
        "total": found.result.total,
    }
    return render(request, "search/explain.html", context)


def _explained(engine: Engine, parameters: SearchParameters, audience: Audience) -> tuple[Answer, list[Explanation]]:
    query = Query(
        filters={facet: values for facet, values in parameters.filters.items() if values},
        limit=HITS_EXPLAINED,
        with_content=False,
    )
    favour_places = not parameters.ignores_places
    found = answer(parameters.q, engine=engine, audience=audience, query=query, favour_places=favour_places)
    return found, explain_hits(found, found.result.hits, engine=engine, audience=audience)


def _row(place: int, hit: Hit, explanation: Explanation) -> dict[str, Any]:
    return {
        "place": place,
        "hit": hit,
        "score": explanation.hit.score,
        "contributions": [_contribution(part) for part in explanation.contributions],
    }


def _contribution(part: Contribution) -> dict[str, Any]:
    return {
        "origin": ORIGIN_NAMES[part.origin],
        "name": NAMES[part.name],
        "tokens": part.tokens,
        "score": part.score,
    }
