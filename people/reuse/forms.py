"""What an adopter tells about its use of a project, and what a provider may claim."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.days import DayField
from pages.numbers import WholeNumberField
from people.reuse.uses import Told
from projects.models import BodyPage, Reuse, ReuseState
from projects.models.reuse import CHANGES_MAX_LENGTH

# Above these somebody has mistaken the unit, or written thousands of euro.
MOST_DAYS, MOST_EURO = 100_000, 1_000_000_000
REASON_MAX_LENGTH = 1_000
# A claim is about what somebody uses today.
CLAIMABLE = [(state.value, state.label) for state in ReuseState if state != ReuseState.REPLACED]


class StageForm(forms.Form):
    """How far the adopter is, and since when."""

    stage = forms.ChoiceField(label=_("How far is it?"), choices=CLAIMABLE)
    since = DayField(
        label=_("Since when?"),
        required=False,
        help_text=_("Roughly is enough, such as the first of the month: 01.03.2026."),
    )

    def clean_since(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["since"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day is in the future."))
        return day

    def told(self) -> Told:
        return Told(self.cleaned_data["stage"], self.cleaned_data["since"])


class UseForm(StageForm):
    """What an adopter says; which of the person's bodies it is about is asked only if there are several."""

    body: Any = forms.ModelChoiceField(BodyPage.objects.none(), label=_("Who uses it?"), empty_label=None)
    person_days = WholeNumberField(
        label=_("What did it take? Person-days"),
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("Of your own people, until it ran. Others plan with it."),
    )
    cost = WholeNumberField(
        label=_("What did it cost? Euro"),
        required=False,
        min_value=0,
        max_value=MOST_EURO,
        help_text=_("What was paid to others, until it ran."),
    )
    changes = forms.CharField(
        label=_("What did you change?"),
        required=False,
        max_length=CHANGES_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two sentences help those who come after you."),
    )

    field_order = ("body", "stage", "since", "person_days", "cost", "changes")

    def __init__(self, bodies: Sequence[BodyPage], *args: Any, reuse: Reuse | None = None, **kwargs: Any) -> None:
        """`bodies` are those to choose from; `reuse` is what is changed, and may then end as well."""
        if reuse is not None:
            kwargs["initial"] = {name: getattr(reuse, name) for name in Told.__dataclass_fields__}
        super().__init__(*args, **kwargs)
        self._bodies = bodies
        self.fields["body"].queryset = BodyPage.objects.filter(pk__in=[body.pk for body in bodies])  # type: ignore[attr-defined]
        if len(bodies) <= 1:
            del self.fields["body"]
        if reuse is not None:
            self.fields["stage"].choices = ReuseState.choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> BodyPage:
        """The body it is about."""
        asked: BodyPage | None = self.cleaned_data.get("body")
        return asked or self._bodies[0]

    def told(self) -> Told:
        return Told(**{name: self.cleaned_data[name] for name in Told.__dataclass_fields__})


class RefusalForm(forms.Form):
    """Why a claim is not true, for those who made it."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The people of the project get it by e-mail. It is not published."),
    )
