"""Handing a page in to be checked: it is saved first, then what is still asked for is named, then the check begins.

“submit” ── saved ── gates before this one ── something asked for? ─┬─ no ── ReviewState waits
                                                                   └─ yes ── page naming it ── submitted all the same
"""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState

from pages.gates import SUBMIT, Gate, Pressed
from people.models import ReviewState, User
from people.moderation import decisions as moderation
from projects.editor.completeness import Rule, completeness
from projects.models import ProjectPage


def asked_for(page: Page) -> list[Rule]:
    """What a check would send the page back for, the weightiest first; nothing for a body's profile."""
    if not isinstance(page, ProjectPage):
        return []
    return [rule for rule in completeness(page).missing if rule.is_asked_for]


def may_submit(page: Page, user: Any) -> bool:
    """Whoever may edit it, while nobody checks it: Wagtail's own answer says nothing about the person."""
    permissions = page.permissions_for_user(user)
    return bool(permissions.can_edit() and permissions.can_submit_for_moderation())


class HandedIn(Gate):
    """The last gate for what is submitted: it hands the saved page in, or leads to what has to be answered before."""

    def must_save_first(self, request: HttpRequest, pressed: Pressed) -> bool:
        return pressed.button == SUBMIT

    def after_saving(self, request: HttpRequest, button: str, page: Page, *, is_confirmed: bool) -> HttpResponse | None:
        """What is only advised can be confirmed."""
        user = request.user
        # Somebody else can have submitted it meanwhile.
        if button != SUBMIT or not isinstance(user, User) or not may_submit(page, user):
            return None
        if moderation.reasons_against(page) or (asked_for(page) and not is_confirmed):
            return redirect("submit_page", page.pk)
        state = hand_in(page, user)
        _forget_successes(request)
        messages.success(
            request,
            _("“%(title)s” is being checked by the Kompetenzzentrum, until %(day)s at the latest. You will get a mail.")
            % {"title": page.get_admin_display_title(), "day": date_format(state.due_on)},
        )
        body = moderation.body_of(page)
        return redirect(f"{reverse('wagtailadmin_home')}?stelle={body.pk}" if body else "wagtailadmin_home")


def _forget_successes(request: HttpRequest) -> None:
    """Wagtail has said by now that the page is saved; that it is being checked says so as well."""
    for said in list(messages.get_messages(request)):
        if said.level != messages.SUCCESS:
            messages.add_message(request, said.level, said.message, said.extra_tags)


@transaction.atomic
def hand_in(page: Page, user: User) -> ReviewState:
    """Begin the check of the newest version, or go on with the one that had sent it back."""
    known = page.current_workflow_state
    if known is not None and known.status == WorkflowState.STATUS_NEEDS_CHANGES:
        known.resume(user)
    else:
        page.get_workflow().start(page, user)
    return ReviewState.objects.waiting().get(workflow_state__object_id=str(page.pk))
