"""How django-allauth works here: its mails are outbox rows, its limits count in the database, its words are ours."""

from typing import Any, ClassVar, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as N_

from accounts import limits, mails, sign_in_limits
from accounts.models import User
from accounts.purchases import link_purchases
from accounts.roles import Role
from returns.services import guest_links

# The flash lines of allauth's that we show, in our words; the others say nothing that the page does not.
FLASHES = {
    "account/messages/password_changed.txt": N_("Your password is changed. Sign in with the new one."),
    "account/messages/logged_out.txt": N_("You are signed out."),
    "account/messages/email_confirmed.txt": N_("Your email address is confirmed."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The portal's answers to allauth's questions."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "Email and password don’t belong together. Check both, or get a new password."
        ),
        "enter_current_password": gettext_lazy("This isn’t your current password."),
        "too_many_login_attempts": gettext_lazy(sign_in_limits.TOO_MANY),
    }

    # --- Mails -------------------------------------------------------------------------------------------------------
    def send_confirmation_mail(
        self,
        request: HttpRequest,
        emailconfirmation: EmailConfirmationHMAC,
        signup: bool,  # noqa: FBT001  allauth's
    ) -> None:
        """Owe the mail that confirms an address."""
        del request, signup
        mails.owe_verification(emailconfirmation.email_address)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Owe the mail for a new password: to the address on file, whatever look-alike was typed."""
        del email, context
        mails.owe_reset(user)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an account, and nobody with a look-alike address, that they have it."""
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            mails.owe_nothing(mails.EXISTS)
        else:
            mails.owe_account_exists(user)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell a person of their new password."""
        del context, email
        if template_prefix in {"account/email/password_changed", "account/email/password_reset"}:
            mails.owe_password_changed(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> NoReturn:
        """Refuse whatever else: nothing is sent while somebody waits."""
        raise NotImplementedError(f"No mail of ours is called {template_prefix}.")

    # --- Signing in --------------------------------------------------------------------------------------------------
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at; raises a ValidationError where there were too many."""
        if not limits.take(sign_in_limits.counts(request, credentials["email"]), now=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who has this address and password. A disabled person gets the same answer as a wrong password."""
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        limits.give_back(sign_in_limits.counts(request, credentials["email"]))
        return user

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        # A new password by mail: who had been locked out by somebody's guessing gets in again.
        limits.forget(sign_in_limits.counts_of_account(request, credentials["email"]))

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in. What a guest opened in this browser before may have been somebody else's."""
        guest_links.end_grant(request.session)
        super().login(request, user)
        link_purchases(user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """As if there were no such person."""
        del request, user
        return redirect("account_login")

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` stays on this site: a path, and no other host however it is spelled (B11)."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    # --- Signing up --------------------------------------------------------------------------------------------------
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:  # noqa: FBT001, FBT002  allauth's
        """A customer, whatever else the form brought."""
        user.role = Role.CUSTOMER.value
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The address is proven: what was bought with it becomes the person's (B39)."""
        confirmed: bool = super().confirm_email(request, email_address)
        link_purchases(email_address.user)
        return confirmed

    # --- Words -------------------------------------------------------------------------------------------------------
    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Show our sentence for allauth's, where there is one."""
        del message_context
        flash = FLASHES.get(message_template or "")
        sentence = message or (_(flash) if flash else "")
        if sentence:
            messages.add_message(request, level, sentence, extra_tags=extra_tags)
