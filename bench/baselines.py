"""The baselines under the same server: a bare Django view, a page's template rendered from constants, its raw query.

For the template, the view of the address runs once; what it hands to its template is kept. Query sets the template
itself evaluates are kept too, by their order, so that a rendering needs no database at all: a check makes sure.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.urls import resolve

from search.engines import Audience, Engine, get_engine
from search.engines.queries import Query

FETCH_ALL = QuerySet._fetch_all
COUNT = QuerySet.count
EXISTS = QuerySet.exists


def bare(request: HttpRequest) -> HttpResponse:
    """What the server and the middleware cost."""
    return HttpResponse("ok")


@dataclass
class Kept:
    """A template with its context, and the answers to the query sets it evaluates, in their order."""

    template: Template
    context: dict[str, Any]
    renderings: int = 0
    answers: list[Any] = field(default_factory=list)


KEPT: dict[str, Kept] = {}
ASKED: dict[str, Query] = {}


def constant(request: HttpRequest, address: str) -> HttpResponse:
    """The page of that address without its view and its queries, from the third call on."""
    whole = f"/{address}?{request.META['QUERY_STRING']}"
    request.path = request.path_info = f"/{address}"
    if whole not in KEPT:
        KEPT[whole] = _capture(request)
    kept = KEPT[whole]
    kept.renderings += 1
    if kept.renderings == 1:
        source = _no_change()  # fills the caches that objects of the context carry
    elif kept.renderings == 2:
        source = _recording(kept.answers)
    elif kept.renderings == 3:
        with connection.execute_wrapper(_refuse), _replaying(kept.answers):
            return HttpResponse(kept.template.render(kept.context, request))
    else:
        source = _replaying(kept.answers)
    with source:
        return HttpResponse(kept.template.render(kept.context, request))


def query(request: HttpRequest, address: str) -> HttpResponse:
    """What the search page of that address asks the engine for, asked alone."""
    whole = f"/{address}?{request.META['QUERY_STRING']}"
    request.path = request.path_info = f"/{address}"
    engine = get_engine()
    if whole not in ASKED:
        ASKED[whole] = _question(request, engine)
    return HttpResponse(str(engine.search(ASKED[whole], audience="public").total))


def _question(request: HttpRequest, engine: Engine) -> Query:
    """The last query with facets, by which the page is answered; those before it may only have found too little."""
    questions: list[Query] = []
    search = type(engine).search

    def watched(asked: Engine, query: Query, *, audience: Audience) -> Any:
        questions.append(query)
        return search(asked, query, audience=audience)

    match = resolve(request.path_info)
    with mock.patch.object(type(engine), "search", watched):
        match.func(request, *match.args, **match.kwargs)
    return [question for question in questions if question.facets][-1]


def _refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    raise AssertionError(f"The baseline still asks the database: {sql}")


def _capture(request: HttpRequest) -> Kept:
    """Run the view of the address and keep the outermost template it renders."""
    rendered: list[Kept] = []
    render = Template.render

    def watched(template: Template, context: Any = None, request: Any = None) -> Any:
        rendered.append(Kept(template, dict(context or {})))
        return render(template, context, request)

    match = resolve(request.path_info)
    with mock.patch.object(Template, "render", watched):
        response = match.func(request, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response.render()
    return rendered[0]


@contextmanager
def _no_change() -> Iterator[None]:
    yield


@contextmanager
def _recording(answers: list[Any]) -> Iterator[None]:
    """Keep what every query set answers; those evaluated within another one are part of its answer."""
    depth = 0

    def asked(question: Callable[[Any], Any], queryset: Any, is_fetch: bool) -> Any:
        nonlocal depth
        depth += 1
        try:
            answer = question(queryset)
        finally:
            depth -= 1
        if depth == 0:
            answers.append(queryset._result_cache if is_fetch else answer)
        return answer

    def fetch_all(queryset: Any) -> None:
        if queryset._result_cache is None:
            asked(FETCH_ALL, queryset, True)
        else:
            FETCH_ALL(queryset)

    with mock.patch.multiple(
        QuerySet,
        _fetch_all=fetch_all,
        count=lambda queryset: asked(COUNT, queryset, False),
        exists=lambda queryset: asked(EXISTS, queryset, False),
    ):
        yield


@contextmanager
def _replaying(answers: list[Any]) -> Iterator[None]:
    upcoming = iter(answers)

    def fetch_all(queryset: Any) -> None:
        if queryset._result_cache is None:
            queryset._result_cache = next(upcoming)
            queryset._prefetch_done = True

    def answered(queryset: Any) -> Any:
        return next(upcoming)

    with mock.patch.multiple(QuerySet, _fetch_all=fetch_all, count=answered, exists=answered):
        yield
