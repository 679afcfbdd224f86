"""Compares one level of the register, such as all Kreise, with its table and writes the difference."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F

from projects.importers.reports import LevelCounts
from projects.importers.stock_index import refresh_stock_index
from projects.models import BodyPage, Municipality, Participation

# SQLite takes a limited number of variables a statement; Django splits further where needed.
BATCH = 500

Values = dict[str, Any]


class LevelWriter:
    """Compares one level of the file with its table and writes the difference in few statements."""

    def __init__(self, model: type[models.Model], key_field: str, date: datetime.date) -> None:
        self.model, self.key_field, self.date = model, key_field, date
        rows: list[Any] = list(model._default_manager.order_by(F("valid_to").desc(nulls_first=True)))
        self.taken_by_examples = {getattr(row, key_field) for row in rows if row.is_example}
        self.official = [row for row in rows if not row.is_example]
        # Where a key was given twice in its history, the current unit stands for it.
        self.by_key: dict[str, Any] = {}
        for row in self.official:
            self.by_key.setdefault(getattr(row, key_field), row)
        self.by_ars = {row.ars: row for row in self.official} if model is Municipality else {}
        self.created: list[Any] = []
        self.changed: dict[int, Any] = {}
        self.changed_fields: set[str] = set()
        self.seen: set[int] = set()

    def put(self, key: str, values: Values, counts: LevelCounts) -> Any:
        """Note what has to become of one unit. Returns its row; one not stored yet has no pk."""
        counts.read += 1
        row = self.by_ars.get(values.get("ars", "")) or self.by_key.get(key)
        if row is None:
            row = self.by_key[key] = self.model(**{self.key_field: key, **values})
            self.created.append(row)
            counts.created += 1
            return row
        self.by_key[key] = row
        self.seen.add(row.pk)
        different = {name for name, value in values.items() if getattr(row, name) != value}
        if row.valid_to is not None and "valid_to" not in values:
            values = {**values, "valid_to": None, "successor_id": None}
            different |= {"valid_to", "successor_id"}
            counts.revived += 1
        elif different:
            counts.changed += 1
        for name in different:
            setattr(row, name, values[name])
        if different:
            self.changed[row.pk] = row
            self.changed_fields |= {name.removesuffix("_id") for name in different}
        return row

    def vanished(self, damaged_keys: set[str] | None) -> list[Any]:
        """Current rows that the file does not know any more; none if damaged lines could be theirs."""
        if damaged_keys is None:
            return []
        current = (row for row in self.official if row.valid_to is None and row.pk not in self.seen)
        return [row for row in current if getattr(row, "ars", getattr(row, self.key_field)) not in damaged_keys]

    def store(self, ended: Iterable[Any] = ()) -> None:
        """Write it all; ended first, so that a key is free for who has it now."""
        self.model._default_manager.filter(pk__in=[row.pk for row in ended]).update(valid_to=self.date)
        if self.changed:
            self.model._default_manager.bulk_update(
                self.changed.values(), sorted(self.changed_fields), batch_size=BATCH
            )
        self.model._default_manager.bulk_create(self.created, batch_size=BATCH)
        refresh_stock_index(self.model, {*self.changed, *(row.pk for row in (*self.created, *ended))})


def tell_the_pages(writer: LevelWriter) -> None:
    """Bulk writes send no signals: save the changed units that pages refer to, so that what shows them follows."""
    ids = list(writer.changed)
    if writer.model is Municipality:
        used: set[int] = set()
        for pages in (BodyPage, Participation):
            used |= set(pages.objects.filter(municipality__in=ids).values_list("municipality_id", flat=True))
        ids = [pk for pk in ids if pk in used]
    for pk in ids:
        writer.changed[pk].save()
