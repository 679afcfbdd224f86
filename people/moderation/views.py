"""The rooms in which staff check: the queue, one submission with the list, and which bodies need no check."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.models import Page

from pages.keys import key_in
from pages.publication import NotPublishableError
from pages.tree import parent_path
from people import too_late
from people.current import staff_of
from people.mail.letters import counted, say
from people.models import CheckItem, DirectPublication, Evidence, ReviewState, Team
from people.moderation import decisions as moderation
from people.moderation.content import Entry, entries, material_of
from people.moderation.evidence import Finding, findings
from people.moderation.forms import PUBLISH, SEND_BACK, ReviewForm
from people.rights import is_staff
from projects.models import BodyPage, ProjectPage

TEAMS_ON_A_PAGE = 50
# The oldest are looked at first; more than fit on a page of paper nobody reads.
UNSEEN_SHOWN = 50


@dataclass(frozen=True)
class Row:
    """One line of the queue."""

    state: ReviewState
    page: Page
    body: BodyPage | None


@dataclass(frozen=True)
class Question:
    """A question of the list with its box and with what was looked up."""

    item: CheckItem
    field: BoundField
    findings: list[Finding]

    @property
    def asks_the_search(self) -> bool:
        return self.item.evidence == Evidence.SIMILAR


@dataclass(frozen=True)
class Line:
    """A field of the page with the box for a remark."""

    entry: Entry
    field: BoundField


@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """What waits to be checked, what its authors have to mend, and what came without a check."""
    staff_of(request)
    waiting, sent_back = _rows(ReviewState.objects.waiting()), _rows(ReviewState.objects.sent_back())
    unseen = DirectPublication.objects.unseen().select_related("page", "published_by")
    context = {
        "waiting": waiting,
        "overdue": sum(row.state.is_overdue for row in waiting),
        "sent_back": sent_back,
        "direct": [(row, moderation.body_of(row.page)) for row in unseen[:UNSEEN_SHOWN]],
        "direct_count": unseen.count(),
    }
    return render(request, "people/admin/moderation_queue.html", context)


def _rows(states: Any) -> list[Row]:
    """With page and body, in three queries."""
    found = list(states.select_related("workflow_state", "submitted_by", "claimed_by"))
    pages = Page.objects.in_bulk([int(state.workflow_state.object_id) for state in found])
    paths = {path for page in pages.values() for path in (parent_path(page.path), page.path)}
    bodies = {body.path: body for body in BodyPage.objects.with_places().filter(path__in=paths)}
    rows = []
    for state in found:
        if page := pages.get(int(state.workflow_state.object_id)):
            body = bodies.get(page.path) or bodies.get(parent_path(page.path))
            rows.append(Row(state, page, body))
    return rows


@never_cache
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Staff check what waits; everybody who may edit the page reads what came of it."""
    state = get_object_or_404(ReviewState.objects.select_related("workflow_state", "claimed_by", "submitted_by"), pk=pk)
    page = _page_or_404(state)
    if not state.is_waiting or not is_staff(request.user):
        if request.method == "POST" and is_staff(request.user):
            _tell_too_late(request, state, page, ReviewForm(_items(page), entries(page, None), request.POST))
        return _outcome(request, state, page)
    public = Page.objects.get(pk=page.pk).specific if page.live else None
    said = entries(page, public)
    items = _items(page)
    form = ReviewForm(items, said, request.POST or None, initial={"version": page.latest_revision_id})
    if request.method == "POST" and "claim" in request.POST:
        _claim(request, state)
        form = ReviewForm(items, said, initial=request.POST.dict())
    elif request.method == "POST" and form.is_valid():
        if form.cleaned_data["version"] != page.latest_revision_id:
            messages.warning(request, _("The page was changed while you were checking. Please look at it again."))
        elif (answer := _decide(request, state, form)) is not None:
            return answer
    return render(request, "people/admin/moderation_review.html", _context(state, page, said, items, form))


def _claim(request: HttpRequest, state: ReviewState) -> None:
    """Take the check on, or over from the person who was shown as having it; what was ticked and typed stays."""
    if moderation.claim(state, staff_of(request), key_in(request.POST.get("instead_of", ""))):
        messages.success(request, _("You have taken on this check."))
    else:
        messages.warning(request, _("Somebody else has taken on this check, or it has been decided."))
    if request.POST.get("version") != str(_page_or_404(state).latest_revision_id):
        messages.warning(request, _("The page was changed while you were checking. Please look at it again."))
    state.refresh_from_db()


def _page_or_404(state: ReviewState) -> Page:
    try:
        return moderation.page_of(state)
    except Page.DoesNotExist as error:
        raise Http404 from error


def _items(page: Page) -> list[CheckItem]:
    active = CheckItem.objects.filter(is_active=True)
    return list(active if isinstance(page, ProjectPage) else active.filter(only_projects=False))


def _context(
    state: ReviewState, page: Page, said: list[Entry], items: list[CheckItem], form: ReviewForm
) -> dict[str, Any]:
    lines = [Line(entry, form[f"remark_{entry.path}"]) for entry in said]
    return {
        "state": state,
        "page": page,
        "body": moderation.body_of(page),
        "form": form,
        "lines": [line for line in lines if line.entry.values],
        "missing": [line for line in lines if not line.entry.values],
        "questions": [Question(item, form[f"check_{item.pk}"], findings(item, page, said)) for item in items],
        "reasons": moderation.reasons_against(page),
        "material": material_of(page),
        "earlier": moderation.earlier_reviews(state),
        "decisions": {"publish": PUBLISH, "send_back": SEND_BACK},
    }


def _decide(request: HttpRequest, state: ReviewState, form: ReviewForm) -> HttpResponse | None:
    """Do what was decided; None if the page cannot be published and the person has to see why."""
    user, names = staff_of(request), {"title": _page_or_404(state).title}
    try:
        with counted() as letters:
            if form.cleaned_data["decision"] == PUBLISH:
                page = moderation.publish(state, user, form.answers)
                published, later = _("“%(title)s” is published."), _("“%(title)s” goes public at the chosen time.")
                done = published if page.live and not page.has_unpublished_changes else later
            else:
                moderation.send_back(state, user, form.answers, form.cleaned_data["summary"], form.remarks)
                done = _("“%(title)s” is sent back with your remarks.")
        is_written = letters.went("review_published", "review_sent_back")
        say(request, done % names, _("Those who handed it in get an e-mail."), if_written=is_written)
    except moderation.ReviewClosedError:
        state.refresh_from_db()
        _tell_too_late(request, state, _page_or_404(state), form)
    except NotPublishableError:
        messages.error(request, _("“%(title)s” cannot be published yet. The reasons stand below.") % names)
        return None
    return redirect("moderation_queue")


def _tell_too_late(request: HttpRequest, state: ReviewState, page: Page, form: ReviewForm) -> None:
    too_late.tell(request, page.title, state.get_status_display(), state.finished_by, state.finished_at, form=form)


def _outcome(request: HttpRequest, state: ReviewState, page: Page) -> HttpResponse:
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    context = {"state": state, "page": page, "edit_url": edit_url, "earlier": moderation.earlier_reviews(state)}
    return render(request, "people/admin/moderation_outcome.html", context)


@require_POST
def look_at(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a direct publication was looked at."""
    user, publication = staff_of(request), get_object_or_404(DirectPublication, pk=pk)
    try:
        moderation.look_at(publication, user)
        messages.success(request, _("“%(title)s” is noted as looked at.") % {"title": publication.page.title})
    except moderation.ReviewClosedError:
        page = publication.page.specific
        too_late.tell_from_history(request, page.title, page, moderation.LOOK_AT)
    return redirect(f"{reverse('moderation_queue')}#direct")


@never_cache
def bodies(request: HttpRequest) -> HttpResponse:
    """Which bodies publish without a check; staff decide."""
    staff_of(request)
    name = request.GET.get("name", "").replace("\x00", "").strip()[:100]
    teams = Team.objects.select_related("body", "body__municipality__district__state").order_by("body__title", "pk")
    if name:
        teams = teams.filter(body__title__icontains=name)
    if request.GET.get("direkt"):
        teams = teams.filter(publishes_directly=True)
    context = {
        "page_obj": Paginator(teams, TEAMS_ON_A_PAGE).get_page(request.GET.get("seite")),
        "name": name,
        "only_direct": bool(request.GET.get("direkt")),
        "direct_count": Team.objects.filter(publishes_directly=True).count(),
    }
    return render(request, "people/admin/moderation_bodies.html", context)


def bodies_url(body: BodyPage) -> str:
    """The list of bodies with only those of that name."""
    return f"{reverse('moderation_bodies')}?{urlencode({'name': body.title})}"


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Allow a body to publish directly, or end it."""
    user = staff_of(request)
    team = get_object_or_404(Team.objects.select_related("body"), pk=pk)
    is_allowed = request.POST.get("allow") == "1"
    if team.publishes_directly == is_allowed:
        messages.info(request, _("Nothing was changed: it was so already."))
        return redirect(bodies_url(team.body))
    with counted() as letters:
        moderation.switch_direct_publishing(team, is_allowed, user)
    done = (
        _("%(body)s publishes directly from now on.")
        if is_allowed
        else _("What %(body)s submits is checked from now on.")
    )
    say(request, done % {"body": team.body.title}, _("Its people get an e-mail."), if_written=letters.went())
    return redirect(bodies_url(team.body))
