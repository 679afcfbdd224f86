"""Answers given in the admin, by the buttons of one's own first page: the same as by the links of a letter."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from pages.tree import parent_path
from people.freshness.entries import Answer, answer, last_answer, take_back
from people.models import User
from projects.models import BodyPage, Freshness, ProjectPage


@require_POST
@transaction.atomic
def give_answer(request: HttpRequest, pk: int, said: str) -> HttpResponse:
    """Confirm or end an entry one may edit; the list it was done in may be `next`. Taking back is offered at once."""
    if said not in set(Answer):
        raise Http404
    entry, user = _own(request, pk)
    page = entry.page.specific
    if said == Answer.ENDED and not isinstance(page, ProjectPage):
        raise Http404
    answer(entry, Answer(said), user)
    sentence = _("“%(title)s” is marked as completed.") if said == Answer.ENDED else _("“%(title)s” is confirmed.")
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    if is_ours and asked.startswith("/"):
        back = messages.button(_first_page(entry, zuletzt=page.pk), _("Take back"))
        messages.success(request, sentence % {"title": page.title}, buttons=[back])
        return redirect(asked)
    messages.success(request, sentence % {"title": page.title})
    return redirect(_first_page(entry, zuletzt=page.pk))


@require_POST
@transaction.atomic
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last answer back, whoever of the body gave it."""
    entry, user = _own(request, pk)
    if last_answer(entry) is None:
        messages.warning(request, _("There is nothing to take back."))
    else:
        take_back(entry, user)
        messages.success(request, _("The answer about “%(title)s” was taken back.") % {"title": entry.page.title})
    return redirect(_first_page(entry))


def _first_page(entry: Freshness, **more: int) -> str:
    """One's first page with the body of the entry; `zuletzt` offers there to take an answer back."""
    body = BodyPage.objects.filter(path=parent_path(entry.page.path)).values_list("pk", flat=True).first()
    chosen = {"stelle": body, **more} if body else more
    return f"{reverse('wagtailadmin_home')}?{urlencode(chosen)}" if chosen else reverse("wagtailadmin_home")


def _own(request: HttpRequest, pk: int) -> tuple[Freshness, User]:
    """The entry, locked. Raises PermissionDenied for one the person may not edit."""
    entry = get_object_or_404(Freshness.objects.public().select_for_update(of=("self",)), page__id=pk)
    if not isinstance(request.user, User) or not entry.page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return entry, request.user
