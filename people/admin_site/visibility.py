"""Which pages a person of the admin may read about: what is public, and what is one's own to work on.

Wagtail's page chooser knows no such rule: it would show everybody the drafts of every body.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views import chooser
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.models import Page, PageViewRestriction
from wagtail.permissions import policy_registry
from wagtail.views import authenticate_with_password

from pages.keys import keys_in
from pages.models import ReadablePageQuerySet
from pages.naming import HOOK as NAMING_HOOK
from pages.naming import not_among
from pages.publication import Reference
from people.rights import is_staff
from people.teams.teams import is_member

# How the addresses of the admin call the number of a page.
PAGE_NUMBERS = {"page_id", "parent_page_id", "page_to_move_id", "destination_id"}
OF_PAGES, BULK_ACTIONS = "wagtailadmin_pages", "admin/bulk/"
ALL = "all"  # of the listing, in place of numbers
# Forms that ask where a page goes, and how they call it: each would say what any page is called.
ABOUT_PAGES, PLACES = ("admin/pages/", BULK_ACTIONS), ("new_parent_page", "parent_page", "chooser")
# Ours that call it otherwise.
BY_PK = {"submit_page", "project_completeness"}
# Wagtail's reports name people and drafts of all bodies; the staff alone need them.
STAFF_REPORTS = {"locked-pages", "workflows", "workflow-tasks", "site-history", "aging-pages", "page-types-usage"}


def visible(pages: QuerySet[Page], user: Any) -> QuerySet[Page]:
    """Those of the pages that are public, or that the person finds in the page tree."""
    public = ReadablePageQuerySet(Page).readable().order_by().values("pk")
    own = policy_registry.get_by_type(Page).explorable_instances(user).order_by().values("pk")
    return pages.filter(Q(pk__in=public) | Q(pk__in=own))


def titles_for(user: Any, numbers: Iterable[int]) -> dict[int, str]:
    """Titles of pages by number, as the person may read them now; of others, words in their place.

    What somebody did with a page stays known to them when it is withdrawn; what becomes of its title does not.
    """
    asked = set(numbers)
    for_members = ReadablePageQuerySet(Page).readable_by_members().order_by().values("pk")
    found = visible(Page.objects.filter(pk__in=asked), user)
    if is_member(user):
        found = Page.objects.filter(Q(pk__in=found.order_by().values("pk")) | Q(pk__in=for_members), pk__in=asked)
    names = dict(found.values_list("pk", "title"))
    return {number: names.get(number, _("a page that you may not read now")) for number in asked}


@hooks.register(NAMING_HOOK)
def name_visible_pages(user: Any, place: Page | None, references: set[Reference]) -> dict[Reference, str]:
    """What one cannot see, one cannot name: a link would tell its address, and whether it exists."""
    reason = _("There is no such page, or you may not use it. Choose another one.")
    return not_among(Page, references, visible(Page.objects.all(), user), reason)


@hooks.register("construct_page_chooser_queryset")
def offer_visible_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return visible(pages, request.user)


def browse_below(request: HttpRequest, parent_page_id: int) -> HttpResponseBase:
    """The page chooser, below a page that one may see."""
    _require_visible(request, {parent_page_id})
    answer: HttpResponseBase = chooser.BrowseView.as_view()(request, parent_page_id)
    return answer


def note_chosen(request: HttpRequest) -> HttpResponseBase:
    """Titles and addresses of the chosen pages, if one may see them."""
    _require_visible(request, keys_in(request.GET.getlist("id")))
    answer: HttpResponseBase = chooser.ChosenMultipleView.as_view()(request)
    return answer


def confirm_move(request: HttpRequest, page_to_move_id: int, destination_id: int) -> HttpResponseBase:
    """Wagtail asks for the right only when the page is moved, not when it asks back with the titles of both."""
    page, destination = get_object_or_404(Page, pk=page_to_move_id), get_object_or_404(Page, pk=destination_id)
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
    answer: HttpResponseBase = MoveConfirmView.as_view()(request, page_to_move_id, destination_id)
    return answer


def ask_for_password(request: HttpRequest, page_view_restriction_id: int, page_id: int) -> HttpResponseBase:
    """The password of a branch, for a page in it."""
    restriction = get_object_or_404(
        PageViewRestriction, pk=page_view_restriction_id, restriction_type=PageViewRestriction.PASSWORD
    )
    get_object_or_404(Page.objects.live().descendant_of(restriction.page, inclusive=True), pk=page_id)
    answer: HttpResponseBase = authenticate_with_password(request, page_view_restriction_id, page_id)
    return answer


class HiddenPagesMiddleware:
    """In the admin, a page one may not see is answered like one that is not there, whatever is asked about it.

    Wagtail says “not allowed” to people of other bodies, which tells that there is something; asked about several pages
    at once, it names them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        match = request.resolver_match
        if match is None or not match.route.startswith("admin/") or not request.user.is_authenticated:
            return
        is_by_pk = OF_PAGES in match.namespaces or match.view_name in BY_PK
        names = PAGE_NUMBERS | ({"pk"} if is_by_pk else set())
        numbers = {int(value) for name, value in kwargs.items() if name in names}
        # By its route: we serve the address ourselves, under no name of Wagtail's.
        if match.route.startswith(BULK_ACTIONS):
            chosen = request.GET.getlist("id")
            keys = keys_in(key for key in chosen if key != ALL)
            if kwargs["model_name"].lower() == "page":
                numbers |= keys
                if ALL in chosen:
                    _require_listing(request)
        if request.method == "POST" and match.route.startswith(ABOUT_PAGES):
            numbers |= keys_in(key for name in PLACES for key in request.POST.getlist(name) if key)
        if numbers:
            _require_visible(request, numbers)


def _require_listing(request: HttpRequest) -> None:
    """All pages of a listing: of everything below a page whose drafts one may see."""
    if is_staff(request.user):
        return
    parent = get_object_or_404(Page, pk__in=keys_in([request.GET.get("childOf", "")]))
    if not parent.permissions_for_user(request.user).can_edit():
        raise Http404


class CopyBelowNamedPage(CopyView):
    """Wagtail's form to copy a page does not expect that no place is named."""

    def post(self, request: HttpRequest, page_id: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super(CopyView, self).post(request, page_id, *args, **kwargs)
        return answer


def _require_visible(request: HttpRequest, numbers: set[int]) -> None:
    if visible(Page.objects.filter(pk__in=numbers), request.user).count() != len(numbers):
        raise Http404


@hooks.register("construct_reports_menu")
def leave_reports_to_staff(request: HttpRequest, items: list[MenuItem]) -> None:
    if not is_staff(request.user):
        items[:] = [item for item in items if item.name not in STAFF_REPORTS]
