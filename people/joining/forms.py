"""What a stranger tells about themselves, and what those who decide answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser

from people.models import AccessRequest
from projects.models import BodyPage, Municipality, State

# As many as a person types; more colleagues are invited in a second go.
ADDRESSES_MAX = 20
REASON_MAX_LENGTH = 1000


class OneLine(forms.CharField):
    """A name on one line: letters are made of paragraphs, and a name must not bring its own."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


class AccessRequestForm(forms.ModelForm):
    """For a body of the register, which the address of the form names already."""

    # A field no person sees: what fills it is a machine.
    website = forms.CharField(required=False, widget=forms.HiddenInput)
    first_name = OneLine(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = OneLine(
        label=_("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    function = OneLine(
        label=_("Your function"),
        max_length=120,
        help_text=_("Such as: digitalisation officer, main office."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=_("E-mail address at work"),
        max_length=254,
        help_text=_("We send a link there. With an address of your administration you are known more quickly."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    class Meta:
        model = AccessRequest
        fields: tuple[str, ...] = ("first_name", "last_name", "function", "email", "message")
        labels = {"message": _("Message")}
        help_texts = {"message": _("Anything that helps to decide, such as who can confirm that it is you.")}


class OtherBodyForm(AccessRequestForm):
    """For a body that stands in no register."""

    body_name = OneLine(
        label=_("Name of the body"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    seat_state = forms.ModelChoiceField(
        State.objects.current(), label=_("Land"), required=False, empty_label=_("None: a federal authority")
    )

    class Meta(AccessRequestForm.Meta):
        fields: tuple[str, ...] = ("body_name", "seat_state", *AccessRequestForm.Meta.fields)

    field_order = ("body_name", "seat_state", *AccessRequestForm.Meta.fields)


class AddressesField(forms.CharField):
    """E-mail addresses in one box, separated by whatever people use."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").replace(",", " ").replace(";", " ")
        return list(dict.fromkeys(address.strip("<>").lower() for address in text.split()))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > ADDRESSES_MAX:
            raise ValidationError(_("At most %(count)d addresses at once."), params={"count": ADDRESSES_MAX})
        for address in value:
            try:
                validate_email(address)
            except ValidationError as error:
                message = _("“%(address)s” is no e-mail address.")
                raise ValidationError(message, params={"address": address}) from error

    def run_validators(self, value: Any) -> None:
        """The validators of a text field know nothing of lists."""


class InvitationForm(forms.Form):
    """Colleagues to invite."""

    addresses = AddressesField(
        label=_("E-mail addresses"), help_text=_("One or several, separated by commas or on lines of their own.")
    )
    as_coordinator = forms.BooleanField(
        label=_("They may decide who belongs to the team"), required=False, help_text=_("Such as for your deputy.")
    )


class GrantForm(forms.Form):
    """How staff let a person in: in which role and, for a body of no register, to which page."""

    as_coordinator = forms.BooleanField(
        label=_("Coordinates the body"),
        required=False,
        help_text=_("Decides from now on who else belongs to it. The first person of a body should."),
    )
    body: Any = forms.ModelChoiceField(
        BodyPage.objects.all(),
        label=_("Existing page of the body"),
        required=False,
        widget=AdminPageChooser(target_models=[BodyPage]),
        help_text=_("Only if it takes part already. Otherwise a page is made and published."),
    )

    def __init__(self, *args: Any, needs_body: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_body:
            del self.fields["body"]


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person gets it by e-mail."),
    )


class RepresentationForm(forms.Form):
    """For which member an association or Kreis wants to act."""

    municipality = forms.ModelChoiceField(Municipality.objects.none(), label=_("Member"))
    message = forms.CharField(
        label=_("Message"), required=False, max_length=REASON_MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, members: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = members  # type: ignore[attr-defined]
