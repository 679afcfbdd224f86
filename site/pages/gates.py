"""What stands between the editor's buttons and a page that others see: gates, asked in the order of PUBLICATION_GATES.

button ── must_save_first? ─┬─ yes ── saved as a draft ── after_saving of each gate
                            └─ no ─── Wagtail publishes ─ before_publishing of each gate
several at once ───────────────────────────────────────── before_publishing_many of each gate

The first answer a gate gives is shown, and nothing is published. Why a button is turned into a mere saving, and
Wagtail's hook `before_publish_page` is not enough: for a new page it comes too late. The view has added the page as a
live one by then (`CreateView.publish_action`: `add_child`, then the hook), and readers see it whatever the hook says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from wagtail.models import Page

from pages.publication import reasons_against_page

# What Wagtail's buttons send, after which others see the page, or somebody checks it.
PUBLISH, RESTART, SUBMIT = "action-publish", "action-restart-workflow", "action-submit"
BUTTONS = (PUBLISH, RESTART, SUBMIT)
# In the form in place of the button that was turned into a saving: which one.
HELD_BACK = "held-back"


@dataclass(frozen=True)
class Pressed:
    """A button, and what it is about: a page as it was before the form, or a new one of that kind below `parent`."""

    button: str
    kind: type[Page]
    page: Page | None = None
    parent: Any = None


class Gate:
    """One rule about what others may see; a gate says only what it has something to say to."""

    def must_save_first(self, request: HttpRequest, pressed: Pressed) -> bool:
        """True if the page must be saved and the gates asked about it, in place of what the button says.

        A gate that says so answers in `after_saving`: nothing else takes the button up again.
        """
        return False

    def after_saving(self, request: HttpRequest, button: str, page: Page, *, is_confirmed: bool) -> HttpResponse | None:
        """What is shown in place of what the button says, or what was done; `page` is the version that was saved.

        `is_confirmed`: whoever is asked has read what is only advised.
        """
        return None

    def before_publishing(self, request: HttpRequest, page: Page) -> HttpResponse | None:
        """What is shown in place of publishing the page in the editor; it is saved by now."""
        return None

    def before_publishing_many(self, request: HttpRequest, pages: Sequence[Page], action: Any) -> HttpResponse | None:
        """What is shown in place of publishing these from a list; `action` is Wagtail's."""
        return None


class NothingIsWrong(Gate):
    """What `pages.publication` names. The form has asked already; this is for what happened since, and for lists."""

    def before_publishing(self, request: HttpRequest, page: Page) -> HttpResponse | None:
        reasons = reasons_against_page(page)
        _say(request, reasons)
        return redirect("wagtailadmin_pages:edit", page.pk) if reasons else None

    def before_publishing_many(self, request: HttpRequest, pages: Sequence[Page], action: Any) -> HttpResponse | None:
        """Nothing of a selection is published while one of its pages must not be."""
        chosen = list(pages)
        if action.cleaned_form.cleaned_data.get("include_descendants"):
            for page in pages:
                chosen += page.get_descendants().not_live().specific()
        reasons = [reason for page in chosen for reason in reasons_against_page(page.get_latest_revision_as_object())]
        _say(request, reasons)
        return redirect(action.next_url) if reasons else None


def _say(request: HttpRequest, reasons: Sequence[str]) -> None:
    for reason in dict.fromkeys(reasons):
        messages.error(request, reason)


@cache
def all_gates() -> tuple[Gate, ...]:
    return tuple(import_string(path)() for path in settings.PUBLICATION_GATES)


def hold_back(request: HttpRequest, kind: type[Page], page: Page | None = None, parent: Page | None = None) -> None:
    """Make of a button a mere saving, if a gate wants it; to be called before Wagtail's view reads the form."""
    if request.method != "POST":
        return
    for button in BUTTONS:
        pressed = Pressed(button, kind, page, parent)
        if button in request.POST and any(gate.must_save_first(request, pressed) for gate in all_gates()):
            kept = request.POST.copy()
            for other in BUTTONS:
                kept.pop(other, None)
            kept[HELD_BACK] = button
            request.POST = kept  # type: ignore[assignment]
            return


def go_on(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Ask the gates after a page was saved, if a button was held back."""
    button = request.POST.get(HELD_BACK, "")
    return after_saving(request, button, page) if button in BUTTONS else None


def after_saving(request: HttpRequest, button: str, page: Page, *, is_confirmed: bool = False) -> HttpResponse | None:
    """The first answer of a gate about the newest version of the page."""
    saved = page.get_latest_revision_as_object()
    answers = (gate.after_saving(request, button, saved, is_confirmed=is_confirmed) for gate in all_gates())
    return next((answer for answer in answers if answer is not None), None)


def before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The first answer of a gate."""
    answers = (gate.before_publishing(request, page) for gate in all_gates())
    return next((answer for answer in answers if answer is not None), None)


def before_publishing_many(request: HttpRequest, pages: Sequence[Page], action: Any) -> HttpResponse | None:
    """The first answer of a gate."""
    answers = (gate.before_publishing_many(request, pages, action) for gate in all_gates())
    return next((answer for answer in answers if answer is not None), None)
