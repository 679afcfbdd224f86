"""Finds the terms a line names, in any case; a word of tags that nobody knows is proposed to the staff."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from projects.importers.project_lines import ArtefactLine, ProjectLine
from projects.models import (
    ArtefactKind,
    FieldOfAction,
    Former,
    Licence,
    OzgService,
    ProjectTag,
    ServiceKey,
)

TAG_LENGTH = int(ProjectTag._meta.get_field("name").max_length or 0)


@dataclass(slots=True)
class Terms:
    """The terms of one line that the platform knows; artefacts with their kind and licence."""

    fields_of_action: list[FieldOfAction] = field(default_factory=list)
    services: list[OzgService] = field(default_factory=list)
    keys: list[ServiceKey] = field(default_factory=list)
    artefacts: list[tuple[ArtefactLine, ArtefactKind, Licence | None]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def names(self) -> list[str]:
        """What was found, for the digest of the line."""
        found: list[Model] = [*self.fields_of_action, *self.services, *self.keys]
        licences = [f"{kind.pk}/{licence.pk if licence else ''}" for _line, kind, licence in self.artefacts]
        return [f"{type(term).__name__}/{term.pk}" for term in found] + licences


def _merged(model: type[Model]) -> dict[str, Any]:
    """By its former name and address, the term that took over."""
    heirs = model._default_manager.in_bulk()
    rows = Former.objects.of(model).exclude(successor_id=None)
    return {
        word: heirs[row.successor_id]
        for row in rows
        if row.successor_id in heirs
        for word in (row.name.casefold(), row.value.casefold())
        if word
    }


def _by_words(model: type[Any]) -> dict[str, Any]:
    return {word: term for term in model.objects.all() for word in (term.slug, term.name.casefold())}


class Vocabulary:
    """All terms, read once for a whole import; tags are read again when a transaction was undone."""

    def __init__(self) -> None:
        self.fields = _merged(FieldOfAction) | _by_words(FieldOfAction)
        self.kinds = _merged(ArtefactKind) | _by_words(ArtefactKind)
        licences = {licence.spdx_id.casefold(): licence for licence in Licence.objects.all()}
        self.licences: dict[str, Licence] = _merged(Licence) | licences
        self.services = {service.ozg_id: service for service in OzgService.objects.all()}
        self.keys = {key.key: key for key in ServiceKey.objects.all()}
        self.tags: dict[str, ProjectTag] = {}
        self.proposed = 0
        self.read_tags()

    def read_tags(self) -> None:
        """A merged tag's name leads to the tag that took over."""
        self.tags = _merged(ProjectTag)
        self.tags |= {tag.name.casefold(): tag for tag in ProjectTag.objects.all()}

    def terms_of(self, line: ProjectLine) -> Terms:
        """What the line names and the platform knows; the rest is said in the remarks."""
        terms = Terms()
        for word in line.fields_of_action:
            if term := self.fields.get(word.casefold()):
                terms.fields_of_action.append(term)
            else:
                terms.remarks.append(_("unknown Handlungsfeld “%(word)s”") % {"word": word})
        for word in line.ozg:
            if service := self.services.get(word):
                terms.services.append(service)
            elif key := self.keys.get(word):
                terms.keys.append(key)
            else:
                terms.remarks.append(_("unknown OZG service or service key “%(word)s”") % {"word": word})
        # A name and a slug may mean the same term.
        terms.fields_of_action = list(dict.fromkeys(terms.fields_of_action))
        for artefact in line.artefacts:
            self.add_artefact(artefact, terms)
        return terms

    def add_artefact(self, line: ArtefactLine, terms: Terms) -> None:
        kind, licence = self.kinds.get(line.kind.casefold()), self.licences.get(line.licence.casefold())
        if kind is None:
            text = _("artefact “%(title)s” is left out: unknown kind “%(kind)s”")
            terms.remarks.append(text % {"title": line.title, "kind": line.kind})
            return
        if line.licence and licence is None:
            text = _("artefact “%(title)s”: unknown licence “%(licence)s”")
            terms.remarks.append(text % {"title": line.title, "licence": line.licence})
        terms.artefacts.append((line, kind, licence))

    def tags_of(self, line: ProjectLine, remarks: list[str]) -> list[ProjectTag]:
        """The tags of a line; unknown ones are stored as proposals, not approved."""
        tags: dict[ProjectTag, None] = {}
        for word in line.tags:
            if len(word) > TAG_LENGTH:
                remarks.append(_("tag “%(word)s” is too long") % {"word": word[:TAG_LENGTH]})
                continue
            tag = self.tags.get(word.casefold())
            if tag is None:
                tag = self.tags[word.casefold()] = ProjectTag.objects.create(name=word, is_approved=False)
                self.proposed += 1
            tags[tag] = None
        return list(tags)
