"""What people enter to sign in, to sign up and to choose a password; allauth's forms in our words and look."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import EmailValidator, MaxLengthValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from accounts import limits, mails, sign_in_limits
from accounts.limits import Count
from accounts.models import User

PASSWORD_HINT = N_("At least 15 characters. A few words that only you would put together are good.")
# What an empty field says.
MISSING = {
    "login": N_("Enter your email address."),
    "email": N_("Enter your email address."),
    "password": N_("Enter your password."),
    "password1": N_("Choose a password of at least 15 characters."),
    "password2": N_("Enter the new password once more."),
    "oldpassword": N_("Enter your current password."),
}
NO_ADDRESS = N_("Enter an email address such as name@example.com.")
LONGEST_ADDRESS = 254  # characters; longer ones cannot be delivered to
LONGEST_PASSWORD = 1000  # characters; enough for any passphrase, and hashing one costs nobody much


class HouseForm(forms.Form):
    """Lays a form out in the house's fields. The page brings the form element, the token and the button."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for name, field in self.fields.items():
            # A placeholder vanishes while one types, and reads like an answer.
            field.widget.attrs.pop("placeholder", None)
            field.label = _(self.labels[name]) if name in self.labels else field.label
            field.help_text = _(self.hints[name]) if name in self.hints else ""
            field.error_messages["required"] = _(MISSING[name])
            if isinstance(field, forms.EmailField):
                no_address = _(NO_ADDRESS)
                field.validators = [EmailValidator(no_address), MaxLengthValidator(LONGEST_ADDRESS, no_address)]
            if isinstance(field.widget, forms.PasswordInput):
                field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))
                field.widget.attrs["maxlength"] = str(LONGEST_PASSWORD)


class SignInForm(HouseForm, allauth_forms.LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Email and password."""

    labels = {"login": N_("Email"), "password": N_("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignUpForm(HouseForm, allauth_forms.SignupForm):  # type: ignore[misc]
    """Email and the password to be."""

    labels = {"email": N_("Email"), "password1": N_("Password")}
    hints = {"email": N_("The one your order confirmations come to."), "password1": PASSWORD_HINT}

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        """Save; for an address that has an account already, take as long as for a new one (B4)."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        user, response = super().try_save(request)
        return user, response


class ConfirmAddressForm(SignInForm):
    """The password chosen at sign-up, on the page that the mail leads to.

    It keeps an account that somebody else opened with this address from being confirmed by the address's owner, who
    does not know that password (B39).
    """

    labels = {"password": N_("Password")}
    hints = {"password": N_("The one you chose when you created the account.")}

    def __init__(self, *args: Any, address: EmailAddress, **kwargs: Any) -> None:
        self.address = address
        super().__init__(*args, **kwargs)
        del self.fields["login"]

    def clean(self) -> dict[str, Any] | None:
        """Sign in with the mailed address; a ValidationError where the password is not this account's."""
        self.cleaned_data["login"] = self.address.email
        cleaned = super().clean()
        if self.user is not None and self.user.pk != self.address.user_id:
            raise get_adapter().validation_error("email_password_mismatch")
        return cleaned


class ConfirmNewAddressForm(ConfirmAddressForm):
    """The password of the account that a new address is for, on the page that the mail to that address leads to."""

    hints = {"password": N_("The one you sign in with.")}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, address=EmailAddress(user=person, email=person.email), **kwargs)


class ForgotPasswordForm(HouseForm, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """One field (PRO-01)."""

    labels = {"email": N_("Email")}
    hints = {"email": N_("The one you sign in with.")}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Owe the mail; for an address nobody has, take as long (B4)."""
        if not self.users:
            mails.owe_nothing(mails.RESET)
        saved: str = super().save(request, **kwargs)
        return saved


class NewPasswordForm(HouseForm, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, after the mailed link."""

    labels = {"password1": N_("New password"), "password2": N_("New password, again")}
    hints = {"password1": PASSWORD_HINT}


class ChangePasswordForm(HouseForm, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """The current password and a new one."""

    labels = {
        "oldpassword": N_("Current password"),
        "password1": N_("New password"),
        "password2": N_("New password, again"),
    }
    hints = {"password1": PASSWORD_HINT}

    def clean_oldpassword(self) -> str:
        """The current password; guesses are limited, for a session may be in the wrong hands."""
        counted = [Count(sign_in_limits.OLD_PASSWORDS, f"user {self.user.pk}")]
        if not limits.take(counted, now=timezone.now()):
            raise get_adapter().validation_error("too_many_login_attempts")
        password: str = super().clean_oldpassword()
        limits.give_back(counted)
        return password


class NewAddressForm(HouseForm):
    """Another address to sign in with, and the password, in case somebody found the browser open."""

    labels = {"email": N_("New email"), "password": N_("Password")}
    hints = {"password": N_("The one you sign in with.")}

    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}, render_value=False)
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        """The new address. Whether somebody has it already is never a form's error (B4)."""
        email = str(self.cleaned_data["email"]).lower()
        if email == self.user.email.lower():
            raise forms.ValidationError(_("This is the address you sign in with already."), code="same")
        return email

    def clean_password(self) -> str:
        """The current password; guesses are limited, for a session may be in the wrong hands."""
        counted = [Count(sign_in_limits.OLD_PASSWORDS, f"user {self.user.pk}")]
        if not limits.take(counted, now=timezone.now()):
            raise get_adapter().validation_error("too_many_login_attempts")
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise get_adapter().validation_error("enter_current_password")
        limits.give_back(counted)
        return password
