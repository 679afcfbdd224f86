"""What is left of a thing that staff merged or deleted: its name leads on, and for a while it can be brought back."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations
from taggit.models import ItemBase

# So long staff can take a merge or a deletion back.
UNDO_FOR = timedelta(days=30)


class FormerQuerySet(models.QuerySet["Former"]):
    def of(self, model: type[Model]) -> "FormerQuerySet":
        return self.filter(model=model._meta.label_lower)

    def undoable(self) -> "FormerQuerySet":
        return self.exclude(undo=None).filter(removed_at__gte=timezone.now() - UNDO_FOR)

    def outdated(self) -> "FormerQuerySet":
        """Those whose rows and references were kept long enough; the name itself leads on for ever."""
        return self.exclude(undo=None).filter(removed_at__lt=timezone.now() - UNDO_FOR)

    def forget(self) -> int:
        return self.update(undo=None)

    def successors(self) -> dict[tuple[str, int], int]:
        """For each merged thing, by model and number, the number of what took over."""
        rows = self.exclude(successor_id=None).values_list("model", "former_id", "successor_id")
        return {(model, former): heir for model, former, heir in rows}

    def values_led_on(self, model: type[Model], field: str, values: Iterable[str]) -> dict[str, str]:
        """For those of the values that addresses named a merged thing by: the value of what took over."""
        heirs = dict(
            self.of(model)
            .filter(value__in=list(values), successor_id__isnull=False)
            .order_by("removed_at")  # of several with that name, the last one counts
            .values_list("value", "successor_id")
        )
        named = dict(model._default_manager.filter(pk__in=heirs.values()).values_list("pk", field)) if heirs else {}
        return {value: named[heir] for value, heir in heirs.items() if heir in named}

    def lead_on(self, model: type[Model], slug: str) -> str:
        """The slug itself if something has it, or that of what took over, or the slug."""
        if not slug or model._default_manager.filter(slug=slug).exists():
            return slug
        return self.values_led_on(model, "slug", [slug]).get(slug, slug)


class Former(models.Model):
    """A merged or deleted thing of any vocabulary. No foreign keys: what it leads to may be deleted in its turn."""

    model = models.CharField(max_length=100)  # label, such as projects.fieldofaction
    former_id = models.BigIntegerField(_("former number"))
    # By which addresses named it; see `VALUE_FIELDS` of `projects.removal.entries`.
    value = models.CharField(max_length=150, blank=True, db_index=True)
    name = models.CharField(_("former name"), max_length=350)
    successor_id = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(_("deleted"), default=timezone.now)
    # Rows and references to bring back; see `projects.removal.entries`.
    undo = models.JSONField(null=True)

    objects = FormerQuerySet.as_manager()

    class Meta:
        ordering = ["-removed_at", "-pk"]
        verbose_name = _("former entry")
        verbose_name_plural = _("former entries")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["model", "former_id"], name="one_former_entry_per_thing")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept_model(self) -> type[Model]:
        return apps.get_model(self.model)

    @property
    def kind(self) -> str:
        return str(self.kept_model._meta.verbose_name)

    @property
    def successor(self) -> Model | None:
        """What took over, if it is still there."""
        if self.successor_id is None:
            return None
        return self.kept_model._default_manager.filter(pk=self.successor_id).first()


def stored_fields(model: type[Model], content: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The fields of a stored version that have a value, with it."""
    for field in model._meta.get_fields():
        value = content.get(field.name)
        if value is not None and not field.auto_created:
            yield field, value


def with_successors(model: type[Model], content: dict[str, Any]) -> dict[str, Any]:
    """A stored version of a page that names what took over where it named something merged since."""
    heirs = Former.objects.successors()
    return _with_heirs(model, content, heirs) if heirs else content


def _with_heirs(model: type[Model], content: dict[str, Any], heirs: dict[tuple[str, int], int]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for field, value in stored_fields(model, content):
        if not field.is_relation or field.related_model is None:
            continue
        label = field.related_model._meta.label_lower
        if field.many_to_many:
            changed[field.name] = list(dict.fromkeys(heirs.get((label, number), number) for number in value))
        elif field.many_to_one:
            changed[field.name] = heirs.get((label, value), value)
    for relation in get_all_child_relations(model):
        name, child = relation.get_accessor_name(), relation.related_model
        if name in content:
            rows = [_with_heirs(child, row, heirs) for row in content[name]]
            changed[name] = _each_once(rows) if issubclass(child, ItemBase) else rows
    return {**content, **changed}


def _each_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A page has a tag once, although two of its tags were merged; the older row stays."""
    return list({row["tag"]: row for row in reversed(rows)}.values())[::-1]
