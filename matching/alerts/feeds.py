"""Any search as a feed: what is public, newest first, for programs that ask again and again.

Must never show what only members may read: the audience is public whoever asks.
"""

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from wagtail.models import Page

from matching.alerts.saved import newest
from people.teams.membership import absolute
from projects.models import ProjectPage
from search.engines import EngineError
from search.kinds.projects import Projects
from search.query.parameters import CONTROL, ParsedRequest, parse
from search.results.hits import Hit, chips, join

log = structlog.get_logger(__name__)

ENTRIES = 30
# Seconds a feed is kept; programs ask every few minutes at most.
KEPT_SECONDS = 600
RETRY_SECONDS = 300
# When an empty feed was changed: there is no better answer, and it must not change with each request.
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# The year in which the platform gave its entries names, as RFC 4151 asks for.
NAMED_SINCE = 2026


class Feed(Atom1Feed):
    """Changes only when an entry does."""

    def latest_post_date(self) -> datetime.datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


@require_safe
def search_feed(request: HttpRequest) -> HttpResponseBase:
    """The newest public hits of a search, as Atom; the parameters are those of the search page."""
    parsed = parse(request.GET)
    address = parsed.parameters.on_page(1).query_string()
    if parsed.is_renamed:
        return HttpResponseRedirect(f"{reverse('search_feed')}{address}")
    key = f"feed:{hashlib.sha256(address.encode()).hexdigest()}"
    kept: tuple[bytes, float] | None = cache.get(key)
    if kept is None:
        try:
            kept = _written(parsed, address)
        except EngineError as error:
            log.warning("feed_unavailable", error=str(error))
            return HttpResponse(status=503, headers={"Retry-After": str(RETRY_SECONDS)})
        cache.set(key, kept, KEPT_SECONDS)
    return _answer(request, *kept)


def _answer(request: HttpRequest, content: bytes, changed: float) -> HttpResponseBase:
    answer = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    answer.headers["ETag"] = etag
    answer.headers["Last-Modified"] = http_date(changed)
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    found = get_conditional_response(request, etag=etag, last_modified=int(changed), response=answer)
    return found or answer


def _written(parsed: ParsedRequest, address: str) -> tuple[bytes, float]:
    """The feed, and when it changed last in seconds since 1970. Raises EngineError."""
    with override(settings.LANGUAGE_CODE):
        hits = join(newest(parsed.parameters, "public", ENTRIES), ())
        feed = Feed(
            title=_plain(title_of(parsed)),
            link=absolute(f"{reverse('search')}{address}"),
            description="",
            language=settings.LANGUAGE_CODE,
            feed_url=absolute(f"{reverse('search_feed')}{address}"),
            feed_guid=_name(f"suche{address}"),
            author_name=settings.WAGTAIL_SITE_NAME,
        )
        _add_entries(feed, hits)
        return feed.writeString("utf-8").encode(), feed.latest_post_date().timestamp()


def title_of(parsed: ParsedRequest) -> str:
    """What the search is about, in words, with the platform's name."""
    asked = [parsed.parameters.q, *(chip.label for chip in chips(parsed))]
    return f"{', '.join(filter(None, asked)) or _('All content')} – {settings.WAGTAIL_SITE_NAME}"


def _add_entries(feed: Feed, hits: Sequence[Hit]) -> None:
    numbers = {hit.page_id for hit in hits}
    changed = dict(Page.objects.filter(pk__in=numbers).values_list("pk", "last_published_at"))
    summaries = dict(ProjectPage.objects.filter(pk__in=numbers).values_list("pk", "summary"))
    for hit in hits:
        facts = " · ".join(filter(None, (hit.kind_name, hit.place or hit.project, hit.phase_name)))
        told = summaries.get(hit.page_id, "") if hit.kind == Projects.key else ""
        published: Any = hit.date or NEVER
        feed.add_item(
            title=_plain(hit.title),
            link=absolute(hit.url),
            description=_plain(f"{facts}. {told}" if told else facts),
            unique_id=_name(hit.key),
            pubdate=published,
            updateddate=max(published, changed.get(hit.page_id) or published),
        )


def _name(key: str) -> str:
    """A name that stays when the page gets another address (RFC 4151)."""
    host = settings.BASE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    return f"tag:{host},{NAMED_SINCE}:{key}"


def _plain(text: str) -> str:
    """XML allows no control characters, not even escaped."""
    return CONTROL.sub(" ", text)
