"""What has to be right before anything is uploaded: the kinds are known, the scanner's address is understood."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from projects.uploads import kinds, scanner
from projects.uploads.scanner import ScannerAddressError


@register()
def check_upload_kinds(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    unknown = sorted(set(settings.UPLOAD_KINDS) - set(kinds.KINDS))
    if not unknown:
        return []
    hint = f"Known are {', '.join(sorted(kinds.KINDS))}."
    return [Error(f"UPLOAD_KINDS: nobody can recognise {', '.join(unknown)}.", hint=hint, id="projects.E001")]


@register()
def check_scanner_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not scanner.is_configured():
        return []
    try:
        scanner.address()
    except ScannerAddressError as error:
        return [Error(f"CLAMD_URL: {error}. No file can be published.", hint=scanner.HINT, id="projects.E002")]
    return []


@register(Tags.security, deploy=True)
def check_scanner_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if scanner.is_configured():
        return []
    return [Warning("CLAMD_URL is empty: files are published unchecked.", hint=scanner.HINT, id="projects.W001")]
