"""A draft council paper (Beschlussvorlage) about a plan: what is proposed, why, and what others have that is alike.

    plan + its decisions + a look for what is alike → CouncilPaper → matching/records/council_odt.py

In German whoever asks, as the council reads it. What the plan does not say stays open, in square brackets; plans of
others that only members may read do not appear in it, not even without a name: council papers are public.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.template.defaultfilters import date as format_date
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.models import DecisionKind, OverlapDecision
from matching.records import issuing as record
from projects.models import Artefact, BodyPage, Phase, ProjectPage
from projects.models.project import attach_bodies
from projects.reuse import summary_of


class Variant(models.TextChoices):
    """What the council is asked to decide."""

    REUSE = "nachnutzen", gettext_lazy("Reuse what others have")
    JOIN = "beitreten", gettext_lazy("Take part in what others build")
    PARTNERS = "partner", gettext_lazy("Look for partners")
    ALONE = "selbst", gettext_lazy("Build it ourselves")


# Which decisions about what is alike speak for a variant.
DECIDED = {Variant.REUSE: DecisionKind.REUSE, Variant.JOIN: DecisionKind.JOIN}


@dataclass(frozen=True)
class Other:
    """A project that is alike, as a row of the table."""

    title: str
    body: str
    url: str
    phase: str
    cost: str
    users: str
    decision: str


@dataclass(frozen=True)
class CouncilPaper:
    """All texts of the paper; each item of a list is a paragraph."""

    subject: str
    body: str
    office: str
    decision_on: str
    proposal: list[str]
    problem: list[str]
    examined: list[str]
    others: list[Other]
    responsible: list[str]
    elsewhere: list[str]
    cost: list[str]
    attachments: list[str]
    reusable: list[str]
    on: str


def suggested(project: ProjectPage) -> Variant:
    """The variant that follows from what was decided; else from how open the plan is."""
    kinds = set(OverlapDecision.objects.filter(project=project.pk).values_list("kind", flat=True))
    for variant, kind in DECIDED.items():
        if kind in kinds:
            return variant
    return Variant.PARTNERS if project.is_seeking_partners else Variant.ALONE


def left_open(project: ProjectPage) -> list[str]:
    """What the plan does not say, so that the paper leaves it open."""
    said = {
        _("Problem"): project.problem,
        _("Cost"): project.cost_from is not None or project.cost_to is not None,
        _("Source of funds"): project.funding,
        _("Decision expected"): project.decision_on,
        _("Check record"): project.check_records.exists(),
    }
    return [name for name, value in said.items() if not value]


def paper_of(project: ProjectPage, variant: Variant) -> CouncilPaper:
    """The paper of this moment. Raises `record.SearchAwayError`: it would say that nothing is alike."""
    with translation.override(settings.LANGUAGE_CODE):
        content = record.content_of(project)
        found = [*content["matches"], *content["earlier"]]
        pages = ProjectPage.objects.readable().in_bulk([one["id"] for one in found])
        found = [one for one in found if one["id"] in pages]
        attach_bodies(pages.values())
        chosen = _chosen(found, pages, variant)
        return CouncilPaper(
            subject=project.title,
            body=project.public_body.title,
            office=project.contact_role or _("[office in charge]"),
            decision_on=str(format_date(project.decision_on, "DATE_FORMAT")) if project.decision_on else _("[day]"),
            proposal=_proposal(project, variant, chosen),
            problem=_paragraphs(project.problem or project.summary) or [_("[What is to become better, and for whom?]")],
            examined=_examined(content, found),
            others=[_other(one, pages[one["id"]]) for one in found],
            responsible=[_responsible(one) for one in content["leads"]],
            elsewhere=[_looked(one) for one in content["elsewhere"] if one["looked_on"]],
            cost=_cost(project),
            attachments=_attachments(project),
            reusable=_reusable(chosen),
            on=str(format_date(timezone.localdate(), "DATE_FORMAT")),
        )


def _chosen(found: Sequence[dict[str, Any]], pages: dict[int, ProjectPage], variant: Variant) -> list[ProjectPage]:
    """The projects that the variant is about."""
    kind = DECIDED.get(variant)
    decided = [one["id"] for one in found if one["decision"] and one["decision"]["kind"] == kind]
    return [pages[pk] for pk in decided if pk in pages]


def _proposal(project: ProjectPage, variant: Variant, chosen: Sequence[ProjectPage]) -> list[str]:
    named = _joined([_named(page) for page in chosen]) or _("[project] of [body]")
    words = {"title": project.title, "projects": named}
    texts = {
        Variant.REUSE: [
            _("The administration is instructed to reuse %(projects)s for the plan “%(title)s”."),
            _("Before that it settles with the providing body the licence, what has to be adapted, and the cost."),
        ],
        Variant.JOIN: [
            _("The administration is instructed to take part in %(projects)s instead of building “%(title)s” alone."),
            _("It settles with the other body who contributes what, and how the cost is shared."),
        ],
        Variant.PARTNERS: [
            _("The administration is instructed to look for other municipalities for the plan “%(title)s”."),
            _("It reports by [day] who takes part, and proposes how the cost is shared."),
        ],
        Variant.ALONE: [
            _("The administration is instructed to carry out the plan “%(title)s” itself."),
            _("Its results are published in such a way that other municipalities can reuse them."),
        ],
    }
    return [text % words for text in texts[variant]] + [_("The administration reports on the progress by [day].")]


def _named(page: ProjectPage) -> str:
    return _("the project “%(title)s” (%(body)s)") % {"title": page.title, "body": page.public_body.title}


def _joined(texts: list[str]) -> str:
    *first, last = texts or [""]
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _examined(content: dict[str, Any], found: Sequence[dict[str, Any]]) -> list[str]:
    """What was searched and with what result, as far as it is public."""
    count = content["search"]["compared"]
    compared = ngettext(
        "On %(day)s the plan was compared with %(count)d project and plan on the platform “%(platform)s”.",
        "On %(day)s the plan was compared with %(count)d projects and plans on the platform “%(platform)s”.",
        count,
    )
    day = format_date(timezone.localdate(), "DATE_FORMAT")
    texts = [compared % {"day": day, "count": count, "platform": settings.WAGTAIL_SITE_NAME}]
    if not found:
        return [*texts, _("Nothing similar is public there.")]
    if any(one["is_strong"] is not False for one in found):
        return [*texts, _("These are alike:")]
    return [*texts, _("Nothing is strongly similar. These come closest:")]


def _other(one: dict[str, Any], page: ProjectPage) -> Other:
    """A row of the table."""
    decided = one["decision"]
    text = ""
    # About these nobody asks for a decision; the council must not think that one was forgotten.
    if one["is_own"]:
        text = _("our own")
    elif one["is_strong"] is False:
        text = _("less similar")
    if decided:
        kind = str(capfirst(DecisionKind(decided["kind"]).label))
        text = f"{kind}: {decided['reason']}" if decided["reason"] else kind
    return Other(
        title=one["title"],
        body=one["body"],
        url=one["url"],
        phase=str(Phase(one["phase"]).label),
        cost=_range(page.cost_from, page.cost_to),
        users=", ".join(summary_of(page).sentences),
        decision=text,
    )


def _responsible(lead: dict[str, Any]) -> str:
    decided = lead["decision"]
    text = f"{lead['name']} ({lead['actor']})"
    return f"{text}: {DecisionKind(decided['kind']).label}" if decided else text


def _looked(one: dict[str, str]) -> str:
    words = {**one, "day": format_date(datetime.date.fromisoformat(one["looked_on"]), "DATE_FORMAT")}
    return _("%(name)s, looked into on %(day)s: %(result)s") % words


def _cost(project: ProjectPage) -> list[str]:
    amount = _range(project.cost_from, project.cost_to) or _("[amount]")
    funds = project.funding or _("[budget item, funding]")
    texts = [_("Expected cost: %(amount)s") % {"amount": amount}, _("Source of funds: %(funds)s") % {"funds": funds}]
    if effort := _range(project.effort_from, project.effort_to, _("person-days")):
        texts.append(_("Effort in the administration: %(effort)s") % {"effort": effort})
    return [*texts, *_paragraphs(project.cost_note)]


def _range(low: int | None, high: int | None, unit: str = "€") -> str:
    """Two whole numbers as people write them; empty if neither is known."""
    words = {"low": _grouped(low), "high": _grouped(high), "unit": unit}
    if low is None and high is None:
        return ""
    if low is None:
        return _("up to %(high)s %(unit)s") % words
    if high is None:
        return _("from %(low)s %(unit)s") % words
    return _("%(low)s to %(high)s %(unit)s") % words if low != high else f"{words['low']} {unit}"


def _grouped(number: int | None) -> str:
    return "" if number is None else number_format(number, force_grouping=True)


def _attachments(project: ProjectPage) -> list[str]:
    newest = project.check_records.first()
    if newest is None:
        first = _("[check record: can be issued on the platform]")
    else:
        day = format_date(timezone.localtime(newest.issued_at), "DATE_FORMAT")
        first = _("Check record %(number)s of %(day)s") % {"number": newest.number, "day": day}
    return [first, *(artefact.title for artefact in project.artefacts.all())]


def _reusable(chosen: Sequence[ProjectPage]) -> list[str]:
    """What the chosen projects offer to take along, with its kind and address."""
    found = Artefact.objects.filter(project__in=chosen).select_related("kind")
    return [
        f"{artefact.title} ({artefact.kind}): {settings.BASE_URL}{artefact.get_absolute_url()}"
        for artefact in found
        if artefact.kind_id
    ]


def file_name(project: ProjectPage, body: BodyPage) -> str:
    """A name that tells papers in one folder apart."""
    return f"Beschlussvorlage-{body.slug}-{project.slug}"[:80] + ".odt"
