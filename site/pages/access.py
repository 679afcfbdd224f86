"""Who may read a published page: the one place that asks Wagtail's view restrictions, and what apps add to "logged in".

A restriction holds for its page and all below it. Wagtail lets every account read what is behind the restriction
*logged in*. Receivers of the hook HOOK take a user and say whether this account is one of those it is meant for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page, PageViewRestriction

from pages.tree import path_and_above

HOOK = "admits_account"

Audience = Literal["public", "members"]
ADMITTED: Mapping[Audience, tuple[str, ...]] = {
    "public": (PageViewRestriction.NONE,),
    "members": (PageViewRestriction.NONE, PageViewRestriction.LOGIN),
}


def closed_to(audience: Audience) -> QuerySet[PageViewRestriction]:
    """The restrictions that keep the audience out; pages below theirs are closed as well."""
    return PageViewRestriction.objects.exclude(restriction_type__in=ADMITTED[audience])


def for_members() -> QuerySet[PageViewRestriction]:
    """The restrictions that members pass and visitors do not."""
    return PageViewRestriction.objects.filter(restriction_type=PageViewRestriction.LOGIN)


def restrict_to_members(page: Page, by: Any) -> None:
    """Only members read the page from now on, and what is below it."""
    PageViewRestriction(page=page, restriction_type=PageViewRestriction.LOGIN).save(user=by)


class Restrictions:
    """The audience of paths of the tree; `rows` are (path, type) of the restrictions at and above those paths."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._by_path: dict[str, set[str]] = defaultdict(set)
        for path, kind in rows:
            self._by_path[path].add(kind)

    @classmethod
    def all(cls) -> "Restrictions":
        """For any path; their number grows with that of the plans."""
        return cls(_rows().all())

    @classmethod
    def above(cls, paths: Iterable[str]) -> "Restrictions":
        """For these paths."""
        above = {path for one in paths for path in path_and_above(one)}
        return cls(_rows().filter(page__path__in=above))

    def audience_of(self, path: str) -> Audience | None:
        """Who may read the page, if it is published; None if only some members may."""
        kinds = {kind for up in path_and_above(path) for kind in self._by_path.get(up, ())}
        return next((audience for audience, admitted in ADMITTED.items() if kinds <= set(admitted)), None)


def _rows() -> QuerySet[PageViewRestriction, tuple[str, str]]:
    return PageViewRestriction.objects.values_list("page__path", "restriction_type")


def has_session(request: HttpRequest) -> bool:
    """False for visitors: nobody asks who they are, so that their pages depend on no cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def is_in(request: HttpRequest) -> bool:
    """True for accounts that read what is behind the restriction “logged in”. Asks nothing for visitors."""
    return (
        has_session(request)
        and request.user.is_authenticated
        and all(admits(request.user) for admits in hooks.get_hooks(HOOK))
    )


def readable_for(request: HttpRequest, rows: Any) -> Any:
    """Those of the rows, pages or what follows from them, that whoever asks may read."""
    return rows.readable_by_members() if is_in(request) else rows.readable()


def may_read(page: Page, request: HttpRequest) -> bool:
    """True if no restriction of the page or of one above keeps out whoever asks; one query."""
    restrictions = page.get_view_restrictions()
    return all(_admits(restriction, request) for restriction in restrictions)


def _admits(restriction: Any, request: HttpRequest) -> bool:
    if restriction.restriction_type == PageViewRestriction.NONE:
        return True
    if not restriction.accept_request(request):
        return False
    is_for_members = restriction.restriction_type == PageViewRestriction.LOGIN
    return not is_for_members or all(admits(request.user) for admits in hooks.get_hooks(HOOK))


def readable_now(pages: Iterable[Any], request: HttpRequest) -> list[Any]:
    """Those of the pages that whoever asks may read, as `may_read` says; one query for all of them.

    A restriction to groups, which the platform does not make, costs one more for each page.
    """
    asked = list(pages)
    above = {path for page in asked for path in path_and_above(page.path)}
    closed: set[str] = set()
    admitted: dict[str, bool] = {}
    # “Logged in” is the same question for every page, whoever asks.
    same_for_all = {PageViewRestriction.NONE, PageViewRestriction.LOGIN}
    for restriction in PageViewRestriction.objects.filter(page__path__in=above).select_related("page"):
        kind = restriction.restriction_type
        if kind not in admitted or kind not in same_for_all:
            admitted[kind] = _admits(restriction, request)
        if not admitted[kind]:
            closed.add(restriction.page.path)
    return [page for page in asked if closed.isdisjoint(path_and_above(page.path))]


def open_to_members(pages: Iterable[Any]) -> list[Any]:
    """Those of the pages that members may read, with `is_members_only` set; one query for all of them."""
    asked = list(pages)
    restrictions = Restrictions.above(page.path for page in asked)
    open_pages = []
    for page in asked:
        if audience := restrictions.audience_of(page.path):
            page.is_members_only = audience == "members"
            open_pages.append(page)
    return open_pages


def mark_members_only(pages: Iterable[Any]) -> None:
    """Set `is_members_only` of each page; one query for all of them."""
    marked = list(pages)
    restrictions = Restrictions.above(page.path for page in marked)
    for page in marked:
        page.is_members_only = restrictions.audience_of(page.path) == "members"
