"""The short form: five fields for a plan, and what it becomes for the search."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from matching.plans.lifecycle import PlanValues
from matching.plans.services import Service, find, labels
from pages.days import DayField
from people.models import User
from people.teams.teams import bodies_of
from projects.editor.term_widget import label_of
from projects.models import BodyPage, FieldOfAction, Openness, OzgService, ProjectPage, ServiceKey

TITLE_MAX_LENGTH = 150
# A few paragraphs: the long version belongs into the editor.
PROBLEM_MAX_LENGTH = 3_000
PROBLEM_ROWS = 5
REASON_MAX_LENGTH = 1_000
RADIO = {"class": "kern-form-check__radio"}


class OneLine(forms.CharField):
    """A title on one line; pasted ones bring line breaks along."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


class PlanForm(forms.Form):
    """What is planned, why, what it is about, until when it is open, and for whom.

    The service is typed with suggestions. Without them the form finds what was meant: one entry is taken, several are
    offered to choose from (`service_found`).
    """

    body: Any = forms.ModelChoiceField(BodyPage.objects.none(), label=_("For which body?"), empty_label=None)
    title = OneLine(
        label=_("What do you plan?"),
        max_length=TITLE_MAX_LENGTH,
        help_text=_("Such as: Online appointments for ID cards."),
    )
    problem = forms.CharField(
        label=_("Which problem is it to solve?"),
        max_length=PROBLEM_MAX_LENGTH,
        help_text=_("Two or three sentences are enough. The first one stands in lists."),
        widget=forms.Textarea(attrs={"rows": PROBLEM_ROWS}),
    )
    field_of_action = forms.ModelChoiceField(
        FieldOfAction.objects.all(),
        label=_("Field of action"),
        required=False,
        empty_label=_("Please choose"),
        help_text=_("The one that fits best."),
    )
    service = forms.CharField(
        label=_("or the service"),
        required=False,
        max_length=350,
        help_text=_("Its name or its OZG number."),
        widget=forms.TextInput(
            attrs={"list": "leistungen", "autocomplete": "off", "data-services": reverse_lazy("plan_services")}
        ),
    )
    service_found = forms.CharField(
        label=_("Which one do you mean?"), required=False, widget=forms.RadioSelect(attrs=RADIO)
    )
    decision_on = DayField(
        label=_("When will it be decided?"),
        required=False,
        help_text=_("Until then others can still join. Roughly is enough, such as 01.03.2027."),
    )
    openness = forms.ChoiceField(
        label=_("How open is it?"),
        choices=Openness.choices,
        error_messages={"required": _("Please choose how open it is.")},
        widget=forms.RadioSelect(attrs=RADIO),
    )

    def __init__(self, user: User, *args: Any, project: ProjectPage | None = None, **kwargs: Any) -> None:
        """`project` is the plan that is changed; its body stays."""
        self.project = project
        if project is not None:
            kwargs["initial"] = {**initial_of(project), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        bodies = bodies_of(user)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        self.bodies = [] if project else list(bodies)
        if project is not None or len(self.bodies) == 1:
            del self.fields["body"]
        self.fields["service_found"].widget.choices = [(label, label) for label in labels(self.found)]

    @cached_property
    def found(self) -> list[Service]:
        """The services that may be meant by what was typed."""
        return find(str(self["service"].value() or ""))

    @property
    def is_choice_open(self) -> bool:
        """True if several services match and one of them has to be chosen."""
        return len(self.found) > 1

    def visible_fields(self) -> list[forms.BoundField]:
        """Those between which services only if there are several."""
        return [field for field in super().visible_fields() if field.name != "service_found" or self.is_choice_open]

    def clean_decision_on(self) -> Any:
        """A new plan is decided in the future; one that is changed keeps its day."""
        day = self.cleaned_data["decision_on"]
        if day and day < timezone.localdate() and "decision_on" in self.changed_data:
            raise forms.ValidationError(_("This day is in the past."))
        return day

    def clean(self) -> dict[str, Any]:
        """Adds `services`: the entry that is meant, or none."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["services"] = self._meant()
        if not (cleaned.get("field_of_action") or cleaned["services"] or self.has_error("service")):
            self.add_error("field_of_action", _("Choose a field of action, or name the service."))
        return cleaned

    def _meant(self) -> list[Service]:
        typed, chosen = self.cleaned_data.get("service", ""), self.cleaned_data.get("service_found", "")
        if not typed or len(self.found) == 1:
            return self.found if typed else []
        if not self.found:
            self.add_error("service", _("No service is called like this. Leave it empty and choose a field of action."))
            return []
        meant = [entry for entry in self.found if label_of(entry) == chosen]
        if not meant:
            self.add_error("service_found", _("Several services match. Please choose one."))
        return meant

    @property
    def body_chosen(self) -> BodyPage:
        """The one asked for, or the only one the person works for."""
        body: BodyPage = self.cleaned_data.get("body") or self.bodies[0]
        return body

    def values(self) -> PlanValues:
        """Of a valid form."""
        cleaned = self.cleaned_data
        services = cleaned["services"]
        return PlanValues(
            title=cleaned["title"],
            problem=cleaned["problem"].strip(),
            openness=cleaned["openness"],
            decision_on=cleaned["decision_on"],
            fields_of_action=(cleaned["field_of_action"],) if cleaned["field_of_action"] else (),
            services=tuple(entry for entry in services if isinstance(entry, OzgService)),
            service_keys=tuple(entry for entry in services if isinstance(entry, ServiceKey)),
        )


def fits(project: ProjectPage) -> bool:
    """True if the short form can show all it would replace; otherwise the editor is the place."""
    services = project.ozg_services.count() + project.service_keys.count()
    return services <= 1 and project.fields_of_action.count() <= 1 and not project.has_unpublished_changes


def initial_of(project: ProjectPage) -> dict[str, Any]:
    services = [*project.ozg_services.all(), *project.service_keys.all()]
    return {
        "title": project.title,
        "problem": project.problem,
        "field_of_action": project.fields_of_action.first(),
        "service": labels(services[:1])[0] if services else "",
        "decision_on": project.decision_on,
        "openness": project.openness,
    }


class WithdrawalForm(forms.Form):
    """Why the centre takes a plan from the members."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever reported the plan gets it by e-mail."),
    )
