"""Stores the OZG catalogues: Themenfelder, OZG services and service keys (Leistungsschlüssel) with their LeiKa type.

Nothing is deleted: projects refer to services that a newer catalogue may have dropped. An official entry takes over an
example that has its key.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from pages.addresses import first_free, readable
from projects.importers.reports import BadLine, ImportReport, LevelCounts, WrongFileError
from projects.importers.stock_index import refresh_stock_index
from projects.importers.tables import read_table
from projects.models import OzgField, OzgService, ServiceKey

SERVICE_COLUMNS = ("ozg_id", "name", "lage", "themenfeld")
KEY_COLUMNS = ("leika_schluessel", "name", "leika_typ", "ozg_id")
OZG_ID = re.compile(r"[0-9]{5}")
SERVICE_KEY = re.compile(r"[0-9]{14}")
# Keys of the federal catalogue start with 99; municipal catalogues have others, which are accepted and counted.
OFFICIAL_PREFIX = "99"
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
BATCH = 500

Row = tuple[int, dict[str, str]]
Progress = Callable[[int], object]


class Catalogue:
    """One vocabulary: what is stored, what the file adds and what it changes."""

    def __init__(self, model: type[models.Model], key_field: str, counts: LevelCounts) -> None:
        self.model, self.key_field, self.counts = model, key_field, counts
        self.by_key: dict[str, Any] = {getattr(row, key_field): row for row in model._default_manager.all()}
        self.created: list[Any] = []
        self.changed: dict[int, Any] = {}
        self.changed_fields: set[str] = set()

    def put(self, key: str, values: dict[str, Any]) -> None:
        """Note one entry; each key is to be put once."""
        self.counts.read += 1
        row = self.by_key.get(key)
        if row is None:
            self.by_key[key] = row = self.model(**{self.key_field: key, **values})
            self.created.append(row)
            self.counts.created += 1
            return
        different = {name for name, value in values.items() if getattr(row, name) != value}
        for name in different:
            setattr(row, name, values[name])
        if different:
            self.changed[row.pk] = row
            self.changed_fields |= {name.removesuffix("_id") for name in different}
            self.counts.changed += 1

    def store(self) -> None:
        self.model._default_manager.bulk_create(self.created, batch_size=BATCH)
        if self.changed:
            self.model._default_manager.bulk_update(
                self.changed.values(), sorted(self.changed_fields), batch_size=BATCH
            )
        refresh_stock_index(self.model, {*self.changed, *(row.pk for row in self.created)})
        self.tell_the_pages()

    def tell_the_pages(self) -> None:
        """Bulk writes send no signals: save the changed entries that projects refer to, so that search follows."""
        if self.model is not OzgField:
            for row in self.model._default_manager.filter(pk__in=list(self.changed), projects__isnull=False).distinct():
                row.save()


def max_length(model: type[models.Model], field: str) -> int:
    limit: int | None = getattr(model._meta.get_field(field), "max_length", None)
    return limit or 0


def cleaned(text: str, limit: int) -> str:
    """The text in one line without control characters, at most `limit` characters."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())[:limit].rstrip()


def sound_rows(
    rows: Iterable[Row], column: str, pattern: re.Pattern[str], report: ImportReport, file: Path
) -> list[Row]:
    """Rows with a sound key and a name; the others go to the report. Raises WrongFileError when none is left."""
    sound: list[Row] = []
    lines_by_key: dict[str, int] = {}
    for number, row in rows:
        key = row[column]
        if not key:
            reason = _("“%(name)s” has no key") % {"name": row["name"][:100]}
        elif not pattern.fullmatch(key):
            reason = _("“%(key)s” is not a key of the expected length") % {"key": key[:40]}
        elif not row["name"]:
            reason = _("%(key)s has no name") % {"key": key}
        elif key in lines_by_key:
            reason = _("the key %(key)s already stands in line %(line)d") % {"key": key, "line": lines_by_key[key]}
        else:
            lines_by_key[key] = number
            sound.append((number, row))
            continue
        report.bad_lines.append(BadLine(number, f"{file.name}: {reason}", key))
    if not sound:
        raise WrongFileError(_("%(path)s contains no usable entry.") % {"path": file})
    return sound


def write_fields(rows: Iterable[Row], report: ImportReport) -> dict[str, Any]:
    """Themenfelder by their exact name; new ones are added behind the others."""
    fields = Catalogue(OzgField, "name", report.of("fields"))
    slugs = {field.slug for field in fields.by_key.values()}
    for order, name in enumerate(dict.fromkeys(row["themenfeld"] for _number, row in rows), start=len(slugs)):
        if name in fields.by_key:
            fields.put(name, {})
            continue
        slug = first_free([readable(name, "themenfeld")], slugs.__contains__)
        slugs.add(slug)
        fields.put(name, {"slug": slug, "sort_order": order})
    fields.store()
    return fields.by_key


def write_services(
    rows: Iterable[Row], fields: dict[str, Any], report: ImportReport, progress: Progress
) -> dict[str, Any]:
    services = Catalogue(OzgService, "ozg_id", report.of("services"))
    for _number, row in rows:
        progress(1)
        values = {
            "name": cleaned(row["name"], max_length(OzgService, "name")),
            "situation": cleaned(row["lage"], max_length(OzgService, "situation")),
            "field_id": fields[row["themenfeld"]].pk,
            "is_example": False,
        }
        services.put(row["ozg_id"], values)
    services.store()
    return services.by_key


def write_keys(rows: Iterable[Row], services: dict[str, Any], report: ImportReport, progress: Progress) -> None:
    keys = Catalogue(ServiceKey, "key", report.of("keys"))
    municipal = unknown = 0
    for _number, row in rows:
        progress(1)
        service = services.get(row["ozg_id"])
        unknown += bool(row["ozg_id"]) and service is None
        municipal += not row["leika_schluessel"].startswith(OFFICIAL_PREFIX)
        values = {
            "name": cleaned(row["name"], max_length(ServiceKey, "name")),
            "leika_type": cleaned(row["leika_typ"], max_length(ServiceKey, "leika_type")),
            "service_id": service.pk if service else None,
            "is_example": False,
        }
        keys.put(row["leika_schluessel"], values)
    keys.store()
    if municipal:
        report.remarks.append(_("%(count)d keys do not start with 99: municipal catalogues.") % {"count": municipal})
    if unknown:
        report.remarks.append(
            _("%(count)d keys name an OZG service that is not in the catalogue.") % {"count": unknown}
        )


def import_ozg(services: Path, keys: Path, progress: Progress = lambda steps: None) -> ImportReport:
    """Bring the catalogues to the state of two CSV files, in one transaction; `progress` is called with rows done.

    Raises WrongFileError, and changes nothing, when a file is not what it should be.
    """
    report = ImportReport()
    service_rows = sound_rows(read_table(services, SERVICE_COLUMNS), "ozg_id", OZG_ID, report, services)
    key_rows = sound_rows(read_table(keys, KEY_COLUMNS), "leika_schluessel", SERVICE_KEY, report, keys)
    without_field = [(number, row) for number, row in service_rows if not row["themenfeld"]]
    for number, row in without_field:
        reason = _("“%(name)s” has no Themenfeld") % {"name": row["name"][:100]}
        report.bad_lines.append(BadLine(number, f"{services.name}: {reason}", row["ozg_id"]))
    service_rows = [entry for entry in service_rows if entry not in without_field]
    for _number, row in service_rows:
        row["themenfeld"] = cleaned(row["themenfeld"], max_length(OzgField, "name"))
    with transaction.atomic():
        fields = write_fields(service_rows, report)
        stored = write_services(service_rows, fields, report, progress)
        write_keys(key_rows, stored, report, progress)
    return report
