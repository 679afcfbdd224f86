"""What has to be right before anybody logs in: OIDC_PROVIDERS is understood, the second factor is not switched off."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from people.accounts.oidc import HINT, ProvidersError, read_providers


@register()
def check_providers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        read_providers(settings.OIDC_PROVIDERS)
    except ProvidersError as error:
        return [Error(f"OIDC_PROVIDERS: {error}. Nobody can log in by a provider.", hint=HINT, id="people.E001")]
    return []


@register(Tags.security, deploy=True)
def check_second_factor(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Development offers it only, because everybody knows the passwords of its example accounts."""
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    return [
        Error("SECOND_FACTOR_REQUIRED is off: staff could be impersonated with a stolen password.", id="people.E002")
    ]
