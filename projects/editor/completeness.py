"""How far a project page is a useful entry: what a neighbour would look for and not find.

Nothing here keeps a page from being published; editors, moderators and the dashboard show it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.models.phase import PLANNED

if TYPE_CHECKING:
    from projects.models.project import ProjectPage

# Shorter ones do not stand for themselves in a list: “Digital”, “Neue App für alle”.
MEANINGFUL_TITLE = 12
MEANINGFUL_SUMMARY = 60
FULL = 100


@dataclass(frozen=True)
class Rule:
    """One thing a reader looks for; `anchor` is the element of the editor's form that it is about."""

    name: str
    weight: int
    missing: str | Promise
    anchor: str
    is_met: "Callable[[ProjectPage], bool]"
    # Of a plan nobody expects results.
    holds_for_plans: bool = True
    # Says something about results that are there, and nothing while there is none.
    only_with_artefacts: bool = False
    # Whoever submits without it is told so first: a check would send the page back for it.
    is_asked_for: bool = False


@dataclass(frozen=True)
class Completeness:
    """`percent` from 0 to 100 by weight; the rules not met, the weightiest first."""

    percent: int
    missing: tuple[Rule, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


def _has_text(name: str, at_least: int = 1) -> "Callable[[ProjectPage], bool]":
    return lambda page: len(str(getattr(page, name) or "").strip()) >= at_least


def _has_one_of(*names: str) -> "Callable[[ProjectPage], bool]":
    return lambda page: any(getattr(page, name) for name in names)


def _has_any(name: str) -> "Callable[[ProjectPage], bool]":
    return lambda page: bool(getattr(page, name).all())


def _has_cost(page: "ProjectPage") -> bool:
    figures = (page.cost_from, page.cost_to, page.effort_from, page.effort_to)
    return any(figure is not None for figure in figures) or bool(page.cost_note)


def _artefacts_can_be_taken(page: "ProjectPage") -> bool:
    return all(artefact.file_id or artefact.link for artefact in page.artefacts.all())


def _artefacts_may_be_used(page: "ProjectPage") -> bool:
    return all(artefact.licence_id for artefact in page.artefacts.all())


RULES = (
    Rule("summary", 15, _("Say in one or two sentences what the project does."), "id_summary",
         _has_text("summary", MEANINGFUL_SUMMARY), is_asked_for=True),
    Rule("contact", 14, _("Give an e-mail address or a phone number for questions."), "id_contact_email",
         _has_one_of("contact_email", "contact_phone"), is_asked_for=True),
    Rule("problem", 12, _("Say which problem the project solves."), "id_problem", _has_text("problem")),
    Rule("artefacts", 12, _("Add at least one result that others can take over."), "id_artefacts-ADD",
         _has_any("artefacts"), holds_for_plans=False),
    Rule("body", 10, _("Describe how you went about it."), "body-root",
         _has_one_of("body")),
    Rule("fields_of_action", 8, _("Choose a field of action."), "id_fields_of_action_0", _has_any("fields_of_action")),
    Rule("artefact_licences", 8, _("Give each result a licence: without one nobody may use it."), "id_artefacts-ADD",
         _artefacts_may_be_used, only_with_artefacts=True, is_asked_for=True),
    Rule("artefact_targets", 6, _("Give each result a file or a link."), "id_artefacts-ADD",
         _artefacts_can_be_taken, only_with_artefacts=True, is_asked_for=True),
    Rule("change_for_citizens", 6, _("Say what changes for citizens."), "id_change_for_citizens",
         _has_text("change_for_citizens")),
    Rule("cost", 6, _("Give cost or effort, roughly is enough."), "id_cost_from", _has_cost, holds_for_plans=False),
    Rule("lessons_learned", 6, _("Say what you would do differently."), "id_lessons_learned",
         _has_text("lessons_learned"), holds_for_plans=False),
    Rule("title", 5, _("Choose a title that says what it is about."), "id_title", _has_text("title", MEANINGFUL_TITLE)),
    Rule("tags", 4, _("Add a tag, so that others find the project."), "id_tags", _has_any("tags")),
    Rule("text_licence", 4, _("Choose a licence for the text."), "id_text_licence",
         _has_one_of("text_licence_id"), is_asked_for=True),
    Rule("target_group", 3, _("Say whom it is for."), "id_target_group", _has_text("target_group")),
    Rule("starts_on", 3, _("Say when it began or is to begin."), "id_starts_on",
         _has_one_of("starts_on")),
    Rule("openness", 3, _("Say whether you look for partners."), "id_openness", _has_text("openness")),
)  # fmt: skip


def completeness(page: "ProjectPage") -> Completeness:
    """What the page, as it is in memory, lacks for a useful entry; drafts and unsaved pages can be asked as well."""
    is_plan, has_artefacts = page.phase in PLANNED, _has_any("artefacts")(page)
    rules = [
        rule
        for rule in RULES
        if (rule.holds_for_plans or not is_plan) and (has_artefacts or not rule.only_with_artefacts)
    ]
    missing = sorted((rule for rule in rules if not rule.is_met(page)), key=lambda rule: -rule.weight)
    total = sum(rule.weight for rule in rules)
    reached = total - sum(rule.weight for rule in missing)
    return Completeness(reached * FULL // total, tuple(missing))
