"""allauth's forms in our words, and without texts that vanish as soon as one types."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pages.limits import allows, letter_box

# First and last name, as far as the invitation that was opened knows them.
INVITED_NAME_KEY = "invited_name"
# Said whether there is an account or not.
TOO_MANY_LETTERS = _(
    "So many letters were asked for today, to this address or from your connection. Those that came still work: look "
    "into your mailbox, among the unwanted mails too. Tomorrow you can ask again."
)
# By field; what is not named here keeps allauth's label.
LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password once more"),
    "code": _("Code"),
    "name": _("Name of the key"),
}


class InOurWords(forms.Form):
    """Mixed into each of allauth's forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            if name in {"password", "oldpassword"}:
                field.help_text = ""  # a link, which has its place on the page

    def clean(self) -> dict[str, Any] | None:
        """Asks for the password to be typed twice alike, because allauth's own sentence says “Du”."""
        password, again = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        cleaned = super().clean()
        if password and again and password != again:
            self.errors.pop("password2", None)
            self.add_error("password2", _("The two passwords differ."))
        return cleaned


class LoginForm(InOurWords, account.LoginForm): ...


class SignupForm(InOurWords, account.SignupForm):
    """What colleagues see is a name, so it is asked for at once; the invitation may know it already."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    field_order = ("first_name", "last_name", "email", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = get_adapter().request.session.get(INVITED_NAME_KEY, ["", ""])
        self.fields["first_name"].initial, self.fields["last_name"].initial = names

    def clean_email(self) -> str:
        """An invitation holds for its address only. Raises ValidationError."""
        email = str(super().clean_email())
        adapter = get_adapter()
        if not adapter.is_email_verified(adapter.request, email):
            raise adapter.validation_error("not_invited")
        return email


class AddEmailForm(InOurWords, account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")

    def clean_email(self) -> str:
        """A letter goes to the address, whosever it is. Raises ValidationError."""
        email = str(super().clean_email())
        if not allows(get_adapter().request, new_address=letter_box(email)):
            raise ValidationError(TOO_MANY_LETTERS)
        return email


class ChangePasswordForm(InOurWords, account.ChangePasswordForm): ...


class SetPasswordForm(InOurWords, account.SetPasswordForm): ...


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    def clean_email(self) -> str:
        """Anybody can have a letter sent to anybody; the ones that came still work. Raises ValidationError."""
        email = str(super().clean_email())
        if not allows(get_adapter().request, password_letter=letter_box(email)):
            raise ValidationError(TOO_MANY_LETTERS)
        return email


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm): ...


class ReauthenticateForm(InOurWords, account.ReauthenticateForm): ...


class AuthenticateForm(InOurWords, factors.AuthenticateForm): ...


class ReauthenticateByCodeForm(InOurWords, factors.ReauthenticateForm): ...


class ActivateAppForm(InOurWords, totp.ActivateTOTPForm): ...


class AddKeyForm(InOurWords, webauthn.AddWebAuthnForm): ...


class EditKeyForm(InOurWords, webauthn.EditWebAuthnForm): ...
