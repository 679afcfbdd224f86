"""Who may read a published page: what Wagtail's view restrictions say, and what apps add to "logged in".

Wagtail lets every account read what is behind the restriction *logged in*. Receivers of the hook HOOK take a user and
say whether this account is one of those it is meant for.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page, PageViewRestriction

from pages.tree import path_and_above

HOOK = "admits_account"


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
    above = {path for page in asked for path in path_and_above(page.path)}
    restrictions = PageViewRestriction.objects.filter(page__path__in=above).exclude(
        restriction_type=PageViewRestriction.NONE
    )
    kinds: dict[str, set[str]] = {}
    for path, kind in restrictions.values_list("page__path", "restriction_type") if above else ():
        kinds.setdefault(path, set()).add(kind)
    open_pages = []
    for page in asked:
        found = {kind for path in path_and_above(page.path) for kind in kinds.get(path, ())}
        if found <= {PageViewRestriction.LOGIN}:
            page.is_members_only = bool(found)
            open_pages.append(page)
    return open_pages


def mark_members_only(pages: Iterable[Any]) -> None:
    """Set `is_members_only` of each page; one query for all of them."""
    marked = list(pages)
    above = {path for page in marked for path in path_and_above(page.path)}
    closed = PageViewRestriction.objects.filter(
        restriction_type=PageViewRestriction.LOGIN, page__path__in=above
    ).values_list("page__path", flat=True)
    paths = set(closed) if above else set()
    for page in marked:
        page.is_members_only = any(path in paths for path in path_and_above(page.path))
