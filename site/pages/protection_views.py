"""The administrator's switch of a page's protection, and the sentence for whoever meets a protected page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import Page

from pages.keys import key_in
from pages.protection import PageProtection, explanation, protected_in

PROTECTED, LIFTED = "pages.protect", "pages.lift_protection"
# What Wagtail's bulk actions on pages are called that would take one away.
TAKING_AWAY = frozenset({"delete", "move", "unpublish"})

View = Callable[..., HttpResponseBase]


class ReasonForm(forms.Form):
    """Stands in the history of the page beside the name of the administrator."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a reason, then protect the page or lift its protection."""
    if not request.user.is_superuser:
        raise PermissionDenied
    page: Any = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, PageProtection):
        raise Http404
    title = page.get_admin_display_title()  # type: ignore[attr-defined]
    form = ReasonForm(request.POST or None)
    edit_url = reverse("wagtailadmin_pages:edit", args=[pk])
    if request.method == "POST" and form.is_valid():
        is_protected = not page.is_protected
        changed = {"is_protected": is_protected, **({"expire_at": None} if is_protected else {})}
        type(page)._default_manager.filter(pk=pk).update(**changed)
        action = PROTECTED if is_protected else LIFTED
        log(instance=page, action=action, user=request.user, data={"reason": form.cleaned_data["reason"]})
        text = _("“%(title)s” is protected now.") if is_protected else _("“%(title)s” is no longer protected.")
        messages.success(request, text % {"title": title})
        return redirect(edit_url)
    return render(request, "pages/admin/protection.html", {"page": page, "form": form, "cancel_url": edit_url})


def explained(view: View) -> View:
    """Wagtail says only that something is not allowed; who meets a protected page reads why, and what to do."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        numbers = [value for name, value in kwargs.items() if name in {"page_id", "page_to_move_id"}]
        if titles := protected_in(Page.objects.filter(pk__in=numbers)):
            messages.warning(request, explanation(titles))
        return view(request, *args, **kwargs)

    return inner


def explained_in_bulk(view: View) -> View:
    """Like `explained`, for bulk actions on several pages; those that are not protected can still be gone on with."""

    @wraps(view)
    def inner(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponseBase:
        numbers = [key for number in request.GET.getlist("id") if (key := key_in(number)) is not None]
        if (app_label, model_name) == ("wagtailcore", "page") and action in TAKING_AWAY and request.method == "GET":
            chosen = Page.objects.filter(pk__in=numbers)
            if titles := protected_in(chosen, with_those_below=action != "unpublish"):
                messages.warning(request, explanation(titles))
        return view(request, app_label, model_name, action)

    return inner


def register_protection(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`: the history says why."""
    for name, title, text in (
        (PROTECTED, gettext_lazy("Protect"), gettext_lazy("Protected: %(reason)s")),
        (LIFTED, gettext_lazy("Lift the protection"), gettext_lazy("Protection lifted: %(reason)s")),
    ):
        actions.register_action(name)(_with_reason(title, text))


def _with_reason(title: Any, text: Any) -> type[LogFormatter]:
    class WithReason(LogFormatter):
        label = title

        def format_message(self, log_entry: Any) -> str:
            return str(text) % {"reason": log_entry.data.get("reason", "")}

    return WithReason
