"""The form of a check: the questions of the list, a remark at each field, and what is said to the author."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import CheckItem
from people.models.moderation import SUMMARY_MAX_LENGTH
from people.moderation.content import Entry
from people.moderation.decisions import Answers, Remarks

PUBLISH, SEND_BACK = "publish", "send_back"
REMARK_MAX_LENGTH = 1_000


class ReviewForm(forms.Form):
    """`decision` is PUBLISH or SEND_BACK: to publish every required question has to be ticked, to send it back
    something has to be said. `version` is the revision that was looked at."""

    decision = forms.ChoiceField(choices=[(PUBLISH, PUBLISH), (SEND_BACK, SEND_BACK)], widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        label=gettext_lazy("Message to the author"),
        required=False,
        max_length=SUMMARY_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Only for sending back. Say what is missing, and what is good already."),
    )

    def __init__(self, items: Sequence[CheckItem], entries: Sequence[Entry], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.entries = items, entries
        for item in items:
            self.fields[f"check_{item.pk}"] = forms.BooleanField(label=item.question, required=False)
        for entry in entries:
            self.fields[f"remark_{entry.path}"] = forms.CharField(
                label=_("Remark on “%(field)s”") % {"field": entry.label},
                required=False,
                max_length=REMARK_MAX_LENGTH,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        decision = values.get("decision")
        if decision == PUBLISH:
            for item in self.items:
                if item.is_required and not values.get(f"check_{item.pk}"):
                    self.add_error(f"check_{item.pk}", _("This is not ticked."))
        if decision == SEND_BACK and not (values.get("summary") or self.remarks):
            self.add_error("summary", _("Say what is to be mended: here, or in a remark at a field."))
        return values

    @property
    def answers(self) -> Answers:
        return [
            {"question": item.question, "is_fine": bool(self.cleaned_data.get(f"check_{item.pk}"))}
            for item in self.items
        ]

    @property
    def remarks(self) -> Remarks:
        """What was said at the fields, in their order."""
        said = [(entry, self.cleaned_data.get(f"remark_{entry.path}", "")) for entry in self.entries]
        return [{"field": entry.path, "label": entry.label, "text": text} for entry, text in said if text]
