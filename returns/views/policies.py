"""The policies of a manager's storefronts: the list of versions, one version, a new draft, publishing and dropping."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.forms.policy.changes import changes, count_of_terms
from returns.forms.publishing import CopyForm, PublishForm, read_seen
from returns.models import PolicyVersion, Storefront
from returns.policy_in_force import version_now
from returns.services import policies
from returns.services.errors import Refused
from returns.viewer import Viewer
from returns.views.access import manager_required, person
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.policy_doors import managed_shop, managed_version, step_of_version
from returns.views.policy_replays import bench
from returns.views.policy_words import plain_words
from returns.wording.phrases import plain_date
from returns.wording.policies import clauses
from returns.wording.policy_versions import Standing, begins, standing


@dataclass(frozen=True, slots=True)
class Row:
    """A version in the list."""

    version: PolicyVersion
    standing: Standing


@dataclass(frozen=True, slots=True)
class Shop:
    """A storefront with its versions, the newest first."""

    storefront: Storefront
    rows: list[Row]
    has_draft: bool


@manager_required
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every version of the policies of the manager's storefronts."""
    now = timezone.now()
    shops = list(Storefront.objects.staffed_by(Viewer(request.user)))
    found = PolicyVersion.objects.filter(storefront__in=shops).select_related("storefront", "published_by", "edited_by")
    rows = list(found.defer("terms").order_by("-number"))
    return render(request, "reports/policies.html", {"shops": [_shop(shop, rows, now) for shop in shops]})


def _shop(shop: Storefront, rows: list[PolicyVersion], now: datetime) -> Shop:
    own = [row for row in rows if row.storefront_id == shop.pk]
    in_force = _latest_begun(own, now)
    return Shop(shop, [Row(row, standing(row, in_force, now)) for row in own], any(row.is_draft for row in own))


def _latest_begun(rows: list[PolicyVersion], now: datetime) -> PolicyVersion | None:
    """The version in force among rows that were read already."""
    begun = [row for row in rows if not row.is_draft and (row.effective_from is None or row.effective_from <= now)]
    beginning = [(row.effective_from is not None, row.effective_from or now, row.pk) for row in begun]
    return begun[beginning.index(max(beginning))] if begun else None


@managed_shop
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, shop: Storefront) -> HttpResponse:
    """Begin a draft as a copy of a version: of this storefront, or of another one of the manager's."""
    found = _copies(request, shop)
    initial = {"copied": found[0].pk} if found else {}
    choices = [(str(each.pk), _copy_words(each, shop)) for each in found]
    form = CopyForm(request.POST if request.method == "POST" else None, initial=initial, choices=choices)
    if form.is_valid():
        copied = next(each for each in found if str(each.pk) == form.cleaned_data["copied"])
        try:
            draft = policies.begin_draft(storefront=shop, copied=copied, by=person(request), now=timezone.now())
        except Refused as error:
            messages.error(request, error.message)
            return redirect("reports:policies")
        return redirect("reports:policy_edit", shop.slug, draft.number)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "reports/policy_new.html", {"form": form, "shop": shop}, status=status)


def _copies(request: HttpRequest, shop: Storefront) -> list[PolicyVersion]:
    """What a draft may begin with: the version in force here, then older ones, then those of other storefronts."""
    everything = PolicyVersion.objects.managed_by(Viewer(request.user)).published().select_related("storefront")
    current = version_now(shop)
    return sorted(
        everything.defer("terms"),
        key=lambda one: (one.storefront_id != shop.pk, one != current, one.storefront.position, -one.number),
    )


def _copy_words(version: PolicyVersion, shop: Storefront) -> str:
    where = "" if version.storefront_id == shop.pk else f"{version.storefront.name}, "
    words = f"{where}version {version.number}, for {begins(version)}"
    return words[0].upper() + words[1:] if not where else words


@managed_version
@require_safe
def version(request: HttpRequest, shown: PolicyVersion) -> HttpResponse:
    """One version: a draft with what it changes and its test bench, a published one in plain words."""
    return _page(request, shown)


def _page(
    request: HttpRequest, shown: PolicyVersion, *, form: PublishForm | None = None, alert: str = "", status: int = 200
) -> HttpResponse:
    now, current = timezone.now(), version_now(shown.storefront)
    context: dict[str, object] = {
        "version": shown,
        "shop": shown.storefront,
        "standing": standing(shown, current, now),
        "alert": alert,
    }
    if not shown.is_draft:
        terms = shown.parsed()
        context |= {"clauses": clauses(terms), **plain_words(terms, now)}
        return render(request, "reports/policy.html", context, status=status)
    earliest = policies.earliest_day(shown.storefront, now)
    context |= {
        "form": form or PublishForm(version=shown, earliest=earliest),
        "keeps": _keeps(current, earliest),
        **_comparison(shown, current),
        **bench(request, shown),
    }
    return render(request, "reports/policy_draft.html", context, status=status)


def _keeps(current: PolicyVersion | None, earliest: date | None) -> str:
    """Whose orders stay with which version."""
    if current is None or earliest is None:
        return "It is the first version of this storefront: it holds at once, for all its orders."
    first = f"{plain_date(earliest)} is the first day possible."
    return f"Orders placed before that day keep version {current.number}. {first}"


def _comparison(draft: PolicyVersion, current: PolicyVersion | None) -> dict[str, object]:
    if current is None:
        return {"compared": None}
    old, new = current.parsed(), draft.parsed()
    found = changes(old, new)
    return {"compared": current, "changes": found, "same": count_of_terms(old, new) - len(found)}


@step_of_version
def publish(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    """Publish a draft, from a day on and for a reason; from then on nobody changes it."""
    now = timezone.now()
    form = PublishForm(request.POST, version=draft, earliest=policies.earliest_day(draft.storefront, now))
    if not form.is_valid():
        return _page(request, draft, form=form, status=UNPROCESSABLE)
    answers = form.cleaned_data
    try:
        done = policies.publish(
            version=draft,
            begins_on=answers.get("begins_on"),
            reason=answers["reason"],
            seen=read_seen(answers["seen"]),
            keeps_words=answers.get("keeps_words", False),
            by=person(request),
            now=now,
        )
    except Refused as error:
        if error.field:
            form.add_error(error.field, error.message)
            return _page(request, draft, form=form, status=UNPROCESSABLE)
        return _page(request, draft, form=form, alert=error.message, status=CONFLICT)
    messages.success(request, f"Version {done.number} of {done.storefront.name} is published, for {begins(done)}.")
    return redirect("reports:policy", done.storefront.slug, done.number)


@step_of_version
def drop(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    """Throw a draft away."""
    try:
        policies.drop_draft(version=draft, by=person(request), now=timezone.now())
    except Refused as error:
        return _page(request, draft, alert=error.message, status=CONFLICT)
    messages.success(request, f"The draft of {draft.storefront.name} is dropped.")
    return redirect("reports:policies")
