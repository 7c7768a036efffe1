"""Signing in and up, passwords, and where a person's own pages begin."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from allauth.account import views as allauth_views
from allauth.account.models import EmailConfirmationHMAC
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, people, sign_in_limits
from accounts.clients import client_address
from accounts.forms import ConfirmAddressForm
from accounts.limits import Count, Limit
from accounts.models import User
from accounts.roles import Role
from returns.domain.storefront import Place
from returns.models import Storefront
from returns.wording.help import help_topics
from rma_portal import errors

# As the shops' own sign-in pages call it: CON-02, PRO-01.
FORGOT_LABEL = N_("Forgot Password")
FORGOT_LABELS = {"image-professional": N_("Forgot your password?")}
CAME_FROM = "next"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a person's work begins: the desk, the report, the list of people, or their own returns."""
    return redirect(home_of(cast("User", request.user)))


def home_of(user: User) -> str:
    """The path of this person's first page; customers with orders at several storefronts choose one first."""
    if user.role == Role.ADMINISTRATOR:
        return reverse("accounts:staff")
    if user.role == Role.MANAGER:
        return reverse("reports:overview")
    if user.is_staff:
        return reverse("desk:queue")
    shops = Storefront.objects.order_by("position")
    with_orders = shops.filter(orders__account__user=user).distinct().values_list("slug", flat=True)[:2]
    slugs = list(with_orders) or list(shops.filter(accounts__user=user).values_list("slug", flat=True)[:2])
    return reverse("portal:orders", args=slugs) if len(slugs) == 1 else reverse("portal:storefronts")


def storefront_of(request: HttpRequest) -> Storefront | None:
    """The storefront whose page sent the person here, as the first part of `next` says."""
    target = request.GET.get(CAME_FROM) or request.POST.get(CAME_FROM) or ""
    return Storefront.objects.filter(slug=target.lstrip("/").partition("/")[0]).first()


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many tries from here; says nothing about any address."""
    return errors.page(request, HTTPStatus.TOO_MANY_REQUESTS)


def within_limit(request: HttpRequest, limit: Limit) -> bool:
    """Count one more from this place; False where it was too many."""
    return limits.take([Count(limit, client_address(request))], now=timezone.now())


@dataclass(frozen=True, slots=True)
class Contact:
    """A shop's people, by phone."""

    name: str
    phone: str

    @property
    def dial(self) -> str:
        """The number as a link has it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


class Mended:
    """A form that comes back to be mended says so with 422, and with 429 where the limit is why."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """The page again, with what is wrong beside its field."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the view this is mixed into
        response.status_code = code_of(form)
        return response


def code_of(form: Form) -> HTTPStatus:
    """The code of the page that shows this form: fresh, to be mended, or after too many tries."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if "too_many_login_attempts" in codes:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK


class Entrance(Mended):
    """What the pages before the door know: the shop they belong to, and how to reach its people (PRO-03)."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page's context, with the shop's own words for a forgotten password."""
        storefront = storefront_of(self.request)
        shops = [storefront] if storefront else Storefront.objects.all()
        return {
            **super().get_context_data(**kwargs),  # type: ignore[misc]  # of the view this is mixed into
            "storefront": storefront,
            "forgot_label": _(FORGOT_LABELS.get(storefront.slug, FORGOT_LABEL) if storefront else FORGOT_LABEL),
            "topics": help_topics(storefront, Place.SIGN_IN) if storefront else (),
            "contacts": [Contact(shop.name, shop.phone) for shop in shops if shop.phone],
        }


class SignInView(Entrance, allauth_views.LoginView):  # type: ignore[misc]  # allauth ships no types
    """Sign in by address and password."""

    template_name = "account/login.html"


class SignUpView(Entrance, allauth_views.SignupView):  # type: ignore[misc]
    """Create a customer's account (CON-01)."""

    template_name = "account/signup.html"

    def form_valid(self, form: Form) -> HttpResponse:
        """One and the same next page, whether the address has an account or not."""
        if not within_limit(self.request, sign_in_limits.SIGN_UPS_PER_PLACE):
            return too_many(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class ForgotPasswordView(Entrance, allauth_views.PasswordResetView):  # type: ignore[misc]
    """Ask for a new password (PRO-01, PRO-02, RES-41)."""

    template_name = "account/password_reset.html"

    def form_valid(self, form: Form) -> HttpResponse:
        """One and the same next page, whether there is such an account or not."""
        if not within_limit(self.request, sign_in_limits.RESETS_PER_PLACE):
            return too_many(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class ForgotPasswordSentView(Entrance, allauth_views.PasswordResetDoneView):  # type: ignore[misc]
    """If the address has an account, the mail is on its way."""

    template_name = "account/password_reset_done.html"


class NewPasswordView(Entrance, allauth_views.PasswordResetFromKeyView):  # type: ignore[misc]
    """Choose the new password; allauth moves the token out of the address first, as our guest links do."""

    template_name = "account/password_reset_from_key.html"

    def form_valid(self, form: Form) -> HttpResponse:
        """Save it. Whoever got here reads the mailbox, so the address is proven too."""
        response: HttpResponse = super().form_valid(form)
        people.confirm_address(self.reset_user)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the person, so that a password manager knows whose password it keeps."""
        return {**super().get_context_data(**kwargs), "person": self.reset_user}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The form; 404 where the link is used up, too old or not ours."""
        if context.get("token_fail"):
            kwargs["status"] = HTTPStatus.NOT_FOUND
        response: HttpResponse = super().render_to_response(context, **kwargs)
        return response


class NewPasswordSavedView(Entrance, allauth_views.PasswordResetFromKeyDoneView):  # type: ignore[misc]
    """The new password is saved."""

    template_name = "account/password_reset_from_key_done.html"


class AddressMailedView(Entrance, allauth_views.EmailVerificationSentView):  # type: ignore[misc]
    """After signing up: look into your mail."""

    template_name = "account/verification_sent.html"


class ChangePasswordView(Mended, allauth_views.PasswordChangeView):  # type: ignore[misc]
    """Change the password; every session of the person ends, this one included."""

    template_name = "account/password_change.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form; somebody who never had a password gets one by mail."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("account_reset_password")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_default_success_url(self) -> str:
        """To sign in with the new one."""
        return reverse(settings.LOGIN_URL)


class SignOutView(allauth_views.LogoutView):  # type: ignore[misc]
    """Sign out, by a button."""

    template_name = "account/logout.html"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, key: str) -> HttpResponse:
    """Where the mail after signing up leads: the password confirms the address and signs in. A GET changes nothing."""
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None:
        return render(request, "account/email_confirm_dead.html", status=HTTPStatus.NOT_FOUND)
    address = confirmation.email_address
    entered = request.POST if request.method == "POST" else None
    form = ConfirmAddressForm(entered, request=request, address=address)
    if request.method == "POST" and form.is_valid():
        confirmation.confirm(request)
        response: HttpResponse = form.login(request)
        return response
    return render(request, "account/email_confirm.html", {"form": form, "address": address}, status=code_of(form))
