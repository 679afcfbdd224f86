"""The rows that go with a page: which they are, how they are written down, and how they are stored again."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.deletion import Collector
from wagtail import hooks
from wagtail.models import Page, ReferenceIndex

from pages.addresses import kept_or_free
from pages.tree import parent_path
from projects.models import Following, ProjectPage, RemovedPage
from projects.removal.entries import refer_to_what_is_there

# Receivers take the rows that a deletion takes along, by model, and return further ones that go because of them.
HOOK = "goes_with_pages"
# Written anew when the page is back.
DERIVED = frozenset({"wagtailsearch.IndexEntry"})

Rows = dict[type[models.Model], list[models.Model]]
Rowset = set[tuple[type[models.Model], Any]]


# --- away -------------------------------------------------------------------------------------------------------------


def write_down(removed: RemovedPage, page: Page) -> None:
    """Keep what the deletion of the page is about to take along."""
    branch = list(Page.objects.filter(path__startswith=page.path).order_by("path"))
    rows, emptied = _what_goes(branch)
    removed.parent_id = Page.objects.get(path=parent_path(page.path)).pk
    removed.model = page._meta.label_lower
    removed.pages, removed.was_public = len(branch), any(one.live for one in branch)
    written = [row for model, found in rows.items() for row in _written(model, found)]
    removed.rows = json.dumps(written, cls=_ToTheMicrosecond, ensure_ascii=False)
    removed.emptied = emptied
    removed.people = sorted(_accounts_in(rows))
    removed.save()


def locked(page: Page) -> Page | None:
    """The page as it is now; nobody notes anything about it and those below it until the transaction ends.

    Without the locks, what is noted after Django has collected what refers to a page would keep it from going. None if
    the page is gone.
    """
    while (now := Page.objects.filter(pk=page.pk).first()) is not None:
        going = Page.objects.filter(path__startswith=now.path)
        # Children first: afterwards they are counted down at their parents.
        kinds = list(going.order_by("-path").select_for_update().values_list("content_type", flat=True))
        for kind in ContentType.objects.filter(pk__in=kinds).order_by("pk"):
            if model := kind.model_class():
                list(model._default_manager.filter(pk__in=going.values("pk")).select_for_update().values_list("pk"))
        if Page.objects.filter(pk=page.pk, path=now.path).exists():  # not moved while we waited
            return now.specific
    return None


def _what_goes(branch: list[Page]) -> tuple[Rows, list[list[Any]]]:
    """By model, the rows that go with the pages; and of rows that stay, the columns that will be empty."""
    going = _collect([Page.objects.filter(pk__in=[page.pk for page in branch])])
    plans = ProjectPage.objects.filter(pk__in=[page.pk for page in branch])
    managers: list[Any] = [model._default_manager for model in Following.__subclasses__()]
    said = [said.only_because_of(plan) for said in managers for plan in plans]
    for queryset in (*said, *(further for tell in hooks.get_hooks(HOOK) for further in tell(_rows_of(going)))):
        if found := list(queryset):
            going.collect(found)
    rows = _rows_of(going)
    gone = {(model, row.pk) for model, found in rows.items() for row in found}
    updates: dict[Any, Any] = going.field_updates
    emptied = [
        [row._meta.label_lower, field.attname, row.pk, getattr(row, field.attname)]
        for (field, _value), changed in updates.items()
        for row in chain.from_iterable(changed)
        if (type(row), row.pk) not in gone
    ]
    return rows, emptied


def _collect(querysets: Iterable[models.QuerySet[Any]]) -> Collector:
    going = Collector(using="default")
    for queryset in querysets:
        going.collect(queryset)
    return going


def _rows_of(going: Collector) -> Rows:
    rows: Rows = {model: list(found) for model, found in going.data.items()}
    for queryset in going.fast_deletes:
        rows.setdefault(queryset.model, []).extend(queryset)
    return {model: found for model, found in rows.items() if found and model._meta.label not in DERIVED}


def _written(model: type[models.Model], rows: list[models.Model]) -> list[dict[str, Any]]:
    """Columns only: rows of relations of many to many are written down as such."""
    columns = [field.name for field in model._meta.local_concrete_fields]
    written: list[dict[str, Any]] = serializers.serialize("python", rows, fields=columns)
    return written


class _ToTheMicrosecond(DjangoJSONEncoder):
    """Django's leaves out part of a second, by which moments are told apart."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _accounts_in(rows: Rows) -> set[int]:
    accounts = get_user_model()
    return {
        number
        for model, found in rows.items()
        for field in model._meta.concrete_fields
        if field.related_model is accounts
        for row in found
        if (number := getattr(row, field.attname)) is not None
    }


# --- and back ---------------------------------------------------------------------------------------------------------


def _stored(removed: RemovedPage) -> list[Any]:
    return list(serializers.deserialize("python", json.loads(removed.rows), ignorenonexistent=True))


def _pages_in(rows: list[Any]) -> list[Page]:
    return [row.object for row in rows if type(row.object) is Page]


def put_back(removed: RemovedPage, parent: Page) -> None:
    """Store every row again whose place nobody has taken. Raises IntegrityError if that is one of the pages."""
    rows = _stored(removed)
    pages = _pages_in(rows)
    root = next(page for page in pages if page.pk == removed.page_id)
    _place(root, [page for page in pages if page is not root], parent)
    stored = [row.object for row in _that_can_be_stored(rows) if _is_stored(row)]
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)
    for label, attname, number, value in removed.emptied:
        apps.get_model(label)._base_manager.filter(pk=number, **{attname: None}).update(**{attname: value})
    connection.check_constraints()  # now, and not when the answer is on its way
    for row in stored:
        if not isinstance(row, Page) and ReferenceIndex.is_indexed(type(row)):
            ReferenceIndex.create_or_update_for_object(row)


def pages_named_in(removed: RemovedPage) -> set[int]:
    """Those that were brought back, and others that something of it is about."""
    return {
        number
        for row in _stored(removed)
        for field in row.object._meta.concrete_fields
        if issubclass(field.related_model or type(row.object), Page) and (field.is_relation or field.primary_key)
        if (number := getattr(row.object, field.attname)) is not None
    }


def _place(root: Page, below: list[Page], parent: Page) -> None:
    """Where it stood if that is free, otherwise behind its new siblings."""
    former, former_url = root.path, root.url_path
    if parent_path(former) != parent.path or Page.objects.filter(path=former).exists():
        last = parent.get_last_child()
        root.path = last._inc_path() if last else Page._get_path(parent.path, parent.depth + 1, 1)
    root.slug = kept_or_free(root, parent)
    deeper = parent.depth + 1 - root.depth
    root.url_path = f"{parent.url_path}{root.slug}/"
    for page in below:
        page.path = root.path + page.path.removeprefix(former)
        page.url_path = root.url_path + page.url_path.removeprefix(former_url)
        page.depth += deeper
    root.depth += deeper


def _that_can_be_stored(rows: list[Any]) -> list[Any]:
    """Without what belongs to a thing that is gone since, such as an account. Raises IntegrityError for a page."""
    kept, outside = rows, _outside(rows)
    while True:
        coming = {(model, row.object.pk) for row in kept for model in (type(row.object), *row.object._meta.parents)}
        there = coming | outside
        staying = [row for row in kept if _is_complete(row.object, there)]
        if len(staying) == len(kept):
            return kept
        kept = staying


def _outside(rows: list[Any]) -> Rowset:
    """What the rows refer to and is there: asked once for each model, not for each row."""
    named: dict[Any, set[Any]] = {}
    for row in rows:
        for field in row.object._meta.concrete_fields:
            if field.is_relation and (number := getattr(row.object, field.attname)) is not None:
                named.setdefault(field.related_model, set()).add(number)
    return {(model, number) for model, numbers in named.items() for number in model._base_manager.in_bulk(numbers)}


def _is_complete(row: models.Model, there: Rowset) -> bool:
    try:
        refer_to_what_is_there(row, there)
    except IntegrityError:
        if isinstance(row, Page):
            raise
        return False
    return True


def _is_stored(row: Any) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if isinstance(row.object, Page):
            raise
        return False
    return True
