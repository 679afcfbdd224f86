"""Paths as Django's lookups write them ("artefacts__kind__slug"), and where they lead: objects, relations, models."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Manager, Model


class Relation(NamedTuple):
    """A relation that a path goes over."""

    lookup: str  # from the first model, such as "artefacts__kind"
    model: type[Model]
    is_part: bool  # True: its rows belong to the one object before, as artefacts to a project


def values_at(thing: Any, path: str) -> tuple[str, ...]:
    """The values a path leads to from an object, each once, in the order in which they are met; empty ones are none."""
    return tuple(dict.fromkeys(str(value) for value in _followed(thing, path) if value))


def _followed(thing: Any, path: str) -> Iterator[Any]:
    name, _mark, rest = path.partition("__")
    try:
        found = getattr(thing, name)
    except ObjectDoesNotExist:
        return
    if found is None:
        return
    for each in _each(found):
        if rest:
            yield from _followed(each, rest)
        else:
            yield each


def _each(found: Any) -> Any:
    if isinstance(found, Manager):
        return found.all()
    return found if isinstance(found, (list, tuple)) else (found,)


def relations_of(model: type[Model], path: str) -> Iterator[Relation]:
    """The relations on the way; a path may go on over properties, which are none."""
    lookup = ""
    for name in path.split("__"):
        try:
            field: Any = model._meta.get_field(name)
        except FieldDoesNotExist:
            return
        if not field.is_relation:
            return
        lookup, model = f"{lookup}__{name}" if lookup else name, field.related_model
        yield Relation(lookup, model, bool(field.one_to_many or field.one_to_one))
