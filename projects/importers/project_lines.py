"""What one line says about a project, checked and cleaned; nothing here reads the database."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pages import days
from pages.models import SUMMARY_MAX_LENGTH
from projects.importers.texts import cut_at_word, is_web_address, one_line, paragraphs, printable
from projects.models import Artefact, ArtefactLanguage, ImportRecord, Phase, ProjectPage

TITLE_LENGTH = int(ProjectPage._meta.get_field("title").max_length or 0)
ID_LENGTH = int(ImportRecord._meta.get_field("source_id").max_length or 0)
ARTEFACT_TITLE_LENGTH = int(Artefact._meta.get_field("title").max_length or 0)
VERSION_LENGTH = int(Artefact._meta.get_field("version").max_length or 0)
LINK_LENGTH = int(Artefact._meta.get_field("link").max_length or 0)
# Keys that make up a project; a change of any other key is no change.
KEYS = ("title", "summary", "body", "ags", "phase", "handlungsfelder", "tags", "ozg", "artefacts")
# A list of terms longer than this is a mistake, and each term costs rows.
MAX_TERMS = 100
# Enough to recognise what a message is about.
QUOTE_LENGTH = 60


@dataclass(slots=True)
class ArtefactLine:
    """One artefact; `kind` and `licence` are still words."""

    kind: str
    title: str
    link: str
    licence: str
    version: str
    date: datetime.date | None
    language: str


@dataclass(slots=True)
class ProjectLine:
    """One project; terms of vocabularies are still words. `remarks` say what was changed or refused."""

    title: str
    summary: str
    body: str
    key: str
    phase: str
    fields_of_action: list[str]
    tags: list[str]
    ozg: list[str]
    artefacts: list[ArtefactLine]
    remarks: list[str] = field(default_factory=list)
    is_summary_cut: bool = False


def quoted(value: Any) -> str:
    return cut_at_word(one_line(str(value)), QUOTE_LENGTH)


def identifier_of(value: Any) -> str:
    """The line's id. Raises ValueError when it has none that can be stored."""
    if not isinstance(value, Mapping):
        raise ValueError(_("is not a JSON object"))
    given = value.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if not isinstance(given, str) or not given.strip():
        raise ValueError(_("the id is missing"))
    if len(given) > ID_LENGTH or given != one_line(given):
        raise ValueError(_("the id “%(id)s” is too long or contains unprintable characters") % {"id": quoted(given)})
    return given


def digest_of(value: Mapping[str, Any], known_terms: list[str]) -> str:
    """Digest of what the line says and which of its terms the platform knows.

    With the terms, so that a repeated import adds them once a vocabulary has caught up.
    """
    content = {key: value.get(key) for key in KEYS}
    text = json.dumps([content, known_terms], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def text_of(value: Mapping[str, Any], key: str) -> str:
    given = value.get(key)
    if given is None:
        return ""
    if not isinstance(given, str):
        raise ValueError(_("“%(key)s” is not a text") % {"key": key})
    return printable(given)


def list_of(value: Mapping[str, Any], key: str) -> list[Any]:
    given = value.get(key)
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > MAX_TERMS:
        raise ValueError(_("“%(key)s” is not a list of at most %(limit)d entries") % {"key": key, "limit": MAX_TERMS})
    return given


def terms_of(value: Mapping[str, Any], key: str, remarks: list[str]) -> list[str]:
    """Words of a list, each once; what is no word is refused with a remark."""
    terms: dict[str, str] = {}
    for entry in list_of(value, key):
        if isinstance(entry, str) and one_line(entry):
            terms.setdefault(one_line(entry).casefold(), one_line(entry))
        else:
            remarks.append(_("“%(key)s”: “%(value)s” is not a word") % {"key": key, "value": quoted(entry)})
    return list(terms.values())


def phase_of(value: Mapping[str, Any]) -> str:
    """Raises ValueError for an unknown phase; a line without one describes an idea."""
    phase = value.get("phase")
    if phase is None:
        return Phase.IDEA
    if not isinstance(phase, str) or phase not in Phase.values:
        raise ValueError(_("unknown phase “%(phase)s”") % {"phase": quoted(phase)})
    return phase


def key_of(value: Mapping[str, Any]) -> str:
    """The key of the body, empty if the line names none. Raises ValueError when it is no text (zeros would be lost)."""
    key = value.get("ags")
    if key is None:
        return ""
    if not isinstance(key, str):
        raise ValueError(_("“ags” is not a text"))
    return one_line(key)


def parse_artefact(entry: Any, remarks: list[str]) -> ArtefactLine | None:
    """One artefact; None, with a remark, when it says too little to be stored."""
    words = {}
    if isinstance(entry, Mapping):
        given = {name: entry.get(name) for name in ("kind", "title", "url", "licence", "version", "date", "language")}
        words = {name: one_line(word) for name, word in given.items() if isinstance(word, str) and one_line(word)}
    if not words.get("title") or not words.get("kind"):
        remarks.append(_("an artefact without title or kind is left out: %(value)s") % {"value": quoted(entry)})
        return None
    title = cut_at_word(words["title"], ARTEFACT_TITLE_LENGTH)
    link, day = words.get("url", ""), None
    if link and not is_web_address(link, LINK_LENGTH):
        remarks.append(
            _("artefact “%(title)s”: the link “%(link)s” is refused") % {"title": title, "link": quoted(link)}
        )
        link = ""
    if "date" in words:
        try:
            day = days.day(words["date"])
        except ValueError:
            text = _("artefact “%(title)s”: “%(date)s” is not a date (YYYY-MM-DD or DD.MM.YYYY)")
            remarks.append(text % {"title": title, "date": quoted(words["date"])})
    language = words.get("language", ArtefactLanguage.GERMAN).lower()
    if language not in ArtefactLanguage.values:
        language = ArtefactLanguage.OTHER
    version = cut_at_word(words.get("version", ""), VERSION_LENGTH)
    return ArtefactLine(words["kind"], title, link, words.get("licence", ""), version, day, language)


def parse_project(value: Mapping[str, Any]) -> ProjectLine:
    """Raises ValueError with the reason when the line cannot become a project."""
    remarks: list[str] = []
    title, summary = one_line(text_of(value, "title")), one_line(text_of(value, "summary"))
    if not title:
        raise ValueError(_("the title is missing"))
    if len(title) > TITLE_LENGTH:
        remarks.append(_("title cut to %(limit)d characters") % {"limit": TITLE_LENGTH})
    is_cut = len(summary) > SUMMARY_MAX_LENGTH
    if is_cut:
        text = _("summary of %(length)d characters cut to %(limit)d")
        remarks.append(text % {"length": len(summary), "limit": SUMMARY_MAX_LENGTH})
    artefacts = [parse_artefact(entry, remarks) for entry in list_of(value, "artefacts")]
    return ProjectLine(
        title=cut_at_word(title, TITLE_LENGTH),
        summary=cut_at_word(summary, SUMMARY_MAX_LENGTH),
        body=paragraphs(text_of(value, "body")),
        key=key_of(value),
        phase=phase_of(value),
        fields_of_action=terms_of(value, "handlungsfelder", remarks),
        tags=terms_of(value, "tags", remarks),
        ozg=terms_of(value, "ozg", remarks),
        artefacts=[artefact for artefact in artefacts if artefact],
        remarks=remarks,
        is_summary_cut=is_cut,
    )
