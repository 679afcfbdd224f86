"""Which files have been checked for viruses: the verdicts about stored files, and what follows from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any

import structlog
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import BodyDocument, Picture
from projects.models.scanned import ScannedFile, ScanState
from projects.uploads import scanner
from projects.uploads.scanner import ScannerError, Verdict

log = structlog.get_logger(__name__)

MODELS: tuple[type[Any], ...] = (BodyDocument, Picture)

# Sent with `file` when the scanner finds something in a file that is already stored.
harm_found = Signal()


@dataclass
class Scanned:
    """How many stored files a run looked at."""

    clean: int = 0
    infected: int = 0
    missing: int = 0
    waiting: int = 0


def without_verdict(model: type[Any]) -> QuerySet[Any]:
    """Files nothing is known about, the oldest first."""
    return model.objects.filter(Q(scanned_at=None) | ~Q(scanned_name=F("file"))).order_by("created_at", "pk")


def infected(model: type[Any]) -> QuerySet[Any]:
    return model.objects.filter(scanned_name=F("file")).exclude(scan_finding="")


def _due(model: type[Any]) -> Iterator[ScannedFile]:
    """What has no verdict, then what was checked so long ago that signatures have learnt since."""
    yield from without_verdict(model).iterator()
    before = timezone.now() - timedelta(days=settings.UPLOAD_RESCAN_DAYS)
    yield from model.objects.filter(scanned_name=F("file"), scanned_at__lt=before).order_by("scanned_at").iterator()


def scan_due(*, everything: bool = False) -> Scanned:
    """Check what is due, or every stored file. A scanner that is away ends the run; what is left waits."""
    result = Scanned()
    if not scanner.is_configured():
        return result
    files = chain.from_iterable(model.objects.iterator() if everything else _due(model) for model in MODELS)
    for file in files:
        try:
            verdict = scan_stored(file)
        except FileNotFoundError:
            result.missing += 1
        except ScannerError as error:
            log.warning("scanner_unavailable", error=str(error))
            break
        else:
            result.clean += verdict.is_clean
            result.infected += not verdict.is_clean
    result.waiting = sum(without_verdict(model).count() for model in MODELS)
    return result


def scan_stored(file: Any) -> Verdict:
    """Ask the scanner about a stored file and keep what it says.

    Raises ScannerError, which leaves the former verdict, and FileNotFoundError for a row whose file is gone.
    """
    with file.file.storage.open(file.file.name, "rb") as stream:
        verdict = scanner.scan(stream)
    was_infected = file.scan_state == ScanState.INFECTED
    file.keep_verdict(verdict)
    if not verdict.is_clean:
        log.warning("file_infected", model=file._meta.model_name, file=file.pk, finding=verdict.finding)
        if isinstance(file, Picture):
            file.renditions.all().delete()
        if not was_infected:
            harm_found.send(sender=type(file), file=file)
    return verdict


def reason_against(file: Any) -> str:
    """Why this file may not be public, as a sentence for the editor; empty if it may."""
    if file.is_harmless:
        return ""
    if file.scan_state == ScanState.INFECTED:
        return _("“%(title)s” contains something harmful (%(finding)s). Remove the file or replace it.") % {
            "title": file.title,
            "finding": file.scan_finding,
        }
    return _(
        "“%(title)s” has not been checked for viruses yet. Try again in a few minutes; what you wrote is kept."
    ) % {"title": file.title}


def figures() -> dict[str, int]:
    """How many files there are without a verdict, clean, and with something harmful."""
    total = sum(model.objects.count() for model in MODELS)
    unknown = sum(without_verdict(model).count() for model in MODELS)
    harmful = sum(infected(model).count() for model in MODELS)
    return {"unknown": unknown, "clean": total - unknown - harmful, "infected": harmful}


def reasons_against_references(references: set[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """For what a page refers to: a sentence for each file that must not be public. Receiver of the hook of `pages`."""
    reasons = {}
    for model in MODELS:
        type_id = ContentType.objects.get_for_model(model).pk
        numbers = [int(pk) for kind, pk in references if kind == type_id and pk.isdecimal()]
        for file in model.objects.filter(pk__in=numbers) if numbers else ():
            if reason := reason_against(file):
                reasons[type_id, str(file.pk)] = reason
    return reasons
