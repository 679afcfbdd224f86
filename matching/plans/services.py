"""Finding a Leistung by what somebody types: in the OZG catalogue and among the service keys, by name or number."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from projects.editor.term_widget import ENTRY, label_of
from projects.models import OzgService, ServiceKey

Service = OzgService | ServiceKey

TEXT_MIN_LENGTH, TEXT_MAX_LENGTH = 2, 200
# As many as can be read through; of each catalogue at most half.
FOUND_MAX = 12


def find(text: str, limit: int = FOUND_MAX) -> list[Service]:
    """Entries whose name has every word typed, or whose number begins with it; short names first, OZG services before
    keys."""
    text = " ".join(text.replace("\x00", "").split())[:TEXT_MAX_LENGTH]
    if len(text) < TEXT_MIN_LENGTH:
        return []
    if named := _named(text):
        return [named]
    half = limit // 2
    services, keys = _matching(OzgService, "ozg_id", text, limit), _matching(ServiceKey, "key", text, limit)
    return [*services[: limit - min(half, len(keys))], *keys[: limit - min(half, len(services))]]


def _named(text: str) -> Service | None:
    """The entry of a suggestion that was taken, “Wohngeld (10300)”."""
    entry = ENTRY.fullmatch(text)
    if entry is None:
        return None
    service = OzgService.objects.filter(ozg_id=entry["key"]).first()
    return service or ServiceKey.objects.filter(key=entry["key"]).first()


def _matching(model: type[OzgService] | type[ServiceKey], key: str, text: str, limit: int) -> list[Service]:
    words = Q()
    for word in text.split():
        words &= Q(name__icontains=word)
    found: Any = model._default_manager.filter(words | Q(**{f"{key}__startswith": text})).order_by("name")
    return sorted(found[: 4 * limit], key=lambda entry: (entry.name.lower() != text.lower(), len(entry.name)))[:limit]


def labels(entries: Sequence[Service]) -> list[str]:
    """As they stand in the field when they are taken."""
    return [label_of(entry) for entry in entries]
