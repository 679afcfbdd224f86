"""Merging and deleting what staff keep: nothing that others use is deleted, and both are undone within UNDO_FOR.

merge ── every reference to the thing now leads to its heir ── the thing goes ── Former: its row, what was changed
undo ─── the row is back under its number ── the references lead to it again ── Former goes

Stored versions of pages are not rewritten: they are read with `with_successors` (`projects.models.former`), so that an
old draft names the heir.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import Page, ReferenceIndex

from projects.models import (
    ArtefactKind,
    CentralSolution,
    FieldOfAction,
    Former,
    Licence,
    OzgField,
    OzgService,
    ProjectTag,
    ServiceKey,
)
from projects.removal.used import Relation, relations_to, used_by

MERGE, UNDO = "projects.merge", "projects.undo_removal"
# What of each vocabulary stands in addresses.
VALUE_FIELDS: dict[type[models.Model], str] = {
    FieldOfAction: "slug",
    ArtefactKind: "slug",
    OzgField: "slug",
    ProjectTag: "slug",
    Licence: "spdx_id",
}
MERGEABLE: frozenset[type[models.Model]] = frozenset({*VALUE_FIELDS, CentralSolution, OzgService, ServiceKey})
# What can be brought back; apps above add theirs. Letters, reports and the outbox are not: what goes there is gone.
KEPT: set[type[models.Model]] = {*MERGEABLE}


class RemovalError(ValueError):
    """Nothing was changed; the message says why, for staff."""


@dataclass(frozen=True)
class Undone:
    """What is back, how many use it again, and how many references were changed since and stay with the heir."""

    thing: models.Model
    uses: int
    left: int


def is_kept(model: type[models.Model]) -> bool:
    return model in KEPT


@transaction.atomic
def remove(thing: models.Model, user: Any = None) -> Former:
    """Delete what nobody uses. Raises RemovalError if somebody does."""
    thing = _lock(thing)
    if uses := used_by(thing).count:
        raise RemovalError(_still_used(thing, uses))
    former = _store(thing, None, {"moved": [], "dropped": "[]"})
    log(instance=thing, action="wagtail.delete", user=user, deleted=True)
    thing.delete()
    return former


@transaction.atomic
def merge(thing: models.Model, heir: models.Model, user: Any = None) -> int:
    """Hand everything over to `heir`, so that the thing can go; returns how many used it.

    Raises RemovalError for a thing and itself, or two of different kinds.
    """
    if type(thing) is not type(heir) or type(thing) not in MERGEABLE or thing.pk == heir.pk:
        raise RemovalError(_("“%(name)s” cannot be merged into that.") % {"name": thing})
    thing, heir = _lock(thing), _lock(heir)
    uses = used_by(thing).count
    moved: list[list[Any]] = []
    dropped: list[models.Model] = []
    for relation in relations_to(type(thing)):
        _hand_over(relation, thing, heir, moved, dropped)
    _hand_over_index(thing, heir)
    for older in Former.objects.of(type(thing)).filter(successor_id=thing.pk):
        moved.append([Former._meta.label_lower, "successor_id", older.pk, None])
        Former.objects.filter(pk=older.pk).update(successor_id=heir.pk)
    _store(thing, heir, {"moved": moved, "dropped": serializers.serialize("json", dropped)})
    for about in (thing, heir):
        data = {"name": str(thing), "heir": str(heir), "uses": uses}
        log(instance=about, action=MERGE, user=user, deleted=about is thing, data=data)
    thing.delete()
    return uses


@transaction.atomic
def undo(former: Former, user: Any = None) -> Undone:
    """Bring the thing back, and what referred to it and was not changed since.

    Raises RemovalError after UNDO_FOR, if its name is taken by now, or if what took over was merged in its turn.
    """
    former = Former.objects.select_for_update().get(pk=former.pk)
    record = former.undo
    if record is None or not Former.objects.undoable().filter(pk=former.pk).exists():
        raise RemovalError(_("This was too long ago to be undone."))
    if former.successor_id != record["heir"]:
        raise RemovalError(_("What took over was merged in its turn: undo that first."))
    try:
        with transaction.atomic():
            for row in serializers.deserialize("json", record["rows"]):
                refer_to_what_is_there(row.object)
                row.save()
            thing = former.kept_model._default_manager.get(pk=former.former_id)
            # Once more with signals: restored rows are stored without.
            thing.save()
    except IntegrityError as error:
        raise RemovalError(
            _("Another entry has its name or key by now, or what it belongs to is gone. Rename or restore that first.")
        ) from error
    dropped = list(serializers.deserialize("json", record["dropped"], ignorenonexistent=True))
    back = [*(_bring_back(entry, former) for entry in record["moved"]), *(_restore(row) for row in dropped)]
    former.delete()
    _index_again(record)
    result = Undone(thing, used_by(thing).count, back.count(False))
    log(instance=thing, action=UNDO, user=user, data={"uses": result.uses, "left": result.left})
    return result


# --- one merge --------------------------------------------------------------------------------------------------------


def _lock(thing: models.Model) -> models.Model:
    """The thing as it is stored now."""
    found = type(thing)._base_manager.select_for_update().filter(pk=thing.pk).first()
    if found is None:
        raise RemovalError(_("“%(name)s” is gone: somebody else has merged or deleted it.") % {"name": thing})
    return found


def _still_used(thing: models.Model, uses: int) -> str:
    return _("“%(name)s” is used %(count)d times and was not deleted. Merge it into another entry.") % {
        "name": thing,
        "count": uses,
    }


def _hand_over(
    relation: Relation, thing: models.Model, heir: models.Model, moved: list[list[Any]], dropped: list[models.Model]
) -> None:
    """Change the rows one by one: a row that would be there twice goes, and is kept for the way back."""
    table = relation.model._base_manager
    for row in table.filter(**{relation.attname: thing.pk}).order_by("pk"):
        if relation.is_list and _has_already(relation, row, heir):
            dropped.append(row)
            table.filter(pk=row.pk).delete()
            continue
        try:
            with transaction.atomic():
                table.filter(pk=row.pk).update(**{relation.attname: heir.pk})
        except IntegrityError:
            dropped.append(row)
            table.filter(pk=row.pk).delete()
        else:
            moved.append([relation.model._meta.label_lower, relation.attname, row.pk, _page_of(relation, row)])


def _has_already(relation: Relation, row: models.Model, heir: models.Model) -> bool:
    same_owner = {relation.owner: getattr(row, relation.owner), relation.attname: heir.pk}
    return relation.model._base_manager.filter(**same_owner).exists()


def _page_of(relation: Relation, row: models.Model) -> int | None:
    owner = relation.owner_model or relation.model
    return getattr(row, relation.owner or "pk") if issubclass(owner, Page) else None


def _hand_over_index(thing: models.Model, heir: models.Model) -> None:
    """Wagtail's index follows saved objects, and none of them is saved here."""
    for reference in ReferenceIndex.get_references_to(thing):
        try:
            with transaction.atomic():
                ReferenceIndex.objects.filter(pk=reference.pk).update(to_object_id=str(heir.pk))
        except IntegrityError:
            reference.delete()


def _store(thing: models.Model, heir: models.Model | None, record: dict[str, Any]) -> Former:
    """Keep the thing, with what is part of it."""
    field = VALUE_FIELDS.get(type(thing))
    heir_id = heir.pk if heir else None
    rows = serializers.serialize("json", [thing, *_parts(thing)])
    return Former.objects.create(
        model=thing._meta.label_lower,
        former_id=thing.pk,
        value=getattr(thing, field) if field else "",
        name=str(thing)[:350],
        successor_id=heir_id,
        undo={**record, "heir": heir_id, "rows": rows},
    )


def _parts(thing: models.Model) -> Iterator[models.Model]:
    for relation in thing._meta.related_objects:
        if isinstance(relation.field, ParentalKey):
            yield from relation.related_model._base_manager.filter(**{relation.field.name: thing})


# --- the way back -----------------------------------------------------------------------------------------------------


def _bring_back(entry: list[Any], former: Former) -> bool:
    """True if the row still has what the merge gave it, and its page was not stored since."""
    label, attname, number, page = entry
    later = Page.objects.filter(pk=page, latest_revision_created_at__gt=former.removed_at)
    if page is not None and later.exists():
        return False
    rows = apps.get_model(label)._base_manager.filter(pk=number, **{attname: former.successor_id})
    return bool(rows.update(**{attname: former.former_id}))


def _restore(row: Any) -> bool:
    """Put back what was there twice, unless what it belongs to is gone."""
    try:
        with transaction.atomic():
            refer_to_what_is_there(row.object)
            row.save()
    except IntegrityError:
        return False
    return True


def refer_to_what_is_there(thing: models.Model, coming: Collection[tuple[type[models.Model], Any]] = ()) -> None:
    """Leave out what it referred to and is gone since, such as an account; what was merged is named by its heir.

    What is `coming`, by model and number, is about to be there. Raises IntegrityError for what it needs.
    """
    for field in thing._meta.concrete_fields:
        number = getattr(thing, field.attname)
        related: Any = field.related_model
        if not field.is_relation or number is None or (related, number) in coming:
            continue
        if related._base_manager.filter(pk=number).exists():
            continue
        former = Former.objects.of(related).filter(former_id=number).first()
        heir = former.successor if former else None
        if heir is None and not field.null:
            raise IntegrityError(f"{field} leads to nothing.")
        setattr(thing, field.attname, heir.pk if heir else None)


def _index_again(record: dict[str, Any]) -> None:
    """Wagtail's index names the heir still."""
    pages = {page for _label, _attname, _number, page in record["moved"] if page is not None}
    changed: list[models.Model] = list(Page.objects.filter(pk__in=pages).specific())
    for label, _attname, number, page in record["moved"]:
        model = apps.get_model(label)
        if page is None and ReferenceIndex.is_indexed(model):
            changed += model._base_manager.filter(pk=number)
    for thing in changed:
        ReferenceIndex.create_or_update_for_object(thing)


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(MERGE, gettext_lazy("Merge"), gettext_lazy("Merged with another entry"))
    actions.register_action(UNDO, gettext_lazy("Undo"), gettext_lazy("Merge or deletion undone"))


def undoable(models_: Iterable[type[models.Model]]) -> Any:
    """What can be brought back of these kinds, newest first."""
    return Former.objects.undoable().filter(model__in=[model._meta.label_lower for model in models_])
