"""Issuing a Prüfvermerk: looks once more for what is alike and keeps what was seen, as plain data.

Everything in it is text of that moment, so that it can be read when pages have moved or are gone. Must not know how
it is shown.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from matching.alike.decisions import key_of
from matching.alike.leads import Responsible, responsible_for
from matching.models import CheckRecord, OverlapDecision
from matching.models.decision import SUBJECTS
from matching.records.catalogues import elsewhere
from pages.access import mark_members_only
from people.models import User
from projects.models import CentralSolution, ProjectPage
from projects.models.project import attach_bodies
from search.semantic import encoder
from search.similar.finding import Draft, Match, Reason
from search.similar.matches import Matches, find

# Counted up when the shape of the content changes; older records stay as they are.
FORMAT = 3
# More than the panel shows: who files it wants to see what came close as well.
MATCHES_KEPT = 5
# Each is kept for ever: a button pressed again and again must not fill the database.
RECORDS_A_DAY = 20


# Of a plan that is not named, reasons that quote nothing of it and say nothing of where it is.
TELLING_NOTHING = frozenset({"service", "field", "start"})


class SearchAwayError(Exception):
    """The search did not answer: a record would say that nothing was found."""


class TooManyError(Exception):
    """So many records of this project were issued within a day that another one says nothing new."""


def issue(project: ProjectPage, user: User, *, with_remarks: bool = False, with_plans: bool = False) -> CheckRecord:
    """Look for what is like the project, and keep what is found with what was decided.

    `with_remarks` puts the internal remarks of decisions into it, `with_plans` names plans of others that only members
    may read: records are filed where more people read them. Raises SearchAwayError or TooManyError.
    """
    yesterday = timezone.now() - timedelta(days=1)
    if project.check_records.filter(issued_at__gt=yesterday).count() >= RECORDS_A_DAY:
        raise TooManyError
    content = content_of(project, with_remarks=with_remarks, with_plans=with_plans)
    return CheckRecord.objects.create(project=project, content=content, issued_by=user)


def content_of(project: ProjectPage, *, with_remarks: bool = False, with_plans: bool = False) -> dict[str, Any]:
    """What a record of this moment says; reasons in German, whoever asks. Raises SearchAwayError."""
    draft = Draft.of_page(project)
    with translation.override(settings.LANGUAGE_CODE):
        found = find(draft, audience="members", limit=MATCHES_KEPT)
        if found.is_outage:
            raise SearchAwayError
        decisions = _Decisions(project, with_remarks)
        return {
            "format": FORMAT,
            "project": _described(project),
            "search": _search(draft, found),
            "matches": _matches(found.items, decisions, with_plans),
            "earlier": _earlier(found.items, decisions, with_plans),
            "leads": _leads(draft, decisions),
            "elsewhere": elsewhere(project),
        }


def _described(project: ProjectPage) -> dict[str, Any]:
    body = project.public_body
    return {
        "id": project.pk,
        "title": project.title,
        "summary": project.summary,
        "problem": project.problem,
        "body": body.title,
        "place": body.place_label,
        "phase": project.phase,
        "decision_on": project.decision_on.isoformat() if project.decision_on else "",
        "fields": [field.name for field in project.fields_of_action.all()],
        "services": [str(service) for service in project.ozg_services.all()],
        "keys": [str(key) for key in project.service_keys.all()],
    }


def _search(draft: Draft, found: Matches) -> dict[str, Any]:
    """What was asked, when, among how many; the model is named where meaning counted."""
    return {
        "at": timezone.now().isoformat(timespec="seconds"),
        "title": draft.title,
        "summary": draft.summary,
        "compared": ProjectPage.objects.readable_by_members().exclude(pk=draft.page_id).count(),
        "model": encoder.MODEL if found.is_by_meaning else "",
    }


class _Decisions:
    """What the people of a project decided so far, by what it is about."""

    def __init__(self, project: ProjectPage, with_remarks: bool) -> None:
        rows = OverlapDecision.objects.filter(project=project).select_related(*SUBJECTS)
        self.body = project.public_body
        self.with_remarks = with_remarks
        self.about_projects = {row.other_id: row for row in rows if row.other_id}
        self.about_others = {key_of(row.subject): row for row in rows if not row.other_id}

    def is_own(self, page: ProjectPage) -> bool:
        """Another project of the same body: its people may tell what they like of it."""
        return page.public_body == self.body

    def text(self, row: OverlapDecision | None) -> dict[str, str] | None:
        if row is None:
            return None
        kept = {"kind": row.kind, "reason": row.reason, "at": row.decided_at.isoformat(timespec="seconds")}
        return kept | ({"remark": row.remark} if self.with_remarks else {})


def _matches(items: tuple[Match, ...], decisions: _Decisions, with_plans: bool) -> list[dict[str, Any]]:
    pages = ProjectPage.objects.live().in_bulk([match.page_id for match in items])
    attach_bodies(pages.values())
    mark_members_only(pages.values())
    return [
        {
            **_other(page, match.reasons, with_plans or decisions.is_own(page)),
            "is_own": decisions.is_own(page),
            "is_strong": match.is_strong,
            "decision": decisions.text(decisions.about_projects.get(match.page_id)),
        }
        for match in items
        if (page := pages.get(match.page_id))
    ]


def _earlier(items: tuple[Match, ...], decisions: _Decisions, with_plans: bool) -> list[dict[str, Any]]:
    """Projects decided about that are no longer among those found; with the reasons shown at that time."""
    shown = {match.page_id for match in items}
    rows = [row for pk, row in decisions.about_projects.items() if pk not in shown and row.other and row.other.live]
    others = [row.other for row in rows if row.other]
    attach_bodies(others)
    mark_members_only(others)
    return [
        {
            **_other(page, [Reason(**one) for one in row.evidence], with_plans or decisions.is_own(page)),
            "is_own": decisions.is_own(page),
            "is_strong": None,  # nobody knows any more
            "decision": decisions.text(row),
        }
        for row in rows
        if (page := row.other)
    ]


def _other(page: ProjectPage, reasons: Sequence[Reason], is_named: bool) -> dict[str, Any]:
    """Another project as a reader of the record meets it."""
    if page.is_members_only and not is_named:
        return {
            "id": page.pk,
            "title": _("A plan that only members may read"),
            "body": "",
            "place": "",
            "phase": page.phase,
            "stopped": "",
            "url": "",
            "is_members_only": True,
            "reasons": [reason.text for reason in reasons if reason.kind in TELLING_NOTHING],
        }
    is_ended = bool(page.stop_reason)
    return {
        "id": page.pk,
        "title": page.title,
        "body": page.public_body.title,
        "place": page.public_body.place_label,
        "phase": page.phase,
        "stopped": f"{page.get_stop_reason_display()}: {page.stop_note}".removesuffix(": ") if is_ended else "",
        "url": f"{settings.BASE_URL}{page.url}",
        "is_members_only": page.is_members_only,
        "reasons": [reason.text for reason in reasons],
    }


def _leads(draft: Draft, decisions: _Decisions) -> list[dict[str, Any]]:
    """Who is responsible for the service or its field: central solutions and leads."""
    found = responsible_for(draft.services, draft.service_keys)
    return [_lead(one, decisions) for one in found]


def _lead(one: Responsible, decisions: _Decisions) -> dict[str, Any]:
    is_solution = isinstance(one, CentralSolution)
    decision = decisions.about_others.get(key_of(one if isinstance(one, CentralSolution) else one.field))
    return {
        "name": one.name if isinstance(one, CentralSolution) else f"{one.field} – {one.role}",
        "actor": one.actor,
        "url": one.url,
        "contact": one.contact_email,
        "is_solution": is_solution,
        "decision": decisions.text(decision),
    }
