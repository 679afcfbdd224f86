"""The account's own page, one's personal data, and the end of an account."""

from collections.abc import Callable
from typing import Any

import structlog
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.logout import logout
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as oidc
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from requests import RequestException

from people.accounts import second_factor
from people.current import person_of
from people.privacy import personal_data

log = structlog.get_logger(__name__)


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Where one finds everything about one's account."""
    context = {
        "must_have_factor": second_factor.must_have(request.user),
        "has_factor": second_factor.has(request.user),
        "awaited_address": EmailAddress.objects.get_new(request.user),
        "can_work": request.user.has_perm("wagtailadmin.access_admin") and not second_factor.is_awaited(request),
    }
    return render(request, "people/account.html", context)


@never_cache
@reauthentication_required
def export_data(request: HttpRequest) -> JsonResponse:
    """What is stored about the person, as a file."""
    found = personal_data.export(person_of(request))
    answer = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer.headers["Content-Disposition"] = 'attachment; filename="meine-daten.json"'
    return answer


class DeletionForm(forms.Form):
    """One tick, so that nobody erases an account by pressing one button too many."""

    is_sure = forms.BooleanField(
        label=gettext_lazy("I want to erase my account. This cannot be undone."),
        widget=forms.CheckboxInput(attrs={"class": "kern-form-check__checkbox"}),
    )


@never_cache
@reauthentication_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """Erase one's own account; projects stay."""
    form = DeletionForm(request.POST or None)
    is_last = personal_data.is_last_administrator(person_of(request))
    if request.method == "POST" and form.is_valid() and not is_last:
        user = person_of(request)
        logout(request)
        personal_data.erase(user)
        return redirect("people_deleted")
    named = personal_data.projects_naming(person_of(request))
    return render(request, "people/delete_account.html", {"form": form, "is_last": is_last, "projects": named})


def account_deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "people/account_deleted.html")


def log_in_by_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the provider; one that is away gets a page that says so."""
    return _unless_provider_fails(oidc.login, request, provider_id)


def come_back_from_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _unless_provider_fails(oidc.callback, request, provider_id)


def _unless_provider_fails(
    view: Callable[..., HttpResponseBase], request: HttpRequest, provider_id: str
) -> HttpResponseBase:
    """allauth asks the provider for its addresses where it does not expect a failure."""
    try:
        return view(request, provider_id)
    except (RequestException, KeyError) as error:
        log.error("identity_provider_failed", provider=provider_id, error=type(error).__name__)
        return render(request, "socialaccount/authentication_error.html", status=503)


class GuardedRemoveWebAuthnView(RemoveWebAuthnView):
    """allauth asks the adapter before removing an app, but not before removing a key."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(request, _("Your role needs a second factor. Set up another one before removing this."))
            return redirect("mfa_list_webauthn")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


remove_webauthn = GuardedRemoveWebAuthnView.as_view()
