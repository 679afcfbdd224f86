"""The editor of projects asks the same before a plan is published or submitted: the draft is kept, and leads there."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from matching.alike.decision_views import decide_url
from matching.alike.panel import look
from matching.reporting.panel_forms import EditorDraftForm
from pages.gates import SUBMIT, Gate, Pressed
from people.models import User
from people.teams.teams import bodies_of
from projects.models import BodyPage, ProjectPage
from search.similar.finding import Draft


def is_asked(user: object, body: BodyPage) -> bool:
    """True for those whose plan it is: the centre publishes what others have weighed."""
    return isinstance(user, User) and bodies_of(user).filter(pk=body.pk).exists()


class SimilarIsWeighed(Gate):
    """A plan's people weigh what is like it before others see it."""

    def must_save_first(self, request: HttpRequest, pressed: Pressed) -> bool:
        """By what was typed. Submitting saves first anyway."""
        if pressed.button == SUBMIT or pressed.kind is not ProjectPage:
            return False
        page = pressed.page
        body = page.public_body if page is not None else BodyPage.objects.get(pk=pressed.parent.pk)
        if not is_asked(request.user, body):
            return False
        form = EditorDraftForm(request.POST)
        draft = form.draft(page, body)
        return bool(form.is_planned and look(draft, project=page, body=body).undecided)

    def after_saving(self, request: HttpRequest, button: str, page: Page, *, is_confirmed: bool) -> HttpResponse | None:
        if not isinstance(page, ProjectPage) or not page.is_planned or not is_asked(request.user, page.public_body):
            return None
        if button != SUBMIT:
            # Looked up before saving, which is why it was held back.
            return _to_questions(request, page, reverse("wagtailadmin_pages:edit", args=[page.pk]))
        if not look(Draft.of_page(page), project=page).undecided:
            return None
        return _to_questions(request, page, reverse("submit_page", args=[page.pk]))

    def before_publishing_many(self, request: HttpRequest, pages: Sequence[Page], action: Any) -> HttpResponse | None:
        """Publish none of several while one of them is a plan beside which something alike is not weighed."""
        held = [page for page in _plans_among(request, pages) if look(Draft.of_page(page), project=page).undecided]
        if not held:
            return None
        titles = ", ".join(page.title for page in held)
        text = _("Nothing was published. Please weigh first what is like: %(titles)s")
        messages.warning(request, text % {"titles": titles})
        return redirect(decide_url(held[0], reverse("wagtailadmin_explore", args=[held[0].get_parent().pk])))


def _plans_among(request: HttpRequest, pages: Sequence[Page]) -> list[ProjectPage]:
    """The newest versions of the person's plans that would be published, those below the pages included if wanted."""
    chosen = Q(pk__in=[page.pk for page in pages])
    if request.POST.get("include_descendants"):
        for page in pages:
            chosen |= Q(path__startswith=page.path)
    newest = (page.get_latest_revision_as_object() for page in ProjectPage.objects.filter(chosen))
    return [page for page in newest if page.is_planned and is_asked(request.user, page.public_body)]


def _to_questions(request: HttpRequest, page: Page, then: str) -> HttpResponse:
    messages.warning(request, _("Your draft is saved. Before others see it, please weigh what is like it."))
    return redirect(decide_url(page, then))
