"""The administrator's pages (D4): who works here, inviting, moving and disabling them; where an invitation leads."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import cast
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import invitations, people
from accounts.forms import NewPasswordForm
from accounts.models import StaffChange, StaffMembership, User
from accounts.roles import Role
from accounts.staff_forms import ROLE_TEXTS, InvitationForm, PersonForm
from accounts.views import code_of
from returns.models import Storefront
from returns.services.errors import Refused
from returns.viewer import Viewer
from returns.wording.phrases import brief_moment, listing

LATEST_CHANGES = 30
ROLE_WORDS = {role.value: word for role, word, _hint in ROLE_TEXTS}
View = Callable[..., HttpResponse]


def administrator_required(view: View) -> View:
    """For administrators: 403 for everybody else who is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not Viewer(request.user).is_administrator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the list shows them."""

    person: User
    role: str
    storefronts: str
    state: str
    signed_in: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of what was changed."""

    when: str
    who: str
    whom: User
    what: str


@administrator_required
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody who works here, who may sign in first, and the latest changes."""
    zone = _zone()
    rows = [_row(person, zone) for person in _people().order_by("-is_active", "name", "email")]
    names = _shop_names()
    changes = StaffChange.objects.select_related("person", "actor")[:LATEST_CHANGES]
    context = {"rows": rows, "changes": [_change(one, zone, names) for one in changes]}
    return render(request, "staff/staff.html", context)


def _people() -> QuerySet[User]:
    """Who works here. Customers are nobody's to change."""
    places = StaffMembership.objects.select_related("storefront").order_by("storefront__position")
    employed = User.objects.exclude(role=Role.CUSTOMER.value).select_related("invitation")
    return employed.prefetch_related(Prefetch("memberships", places))


def _zone() -> ZoneInfo:
    shop = Storefront.objects.order_by("position").first()
    return shop.zone if shop else ZoneInfo("UTC")


def _shop_names() -> dict[str, str]:
    return dict(Storefront.objects.values_list("slug", "short_name"))


def _row(person: User, zone: ZoneInfo) -> Row:
    places = listing([membership.storefront.short_name for membership in person.memberships.all()])
    signed_in = brief_moment(person.last_login, zone) if person.last_login else "never"
    return Row(person, ROLE_WORDS[person.role], places, _state(person), signed_in)


def _state(person: User) -> str:
    if not person.is_active:
        return "disabled"
    return "invited" if not person.has_usable_password() else "active"


def _change(change: StaffChange, zone: ZoneInfo, names: dict[str, str]) -> ChangeRow:
    who = change.actor.display_name if change.actor else "the command line"
    return ChangeRow(brief_moment(change.at, zone), who, change.person, _what(change, names))


def _what(change: StaffChange, names: dict[str, str]) -> str:
    places = listing([names.get(slug, slug) for slug in change.storefronts])
    is_now = f"{ROLE_WORDS.get(change.role, change.role)}{f' at {places}' if places else ''}"
    if change.action == StaffChange.INVITED:
        return f"New: {is_now}"
    return (
        f"{change.action.capitalize()}: {is_now}"
        if change.action == StaffChange.CHANGED
        else change.action.capitalize()
    )


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Somebody new: they get a link by mail and choose a password."""
    form = InvitationForm(request.POST if request.method == "POST" else None, shops=_shops())
    if request.method != "POST" or not form.is_valid():
        return render(request, "staff/invite.html", {"form": form}, status=code_of(form))
    try:
        invited = invitations.invite(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=form.wanted_role,
            storefronts=form.wanted_shops,
            actor=_me(request),
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_error(refused.field or None, refused.message)
        return render(request, "staff/invite.html", {"form": form}, status=HTTPStatus.CONFLICT)
    messages.success(request, f"{invited.display_name} is invited, email sent to {invited.email}")
    return redirect("accounts:staff")


def _shops() -> Sequence[Storefront]:
    return list(Storefront.objects.order_by("position"))


def _me(request: HttpRequest) -> User:
    return cast("User", request.user)


def _fetch(person_id: uuid.UUID) -> User:
    return get_object_or_404(_people(), public_id=person_id)


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """One person: name, role and storefronts to change; disabling beside it; what was changed below."""
    shown = _fetch(person_id)
    if request.method != "POST":
        return _page(request, shown, _form_of(shown))
    form = PersonForm(request.POST, shops=_shops())
    if not form.is_valid():
        return _page(request, shown, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        people.make_staff(
            email=shown.email,
            name=form.cleaned_data["name"],
            role=form.wanted_role,
            storefronts=form.wanted_shops,
            actor=_me(request),
        )
    except Refused as refused:
        form.add_error(refused.field or None, refused.message)
        return _page(request, _fetch(person_id), form, status=HTTPStatus.CONFLICT)
    messages.success(request, f"{form.cleaned_data['name']} is up to date.")
    return redirect("accounts:staff")


def _form_of(shown: User) -> PersonForm:
    slugs = [membership.storefront.slug for membership in shown.memberships.all()]
    return PersonForm(initial={"name": shown.name, "role": shown.role, "storefronts": slugs}, shops=_shops())


def _page(
    request: HttpRequest, shown: User, form: PersonForm, *, alert: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    zone, names = _zone(), _shop_names()
    changes = shown.staff_changes.select_related("person", "actor")[:LATEST_CHANGES]
    context = {
        "person": shown,
        "row": _row(shown, zone),
        "form": form,
        "alert": alert,
        "is_oneself": shown.pk == _me(request).pk,
        "changes": [_change(one, zone, names) for one in changes],
    }
    return render(request, "staff/person.html", context, status=status)


def _step(act: Callable[[User, User], str]) -> View:
    """One button on the page of a person: it does what `act` does, and says what `act` says."""

    @administrator_required
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
        shown = _fetch(person_id)
        if request.method == "POST":
            try:
                messages.success(request, act(shown, _me(request)))
            except Refused as refused:
                shown = _fetch(person_id)
                return _page(request, shown, _form_of(shown), alert=refused.message, status=HTTPStatus.CONFLICT)
        return redirect("accounts:staff_person", person_id)

    return view


def _disable(shown: User, me: User) -> str:
    people.disable(shown, actor=me)
    return f"{shown.display_name} is disabled and signed out everywhere."


def _enable(shown: User, me: User) -> str:
    people.enable(shown, actor=me)
    return f"{shown.display_name} may sign in again."


def _invite_again(shown: User, _me: User) -> str:
    invitations.again(user=shown, now=timezone.now())
    return f"{shown.display_name} gets another link, email sent to {shown.email}"


disable, enable, invite_again = _step(_disable), _step(_enable), _step(_invite_again)


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, invitation_token: str) -> HttpResponse:
    """Where an invitation leads: choose a password, then sign in with it. A GET changes nothing (B9)."""
    with override("en"):
        found = invitations.find(invitation_token, now=timezone.now())
        if found is None:
            return render(request, "staff/invited_dead.html", status=HTTPStatus.NOT_FOUND)
        form = NewPasswordForm(request.POST if request.method == "POST" else None, user=found.user)
        form.user = found.user
        if request.method == "POST" and form.is_valid():
            user = invitations.accept(found, password=form.cleaned_data["password1"])
            request.session.flush()
            user.backend = settings.AUTHENTICATION_BACKENDS[0]
            get_adapter(request).login(request, user)
            messages.success(request, f"Welcome, {user.display_name}. From now on you sign in with {user.email}.")
            return redirect("accounts:home")
        return render(request, "staff/invited.html", {"form": form, "person": found.user}, status=code_of(form))
