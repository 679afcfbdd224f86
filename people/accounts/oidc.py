"""Identity providers from one setting: reads OIDC_PROVIDERS, and says what is wrong with it.

Read while the settings are being read, so it must not know models or settings.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

REQUIRED = ("id", "name", "url", "client", "secret")
OPTIONAL = ("domains",)
PROVIDER_ID = re.compile(r"[a-z0-9-]{1,30}")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
HINT = (
    'Expected is a JSON list such as [{"id": "land", "name": "Servicekonto", "url": "https://login.example.org/realms/x",'
    ' "client": "platform", "secret": "…", "domains": ["stadt.example"]}]; "domains" may be left out.'
)


class ProvidersError(ValueError):
    """The setting cannot be used; the message says in one sentence why."""


def read_providers(text: str) -> list[dict[str, Any]]:
    """The providers named in the setting, none if it is empty. Raises ProvidersError."""
    if not text.strip():
        return []
    try:
        providers = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProvidersError(f"not JSON: {error}") from error
    if not isinstance(providers, list) or not all(isinstance(provider, dict) for provider in providers):
        raise ProvidersError("not a list of objects")
    for number, provider in enumerate(providers, start=1):
        if fault := _fault_of(provider):
            raise ProvidersError(f"provider {number}: {fault}")
    ids = [provider["id"] for provider in providers]
    if len(set(ids)) < len(ids):
        raise ProvidersError("two providers have the same id")
    return providers


def provider_apps(text: str) -> list[dict[str, Any]]:
    """The setting as allauth wants it; none if it is faulty: the system check says why, and passwords go on working."""
    try:
        providers = read_providers(text)
    except ProvidersError:
        return []
    return [
        {
            "provider_id": provider["id"],
            "name": provider["name"],
            "client_id": provider["client"],
            "secret": provider["secret"],
            "settings": {"server_url": provider["url"], "domains": provider.get("domains", [])},
        }
        for provider in providers
    ]


def _fault_of(provider: dict[str, Any]) -> str:
    """What is wrong with one entry, empty if nothing is."""
    if missing := [key for key in REQUIRED if not isinstance(provider.get(key), str) or not provider[key]]:
        return f"{', '.join(missing)} missing or no text"
    if unknown := sorted(set(provider) - {*REQUIRED, *OPTIONAL}):
        return f"unknown: {', '.join(unknown)}"
    if not PROVIDER_ID.fullmatch(provider["id"]):
        return "id may have small letters, digits and hyphens only"
    address = urlsplit(provider["url"])
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        return "url must begin with https://"
    domains = provider.get("domains", [])
    if not isinstance(domains, list) or not all(isinstance(domain, str) and "." in domain for domain in domains):
        return 'domains must be a list such as ["stadt.example"]'
    return ""
