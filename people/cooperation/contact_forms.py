"""The form by which anyone asks the people of a project."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.joining.forms import OneLine
from people.models import User
from projects.models import ContactRequest

STAMP_SALT = "people.contact.form"
# Nobody reads a form and writes a question in less; a page left open over a weekend still works.
LEAST_TIME = timedelta(seconds=3)
LONGEST_TIME = timedelta(days=4)
CHECKBOX = {"class": "kern-form-check__checkbox"}


class ContactForm(forms.ModelForm):
    """A question with a way to answer it. People who are logged in may have a copy sent to their own address."""

    # A field no person sees: what fills it is a machine.
    website = forms.CharField(required=False, widget=forms.HiddenInput)
    # When the form was opened, signed; a machine that sends at once is asked to send again.
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    name = OneLine(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    organisation = OneLine(
        label=_("Your municipality or organisation"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("The answer goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    copy = forms.BooleanField(label=_("Send me a copy"), required=False, widget=forms.CheckboxInput(attrs=CHECKBOX))

    class Meta:
        model = ContactRequest
        fields = ("message", "name", "organisation", "email")
        labels = {"message": _("Your question")}
        widgets = {"message": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, data: Any = None, *, user: User | None = None, **kwargs: Any) -> None:
        self._is_rushed = data is not None and not _is_in_time(data.get("opened", ""))
        if self._is_rushed:
            # Shown again with a fresh stamp: sent a second time by a person, it is accepted.
            data = data.copy()
            data["opened"] = new_stamp()
        super().__init__(data, **kwargs)
        self.fields["opened"].initial = new_stamp()
        if user is None:
            del self.fields["copy"]
        else:
            self.fields["copy"].help_text = user.email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        # Whoever has something to mend looks through it anyway.
        if self._is_rushed and not self.errors:
            raise ValidationError(_("Please look through your question once more and send it again."))
        return cleaned


def new_stamp() -> str:
    return signing.dumps("", salt=STAMP_SALT)


def _is_in_time(stamp: str) -> bool:
    try:
        signing.loads(stamp, salt=STAMP_SALT, max_age=LONGEST_TIME)
    except signing.BadSignature:
        return False
    try:
        signing.loads(stamp, salt=STAMP_SALT, max_age=LEAST_TIME)
    except signing.SignatureExpired:
        return True
    return False
