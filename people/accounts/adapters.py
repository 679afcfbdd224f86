"""What the platform asks of allauth: who signs up, whom a provider may log in, how mails look, which factor stays."""

import time
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.core.exceptions import MultipleObjectsReturned
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pages.limits import EVERYBODY, allows
from people.accounts import second_factor
from people.mail.queue import letter
from people.models import User

ANYWHERE = "login_failed_anywhere"
UNKNOWN_ACCOUNT = "account/email/unknown_account"
INVITED_SESSION_KEY = "account_verified_email"  # allauth's own: an address in it needs no second verification


class AccountAdapter(DefaultAccountAdapter):
    """Accounts exist by invitation: nobody signs up who was not asked to."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail address or password is wrong."),
        "enter_current_password": _("This is not your current password."),
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes and try again."),
        "account_is_attacked": _(
            "Many wrong passwords were tried for this account, from several places. Choose a new one under “Forgotten "
            "your password?”: with it you get in at once."
        ),
        "rate_limited": _("Too many attempts. Please wait a few minutes and try again."),
        "duplicate_email": _("This is your address already."),
        "incorrect_password": _("The password is wrong."),
        "incorrect_code": _("The code is wrong, or it was used already."),
        "same_as_current": _("The new one must differ from the current one."),
        "not_invited": _("This is not the address that was invited."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """An IPv4 address is the same client however a proxy spells it; all of them would count as one in IPv6."""
        address = str(super().get_client_ip(request))
        with suppress(ValueError):
            return str(getattr(ip_address(address), "ipv4_mapped", None) or address)
        return address

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """True once an invitation was opened in this session; it calls `stash_verified_email` with its address."""
        return bool(request.session.get(INVITED_SESSION_KEY))

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask again before something that matters, but not somebody who has just logged in."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0.0)
        is_old = time.time() - latest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return is_old and bool(super().is_reauthentication_required(app=app))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count by account and connection: a stranger who guesses locks out nobody but himself."""
        return f"{_account_of(credentials)} {ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt, also over all connections together: many of them guess as one.

        Then a letter opens the account. Whoever is in already and is asked again needs none. Raises ValidationError.
        """
        super().pre_authenticate(request, **credentials)
        if request.user.is_authenticated:
            return
        self._anywhere_usage = ratelimit.consume(
            request, app="allauth.account", action=ANYWHERE, key=_account_of(credentials)
        )
        if not self._anywhere_usage:
            raise self.validation_error("account_is_attacked")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if usage := getattr(self, "_anywhere_usage", None):
            usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """After a new password was chosen by letter."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, app="allauth.account", action=ANYWHERE, key=_account_of(credentials))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Whoever asks for a password without an account is told so, as long as not many are: one could have us write
        to any number of strangers."""
        is_known = template_prefix != UNKNOWN_ACCOUNT
        if is_known or allows(self.request, letters_to_strangers=f"password {EVERYBODY}"):
            super().send_mail(template_prefix, email, context)

    def new_user(self, request: HttpRequest) -> User:
        user: User = super().new_user(request)
        user.has_claimed_address = True
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where one wants to go after log-in: to work, or first to set up the second factor."""
        if second_factor.is_awaited(request):
            return reverse("mfa_index")
        can_work = request.user.has_perm("wagtailadmin.access_admin")
        return reverse("wagtailadmin_home" if can_work else "people_account")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Whoever has just chosen a password is not asked for it again on the next page."""
        if kwargs["signup"]:
            record_authentication(request, user, "password")
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """By then the invitation has given the person a team to work in."""
        return self.get_login_redirect_url(request)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """The letter of that name, as plain text and HTML made from the same template."""
        context = {**context, "site_name": settings.WAGTAIL_SITE_NAME}
        subject = render_to_string(f"{template_prefix}_subject.txt", context).strip()
        text = render_to_string(f"{template_prefix}_message.txt", context).strip()
        return letter(subject, text, [email] if isinstance(email, str) else email, headers)


def _account_of(credentials: dict[str, Any]) -> str:
    """By person; allauth counts by host name as well, and this site may answer to several."""
    return str(credentials.get("email") or credentials.get("username", "")).lower()


class ProviderAdapter(DefaultSocialAccountAdapter):
    """A provider vouches for an address, and the address finds the account; no provider creates one."""

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account with the address the provider has verified, if it is verified here as well."""
        email = trusted_address(sociallogin)
        known = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True) if email else None
        address = known.select_related("user").first() if known is not None else None
        return (address.user, address.email) if address else None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """As allauth's, which stops where two providers know us under the same client id.

        It asks by client id only when a log-in goes on after the second factor; by then the provider has spoken.
        """
        try:
            return super().get_app(request, provider, client_id)
        except MultipleObjectsReturned:
            return self.list_apps(request, provider=provider, client_id=client_id)[0]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """End with a page that says why, if nobody here has that address."""
        if sociallogin.is_existing:
            return
        claims = claims_of(sociallogin)
        context = {
            "provider_name": sociallogin.provider.app.name,
            "email": str(claims.get("email", "")),
            "is_verified": claims.get("email_verified") is True,
        }
        raise ImmediateHttpResponse(render(request, "people/unknown_person.html", context, status=403))


def claims_of(sociallogin: SocialLogin) -> dict[str, Any]:
    """What the provider says about the person."""
    data = sociallogin.account.extra_data
    return dict(data.get("userinfo") or data.get("id_token") or {})


def trusted_address(sociallogin: SocialLogin) -> str:
    """The address this provider may speak for, else nothing.

    Only a real `true` counts as verified (a text "false" would be true as well), and only the domains the operator
    has named for this provider: otherwise one Land's provider could log in another Land's people.
    """
    claims = claims_of(sociallogin)
    email = str(claims.get("email", "")).strip().lower()
    domains = [domain.lower() for domain in sociallogin.provider.app.settings.get("domains", [])]
    is_theirs = not domains or email.rpartition("@")[2] in domains
    return email if claims.get("email_verified") is True and is_theirs else ""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Whoever must have a second factor keeps one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong, or it was used already."),
        "cannot_delete_authenticator": _("Your role needs a second factor. Set up another one before removing this."),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not settings.SECOND_FACTOR_REQUIRED or not second_factor.must_have(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_factor.FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def get_totp_issuer(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)

    def _get_site_name(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)
