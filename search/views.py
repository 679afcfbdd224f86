"""Views: the search page and the suggestions while typing.

Everything is asked through `search.engines.guard`. An engine that fails never becomes an error page: the fall-back
answers, or the visitor gets a plain list from the database, with a notice either way.
"""

from typing import Any

import structlog
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from projects.models import ProjectPage
from search.engines import Audience, Engine, EngineError
from search.engines.guard import ask
from search.engines.queries import Query, Sort
from search.indexing.audiences import audience_of
from search.indexing.signals import searched
from search.kinds.registry import kinds
from search.query.answers import Answer, answer
from search.query.parameters import LAST_PAGE, PAGE_SIZE, ParsedRequest, SearchParameters, parse, parse_text
from search.query.syntax import take_apart
from search.results.hits import chips, facet_views, join
from search.results.place_notes import place_note
from search.results.suggestions import suggest
from search.text.analysis import words

log = structlog.get_logger(__name__)

# Every word is a comparison with all texts; a longer question says enough with its first words.
LISTING_WORDS = 10

# Who may change what the search takes for the same may also see why a hit stands where it stands.
EXPLAINING_RIGHT = "search.change_synonym"


class BoundedPaginator(Paginator):
    """Pages over hits the engine already cut out; it offers no page deeper than LAST_PAGE."""

    def __init__(self, total: int) -> None:
        super().__init__(range(min(total, LAST_PAGE * PAGE_SIZE)), PAGE_SIZE)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what matches; an address with a merged tag moves to the tag that took over."""
    parsed, audience = parse(request.GET), audience_of(request)
    if parsed.is_renamed:
        return HttpResponseRedirect(f"{reverse('search')}{parsed.parameters.query_string()}")
    try:
        context = _answer(request, parsed, audience)
    except EngineError as error:
        log.warning("search_unavailable", error=str(error))
        context = _listing(parsed)
    else:
        told = {"total": context["total"], "is_by_meaning": context["is_by_meaning"]}
        searched.send_robust(search, request=request, parameters=parsed.parameters, **told)
    base = {
        "parameters": parsed.parameters,
        "notices": parsed.notices,
        "chips": chips(parsed),
        "without_filters": parsed.parameters.without_filters().query_string(),
        "page_query": _page_query(parsed.parameters),
        "is_for_members": audience == "members",
    }
    response = render(request, "search/search.html", base | context)
    if audience == "members":
        add_never_cache_headers(response)
    return response


def _page_query(parameters: SearchParameters) -> str:
    query = parameters.on_page(1).query_string().removeprefix("?")
    return f"{query}&" if query else ""


def _answer(request: HttpRequest, parsed: ParsedRequest, audience: Audience) -> dict[str, Any]:
    asked = ask(lambda engine: _page_of_hits(engine, parsed.parameters, audience))
    found, page = asked.value
    is_ranked = parsed.parameters.sort == Sort.RELEVANCE
    return {
        "hits": join(found.result.hits, found.interpretation.tokens, request, audience),
        "total": found.result.total,
        "facets": facet_views(parsed, found.result.facets),
        "page_obj": page,
        "corrections": found.interpretation.corrections,
        "place_note": place_note(found.interpretation.places, parsed) if is_ranked and found.result.total else None,
        "is_by_meaning": found.is_by_meaning,
        "is_fallback": asked.is_fallback,
        "is_cut": found.result.total > LAST_PAGE * PAGE_SIZE and page.number == LAST_PAGE,
        "is_explained": bool(parsed.parameters.q) and is_ranked and request.user.has_perm(EXPLAINING_RIGHT),
        "query_string": parsed.parameters.query_string(),
    }


def _page_of_hits(engine: Engine, parameters: SearchParameters, audience: Audience) -> tuple[Answer, PaginatorPage]:
    """The hits of the page asked for, or of the last one if there are not so many."""
    asked = min(parameters.page, LAST_PAGE)
    found = _answered(engine, parameters.on_page(asked), audience)
    page = BoundedPaginator(found.result.total).get_page(asked)
    if page.number != asked:
        found = _answered(engine, parameters.on_page(page.number), audience)
    return found, page


def _answered(engine: Engine, parameters: SearchParameters, audience: Audience) -> Answer:
    query = Query(
        filters={facet: values for facet, values in parameters.filters.items() if values},
        facets=kinds.sizes,
        sort=parameters.sort,
        offset=parameters.offset,
        limit=PAGE_SIZE,
    )
    return answer(
        parameters.q,
        engine=engine,
        audience=audience,
        query=query,
        favour_places=not parameters.ignores_places,
    )


def _listing(parsed: ParsedRequest) -> dict[str, Any]:
    """Projects whose title or summary contains the words typed, newest first, straight from the database."""
    projects = ProjectPage.objects.readable().order_by("-first_published_at")
    typed = take_apart(parsed.parameters.q)
    wanted = [word.surface for word in words(typed.text)]
    for text in [*typed.beginnings, *wanted][:LISTING_WORDS]:
        projects = projects.filter(Q(title__icontains=text) | Q(summary__icontains=text))
    for text in [*typed.excluded, *typed.excluded_beginnings][:LISTING_WORDS]:
        projects = projects.exclude(Q(title__icontains=text) | Q(summary__icontains=text))
    page = Paginator(projects.for_cards(), PAGE_SIZE).get_page(min(parsed.parameters.page, LAST_PAGE))
    return {"is_outage": True, "page_obj": page, "projects": page.object_list, "total": page.paginator.count}


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """{"suggestions": [{"text", "kind", "url"}]} for what was typed so far; none while no engine answers."""
    q, _is_cut = parse_text(request.GET)
    try:
        found = ask(lambda engine: suggest(q, engine, request)).value
    except EngineError as error:
        log.warning("suggestions_unavailable", error=str(error))
        found = []
    return JsonResponse({"suggestions": found})
