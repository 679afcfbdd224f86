"""A record as its readers meet it: headings, facts and entries, the same on the page and on paper.

In the language that is active; plain text throughout, which page and paper escape themselves.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import CheckRecord, DecisionKind
from projects.models import Phase

Fact = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """A project that was found, or who is responsible."""

    title: str
    url: str = ""
    facts: list[Fact] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    is_strong: bool = False


@dataclass(frozen=True)
class Part:
    """One section; `note` stands below its heading."""

    heading: str
    note: str = ""
    facts: list[Fact] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """The whole record. `warning` says that it names what is not public; empty if everything is."""

    title: str
    subject: str
    number: str
    issued: str
    warning: str
    parts: list[Part]
    confirm_url: str
    end: str


def sheet(record: CheckRecord) -> Sheet:
    """The record in the words of the active language."""
    content = record.content
    others = [*content["matches"], *content["earlier"]]
    project = content["project"]
    parts = [_project(project), _search(content["search"]), _found(content["matches"], project)]
    if content["earlier"]:
        earlier = [_entry(other, project) for other in content["earlier"]]
        parts.append(Part(_("Decided about earlier"), entries=earlier))
    parts.append(_responsible(content["leads"]))
    if "elsewhere" in content:  # from format 3 on
        parts.append(_elsewhere(content["elsewhere"]))
    parts.append(_issued(record))
    return Sheet(
        title=_("Check record"),
        subject=project["title"],
        number=record.number,
        issued=moment(record.issued_at),
        warning=_("This record names plans that only members may read. Pass it on within your administration only.")
        if any(other["is_members_only"] and other["body"] for other in others)
        else "",
        parts=parts,
        confirm_url=f"{settings.BASE_URL}{reverse('confirm_check_record', args=[record.code])}",
        end=_(
            "The record says what the platform knew at that time. It is no market survey, and projects nobody entered "
            "are not in it."
        ),
    )


def moment(value: datetime.datetime) -> str:
    """Day and time on the clock of the site."""
    return str(format_date(timezone.localtime(value), "DATETIME_FORMAT"))


def _moment_of(text: str) -> str:
    return moment(datetime.datetime.fromisoformat(text))


def _known(*facts: Fact) -> list[Fact]:
    """Those that say something, with line ends of one kind."""
    return [(label, "\n".join(value.splitlines())) for label, value in facts if value]


def _phase(value: str) -> str:
    return str(Phase(value).label) if value in Phase.values else value


def _project(project: dict[str, Any]) -> Part:
    decision_on = project["decision_on"] and datetime.date.fromisoformat(project["decision_on"])
    facts = _known(
        (_("Title"), project["title"]),
        (_("Body"), _with_place(project)),
        (_("Phase"), _phase(project["phase"])),
        (_("Decision expected"), str(format_date(decision_on, "DATE_FORMAT")) if decision_on else ""),
        (_("Fields of action"), ", ".join(project["fields"])),
        (_("OZG services"), ", ".join(project["services"])),
        (_("Service keys"), ", ".join(project["keys"])),
        # The short form takes the first sentence of the problem for it.
        (_("Summary"), "" if project["problem"].startswith(project["summary"]) else project["summary"]),
        (_("Problem"), project["problem"]),
    )
    return Part(_("The plan"), facts=facts)


def _with_place(one: dict[str, Any]) -> str:
    return f"{one['body']} ({one['place']})" if one["place"] else str(one["body"])


def _search(search: dict[str, Any]) -> Part:
    compared = ngettext("%(count)d project or plan", "%(count)d projects and plans", search["compared"])
    how = _("by meaning and by words") if search["model"] else _("by words")
    facts = _known(
        (_("Searched at"), _moment_of(search["at"])),
        (_("Compared with"), compared % {"count": search["compared"]}),
        (_("Compared how"), how),
        (_("Text searched with"), "\n".join(text for text in (search["title"], search["summary"]) if text)),
    )
    return Part(_("What was searched"), facts=facts)


def _found(matches: list[dict[str, Any]], project: dict[str, Any]) -> Part:
    if not matches:
        return Part(_("What was found"), note=_("Nothing similar was found."))
    note = ""
    if not any(match["is_strong"] for match in matches):
        note = _("Nothing is strongly similar. These come closest:")
    return Part(_("What was found"), note=note, entries=[_entry(match, project) for match in matches])


def _is_own(other: dict[str, Any], project: dict[str, Any]) -> bool:
    """Nobody decides about what is the body's own; records of before format 2 name it only."""
    is_named_alike = (other["body"], other["place"]) == (project["body"], project["place"])
    return bool(other.get("is_own", is_named_alike))


def _entry(other: dict[str, Any], project: dict[str, Any]) -> Entry:
    visible = _("members only") if other["is_members_only"] else ""
    similarity = {True: _("strong"), False: _("weak"), None: ""}[other["is_strong"]]
    facts = _known(
        (_("Body"), _with_place(other)),
        (_("Phase"), _phase(other["phase"])),
        (_("Not pursued further"), other["stopped"]),
        (_("Visible to"), visible),
        (_("Similarity"), similarity),
        *_decision(other["decision"], is_wanted=bool(other["is_strong"]) and not _is_own(other, project)),
    )
    return Entry(other["title"], other["url"], facts, other["reasons"], bool(other["is_strong"]))


def _decision(decision: dict[str, str] | None, *, is_wanted: bool) -> list[Fact]:
    if decision is None:
        return [(_("Decision"), _("not yet decided"))] if is_wanted else []
    kind, on = DecisionKind(decision["kind"]).label, _moment_of(decision["at"])
    said = _("%(decision)s, on %(moment)s") % {"decision": capfirst(kind), "moment": on}
    return _known(
        (_("Decision"), said), (_("Reason"), decision["reason"]), (_("Internal remark"), decision.get("remark", ""))
    )


def _responsible(leads: list[dict[str, Any]]) -> Part:
    entries = [
        Entry(
            lead["name"],
            lead["url"],
            _known(
                (_("Responsible"), lead["actor"]),
                (_("E-mail"), lead["contact"]),
                *_decision(lead["decision"], is_wanted=lead["is_solution"]),
            ),
        )
        for lead in leads
    ]
    note = "" if entries else _("No central solution and no lead is known for it.")
    return Part(_("Who is responsible"), note=note, entries=entries)


def _elsewhere(catalogues: list[dict[str, str]]) -> Part:
    """What people looked through by hand; what they did not says so."""
    entries = [Entry(one["name"], one["url"], _looked(one)) for one in catalogues]
    note = _("The platform does not search these catalogues: what stands here was found and typed by people.")
    return Part(_("Looked elsewhere"), note=note if entries else "", entries=entries)


def _looked(one: dict[str, str]) -> list[Fact]:
    if not one["looked_on"]:
        return [(_("Result"), _("not looked into"))]
    day = format_date(datetime.date.fromisoformat(one["looked_on"]), "DATE_FORMAT")
    return _known((_("Looked on"), str(day)), (_("Result"), one["result"]))


def _issued(record: CheckRecord) -> Part:
    by = str(record.issued_by) if record.issued_by else _("by an account that has been deleted")
    facts = _known(
        (_("Number"), record.number),
        (_("Issued"), moment(record.issued_at)),
        (_("Issued by"), f"{by}, {record.content['project']['body']}"),
        (_("Language model"), record.content["search"]["model"]),
        (_("Checksum (SHA-256)"), record.checksum),
    )
    return Part(_("About this record"), facts=facts)
