"""The questions about what is like a plan: take part, reuse, watch, or build it anyway and say why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from matching.alike.decisions import Answer, Subject, key_of, kinds_for
from matching.models import DecisionKind, OverlapDecision
from matching.models.decision import REASON_MAX_LENGTH
from people.cooperation import partners
from projects.models import BodyPage, CentralSolution, OzgField, ProjectPage

REASON_ROWS = 2
# In what is sent by a form that shows the questions, answered or not.
ASKED = "gefragt"
TO_PROJECT = {
    DecisionKind.JOIN: _("Take part – the people there are told as soon as they may read the plan"),
    DecisionKind.REUSE: _("Reuse – we examine it, which is shown there to those who may read the plan"),
    DecisionKind.WATCH: _("Watch – we write to you when it moves on"),
    DecisionKind.ANYWAY: _("Build it anyway, because …"),
}
TO_FIELD = {
    DecisionKind.JOIN: _("We coordinate it with who leads the field"),
    DecisionKind.ANYWAY: _("Build it anyway, because …"),
}
TO_SOLUTION = {
    DecisionKind.REUSE: _("We use the central solution"),
    DecisionKind.ANYWAY: _("Build it anyway, because …"),
}
WORDS = {ProjectPage: TO_PROJECT, CentralSolution: TO_SOLUTION, OzgField: TO_FIELD}


class DecisionForm(forms.Form):
    """One question."""

    kind = forms.ChoiceField(
        label=_("What do you do?"),
        error_messages={"required": _("Please choose what you do.")},
        widget=forms.RadioSelect(attrs={"class": "kern-form-check__radio"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_MAX_LENGTH,
        help_text=_("For those who may read the plan. Needed if you build it anyway."),
        widget=forms.Textarea(attrs={"rows": REASON_ROWS}),
    )
    remark = forms.CharField(
        label=_("Internal remark"),
        required=False,
        max_length=REASON_MAX_LENGTH,
        help_text=_("Only your colleagues and the centre read it."),
        widget=forms.Textarea(attrs={"rows": REASON_ROWS}),
    )

    def __init__(
        self,
        subject: Subject,
        body: BodyPage,
        sent: Any = None,
        *,
        plan: ProjectPage | None = None,
        is_short: bool = False,
        **kwargs: Any,
    ) -> None:
        """`body` is whose plan it is, `plan` the one that is stored already; `is_short` leaves out what each answer
        brings about."""
        super().__init__(sent, prefix=key_of(subject), **kwargs)
        words = WORDS[type(subject)]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (str(kind), capfirst(kind.label) if is_short and words is TO_PROJECT else words[kind])
            for kind in kinds_for(subject, body)
        ]
        asked = _("What do you do about “%(title)s”?")
        question = _("“%(title)s” is led by others. What do you do?") if isinstance(subject, OzgField) else asked
        self.fields["kind"].label = question % {"title": _name(subject)}
        self.subject, self.body, self.plan = subject, body, plan

    def clean(self) -> dict[str, Any]:
        """Whoever builds it anyway says why; who has asked to take part again and again waits until tomorrow."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == DecisionKind.ANYWAY and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why: others weigh the same."))
        project = self.subject if isinstance(self.subject, ProjectPage) else None
        joined = project if cleaned.get("kind") == DecisionKind.JOIN else None
        if joined and partners.has_asked_often(joined, self.body, self.plan):
            self.add_error("kind", partners.ASKED_OFTEN)
        return cleaned

    @property
    def answer(self) -> Answer:
        """Of a valid form."""
        cleaned = self.cleaned_data
        return Answer(DecisionKind(cleaned["kind"]), cleaned["reason"].strip(), cleaned["remark"].strip())


def _name(subject: Subject) -> str:
    return str(subject.title) if isinstance(subject, ProjectPage) else subject.name


@dataclass(frozen=True)
class DecisionForms:
    """The questions of one page."""

    forms: Sequence[DecisionForm]

    @classmethod
    def about(
        cls,
        subjects: Sequence[Subject],
        body: BodyPage,
        data: QueryDict | None = None,
        known: Mapping[str, OverlapDecision] | None = None,
        *,
        plan: ProjectPage | None = None,
        is_short: bool = False,
    ) -> "DecisionForms":
        """`data` is what was sent; it counts if it answers a question or comes from a form that asks all of them.
        `known` are decisions to be changed."""
        is_sent = data is not None and (ASKED in data or any(f"{key_of(one)}-kind" in data for one in subjects))
        sent, kept = data if is_sent else None, known or {}
        return cls(
            [
                DecisionForm(one, body, sent, initial=initial_of(kept.get(key_of(one))), plan=plan, is_short=is_short)
                for one in subjects
            ]
        )

    def __iter__(self) -> Iterator[DecisionForm]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    def is_valid(self) -> bool:
        """True if every question is answered; each form then has its errors."""
        answered = [form.is_valid() for form in self.forms]
        return all(answered)

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.forms)

    def for_subject(self, subject: Subject) -> DecisionForm | None:
        """The question about it, if it is asked."""
        return next((form for form in self.forms if form.subject == subject), None)


def initial_of(decision: OverlapDecision | None) -> dict[str, str]:
    """What was decided before, to be changed."""
    if decision is None:
        return {}
    return {"kind": decision.kind, "reason": decision.reason, "remark": decision.remark}
