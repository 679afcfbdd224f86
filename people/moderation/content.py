"""What a submitted page says, field by field in the editor's order, for those who check it.

The fields are those of the editor's form, so that a new field is checked without further work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.admin.panels import FieldPanel, InlinePanel, Panel, PanelGroup
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.utils.text import text_from_html

from pages.publication import references_of
from projects.models import BodyDocument, ProjectPage

# What the staff look at nowhere else, and what nobody reads.
HIDDEN_FIELDS = frozenset({"slug", "show_in_menus", "go_live_at", "expire_at", "comment_notifications"})


@dataclass(frozen=True)
class Entry:
    """One field: its path as Wagtail's comments name it, its label, its value as plain text (several for children)."""

    path: str
    label: str
    values: tuple[str, ...]
    is_changed: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.values)


def entries(page: Page, public: Page | None) -> list[Entry]:
    """All fields of the form; changed are those that differ from what is `public`, all filled in ones without it."""
    before = {entry.path: entry.values for entry in _read(public)} if public else {}
    return [
        Entry(entry.path, entry.label, entry.values, before.get(entry.path, ()) != entry.values)
        for entry in _read(page)
    ]


@dataclass(frozen=True)
class Material:
    """Something a reader can open: a file with its size, or a link elsewhere."""

    title: str
    url: str
    bytes: int | None = None


def material_of(page: Page) -> list[Material]:
    """The files the page refers to wherever it does, and the links of its results."""
    type_id = ContentType.objects.get_for_model(BodyDocument).pk
    numbers = [int(pk) for kind, pk in references_of(page) if kind == type_id and pk.isdecimal()]
    files = BodyDocument.objects.filter(pk__in=numbers).order_by("title", "pk")
    results = page.artefacts.all() if isinstance(page, ProjectPage) else ()
    return [
        *(Material(file.title, file.url, file.get_file_size()) for file in files),
        *(Material(artefact.title, artefact.link) for artefact in results if artefact.link),
    ]


def _read(page: Page) -> Iterator[Entry]:
    seen = set(HIDDEN_FIELDS)
    for panel in _panels(page.get_edit_handler()):
        name = panel.field_name if isinstance(panel, FieldPanel) else panel.relation_name
        if name not in seen:
            seen.add(name)
            yield Entry(name, str(capfirst(panel.heading or _label(page, name))), _values(page, name))


def _label(page: Page, name: str) -> str:
    """As the form calls the field, which the panels of the form take from the model."""
    return str(getattr(page._meta.get_field(name), "verbose_name", name.replace("_", " ")))


def _panels(panel: Panel) -> Iterator[FieldPanel | InlinePanel]:
    if isinstance(panel, PanelGroup):
        for child in panel.children:
            yield from _panels(child)
    elif isinstance(panel, FieldPanel | InlinePanel):
        yield panel


def _values(page: Model, name: str) -> tuple[str, ...]:
    """The value as people read it; empty if nothing was given."""
    try:
        field = page._meta.get_field(name)
    except FieldDoesNotExist:
        return ()
    value = getattr(page, name)
    if field.one_to_many:
        return tuple(_child(child) for child in value.all())
    if isinstance(field, ClusterTaggableManager) or field.many_to_many:
        return tuple(str(item) for item in value.all())
    text = _plain(page, field, value)
    return (text,) if text else ()


def _plain(page: Model, field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(field, StreamField | RichTextField):
        return str(text_from_html(str(value))).strip()
    if isinstance(field, Field) and field.choices:
        return str(getattr(page, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else ""
    return str(localize(value)).strip()


def _child(child: Model) -> str:
    """An artefact or a participating body, in one line."""
    shown: list[str] = []
    for panel in getattr(child, "panels", ()):
        for name in [panel.field_name] if isinstance(panel, FieldPanel) else _names(panel):
            shown += _values(child, name)
    return " · ".join(shown)


def _names(group: Any) -> list[str]:
    return [panel.field_name for panel in group.children if isinstance(panel, FieldPanel)]
