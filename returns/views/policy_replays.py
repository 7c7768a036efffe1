"""The test bench of a draft: run it over real requests, watch a long run, read what would change, take the file."""

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from returns.domain.replay import Kind, Tally
from returns.forms.replays import ReplayForm
from returns.models import PolicyReplay, PolicyVersion
from returns.policy_in_force import NoPolicyInForce, current_policy_version
from returns.reports.files import harmless
from returns.services.errors import Refused
from returns.services.policy_replays import SHOWN, Replayed, ask, replayed
from returns.views.access import person
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.views.policy_doors import managed_version
from returns.wording import policy_replays as words
from returns.wording.phrases import money, plain_date

USUAL = 500
ONLY = {"": "All", "other_verdict": "Other verdict", "other_amount": "Other amount", "worse": "Worse for the customer"}
HEADINGS = ("return", "order", "asked", "verdict before", "verdict after", "before", "after", "change", "worse")


def bench(request: HttpRequest, draft: PolicyVersion, *, form: ReplayForm | None = None) -> dict[str, object]:
    """What the page of a draft shows of its test bench."""
    latest = draft.replays.select_related("compared_with").first()
    context: dict[str, object] = {
        "replay_form": form or ReplayForm(initial={"wanted": latest.wanted if latest else USUAL})
    }
    if latest is None:
        return context
    context |= {"replay": latest, "is_stale": latest.terms_edited_at != draft.edited_at}
    if latest.failed_at is not None:
        return context
    if latest.ended_at is None or latest.result is None:
        share = 100 * latest.done // max(latest.total, 1)
        return context | {"share": share, "done": f"{latest.done:,}", "total": f"{latest.total:,}"}
    return context | _result(latest.result, draft, request.GET.get("only", ""))


def _result(result: dict[str, Any], draft: PolicyVersion, only: str) -> dict[str, object]:
    currency = draft.storefront.currency
    before, after = Decimal(result["before"]), Decimal(result["after"])
    share = (
        f"{abs(after - before) / before * 100:.1f}% {'more' if after > before else 'less'}"
        if before and after != before
        else ""
    )
    only = only if only in ONLY else ""
    changed = sum(result["kinds"][kind]["changes"] for kind in ("other_amount", "other_verdict"))
    cases = result["cases"]
    return {
        "figures": words.figures(result, currency),
        "worse": f"{result['worse']['changes']:,}",
        "worse_amount": words.signed(result["worse"]["amount"], currency),
        "requests": f"{result['requests']:,}",
        "span": _span(result, draft),
        "paid_change": words.signed(str(after - before), currency),
        "paid_words": f"{money(before, currency)} becomes {money(after, currency)}" + (f", {share}" if share else ""),
        "outcomes": words.OUTCOMES.values(),
        "matrix": [(words.OUTCOMES[outcome], cells) for outcome, cells in words.matrix(result)],
        "reasons": words.reasons(result, currency),
        "changed": words.changed_requests(result, currency, only),
        "changed_count": f"{changed:,}",
        "shown_of": SHOWN if changed > SHOWN else 0,
        "only": [(key, label, key == only) for key, label in ONLY.items()],
        "cases": {"all": cases["all"], "passing": cases["all"] - len(cases["failing"]), "failing": cases["failing"]},
    }


def _span(result: dict[str, Any], draft: PolicyVersion) -> str:
    if not result["first"]:
        return ""
    days = (datetime.fromisoformat(result[name]).astimezone(draft.storefront.zone).date() for name in ("first", "last"))
    return " to ".join(plain_date(day) for day in days)


@managed_version
@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: HttpRequest, draft: PolicyVersion) -> HttpResponse:
    """Run the draft; whoever asks again while it runs sees how far it is."""
    back = redirect("reports:policy", draft.storefront.slug, draft.number)
    if request.method != "POST":
        if not request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
            return back
        return render(request, "reports/parts/policy_bench.html", _part(request, draft))
    form = ReplayForm(request.POST)
    if not form.is_valid():
        context = _part(request, draft, form)
        return render(request, "reports/policy_bench.html", {**context, "form": form}, status=UNPROCESSABLE)
    try:
        ask(
            draft=draft,
            compared=current_policy_version(draft.storefront),
            wanted=form.cleaned_data["wanted"],
            by=person(request),
            now=timezone.now(),
        )
    except (Refused, NoPolicyInForce) as error:
        alert = error.message if isinstance(error, Refused) else "There is no version in force to compare with."
        context = {**_part(request, draft), "alert": alert}
        return render(request, "reports/policy_bench.html", context, status=CONFLICT)
    return back


def _part(request: HttpRequest, draft: PolicyVersion, form: ReplayForm | None = None) -> dict[str, object]:
    return {"version": draft, "shop": draft.storefront, **bench(request, draft, form=form)}


@managed_version
@require_safe
def changed_csv(_request: HttpRequest, draft: PolicyVersion) -> StreamingHttpResponse:
    """Every request of the latest run that changes, judged anew row by row while the file leaves."""
    latest: PolicyReplay | None = draft.replays.filter(ended_at__isnull=False).first()
    if latest is None:
        raise Http404
    rows = _lines(draft, latest)
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = f"changed-{draft.storefront.slug}-draft-{draft.number}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


def _lines(draft: PolicyVersion, latest: PolicyReplay) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(HEADINGS))
    for each in replayed(draft, latest.compared_with, latest.wanted, Tally()):
        if each.comparison.kind is not Kind.SAME:
            yield str(writer.writerow(_cells(each, draft)))


def _cells(each: Replayed, draft: PolicyVersion) -> list[str]:
    past, found = each.past, each.comparison
    return [
        past.rma_number or past.reference,
        harmless(past.order.number),
        past.request.requested_at.astimezone(draft.storefront.zone).date().isoformat(),
        " + ".join(dict.fromkeys(change.before.code for change in found.changes)),
        " + ".join(dict.fromkeys(change.after.code for change in found.changes)),
        str(found.before),
        str(found.after),
        str(found.amount),
        "yes" if found.is_worse else "no",
    ]
