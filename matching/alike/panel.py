"""What somebody who plans is shown: the nearest projects and plans with their reasons, and who builds the same for all.

Must not decide anything; see `matching.alike.decisions`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.alike.decisions import Subject, decisions_of, key_of
from matching.alike.leads import Responsible, responsible_for, solutions_among
from matching.models import OverlapDecision
from pages.access import open_to_members
from projects.models import BodyPage, CentralSolution, OzgField, OzgFieldLead, ProjectPage
from search.similar.finding import Draft, Match
from search.similar.matches import find

# As many as somebody reads who is about to write something else.
SHOWN = 3
# A plan and a project from one council paper are alike to each other first: they take no place from what others have.
OWN_SHOWN = 2
# Shorter texts, such as “App”, are like everything.
TEXT_MIN_LENGTH = 8


@dataclass(frozen=True)
class Found:
    """A project that is alike, with the body it belongs to."""

    page: ProjectPage
    match: Match
    is_own: bool = False
    decision: OverlapDecision | None = None

    @property
    def evidence(self) -> list[dict[str, str]]:
        """The reasons as a decision keeps them."""
        return [{"kind": reason.kind, "text": reason.text} for reason in self.match.reasons]

    @property
    def stopped(self) -> str:
        """Why it was not pursued further; empty for all others."""
        if not self.page.is_discontinued:
            return ""
        return ": ".join(text for text in (self.page.get_stop_reason_display(), self.page.stop_note) if text)


@dataclass(frozen=True)
class Panel:
    """What is known about one draft. `is_outage`: the search did not answer, so that nothing found says nothing."""

    found: tuple[Found, ...] = ()
    responsible: tuple[Responsible, ...] = ()
    decisions: Mapping[str, OverlapDecision] = field(default_factory=dict)
    is_outage: bool = False
    is_too_short: bool = False
    is_first_look: bool = False  # nothing is called very similar before the second

    @property
    def strong(self) -> list[Found]:
        """Those that are so much alike that they have to be weighed; one's own projects are not."""
        return [one for one in self.found if one.match.is_strong and not one.is_own]

    @property
    def solutions(self) -> list[CentralSolution]:
        return solutions_among(self.responsible)

    @property
    def leads(self) -> list[OzgFieldLead]:
        return [one for one in self.responsible if isinstance(one, OzgFieldLead)]

    @property
    def fields(self) -> list[OzgField]:
        """Themenfelder that somebody leads, each once; those of a solution above are weighed with that."""
        answered = {one.field_id or (one.service.field_id if one.service else None) for one in self.solutions}
        led = {one.field_id: one.field for one in self.leads}
        return [field for pk, field in led.items() if pk not in answered]

    @property
    def for_all(self) -> list[Subject]:
        """What others build or lead for all."""
        return [*self.solutions, *self.fields]

    @property
    def undecided(self) -> list[Subject]:
        """What is to be weighed before the plan is shown to others."""
        subjects: list[Subject] = [*(one.page for one in self.strong), *self.for_all]
        return [subject for subject in subjects if key_of(subject) not in self.decisions]

    def evidence_for(self, subject: Subject) -> list[dict[str, str]]:
        """The reasons shown beside a project; none for what is built or led for all."""
        return next((one.evidence for one in self.found if one.page == subject), [])

    @property
    def summary(self) -> str:
        """All of it in one line, for the heading and for screen readers."""
        return " · ".join(text for text in (self._projects, self._solutions, self._leads) if text)

    @property
    def _projects(self) -> str:
        if self.is_outage:
            return _("The search for similar projects does not answer at the moment")
        if self.is_too_short:
            return _("Similar projects appear here while you type")
        if count := len(self.strong):
            text = ngettext("%(count)d very similar project", "%(count)d very similar projects", count)
            return text % {"count": count}
        if count := len(self.found):
            return ngettext("%(count)d similar project", "%(count)d similar projects", count) % {"count": count}
        return _("Nothing similar found")

    @property
    def _solutions(self) -> str:
        count = len(self.solutions)
        text = ngettext("%(count)d central solution", "%(count)d central solutions", count)
        return text % {"count": count} if count else ""

    @property
    def _leads(self) -> str:
        count = len(self.fields)
        return (
            ngettext("%(count)d field with a lead", "%(count)d fields with a lead", count) % {"count": count}
            if count
            else ""
        )


def look(
    draft: Draft, *, project: ProjectPage | None = None, body: BodyPage | None = None, is_first_look: bool = False
) -> Panel:
    """What members may see that is like the draft. `project` is the draft's page once it has one, with its decisions;
    `body` is whose draft it is. The first look takes some milliseconds, the second a tenth of a second and more."""
    body = body or (project.public_body if project else None)
    decisions = decisions_of(project) if project else {}
    responsible = tuple(responsible_for(draft.services, draft.service_keys))
    if len(f"{draft.title}{draft.summary}".strip()) < TEXT_MIN_LENGTH:
        return Panel(responsible=responsible, decisions=decisions, is_too_short=True)
    matches = find(draft, audience="members", limit=SHOWN + OWN_SHOWN, is_first_look=is_first_look)
    found = _found(matches.items, body, decisions)
    return Panel(found, responsible, decisions, matches.is_outage, is_first_look=is_first_look)


def _found(
    matches: Sequence[Match], body: BodyPage | None, decisions: Mapping[str, OverlapDecision]
) -> tuple[Found, ...]:
    """The pages that members may read, in the order of the matches: first those of others, then one's own."""
    pages = {page.pk: page for page in open_to_members(match.page for match in matches if match.page)}
    found = [
        Found(page, match, is_own=page.public_body == body, decision=decisions.get(key_of(page)))
        for match in matches
        if (page := pages.get(match.page_id))
    ]
    others, own = [one for one in found if not one.is_own], [one for one in found if one.is_own]
    return (*others[:SHOWN], *own[:OWN_SHOWN])
