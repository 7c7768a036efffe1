"""A policy from outside: 14 days from delivery, a fee of 15%, 5 business days. Entered through forms alone, it holds
everywhere: in the portal, in mails, in the desk's days and sums, in the reports, and for `evaluate_policy`.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from returns.domain.storefront import load_storefront
from returns.domain.verdict import Code
from returns.mail import render
from returns.models import PolicyVersion, Storefront
from returns.services import settlement
from returns.services.transition import By
from tests import factories
from tests.conftest import Cast, SignIn
from tests.policy_typing import typed
from tests.returns.views.test_storefront_settings import answers

pytestmark = pytest.mark.django_db

SLUG = "green-pot"
FORM = "application/x-www-form-urlencoded"
WORDS = "Unopened products come back within 14 days after delivery, less 15%."


def opened_through_forms(mona: Client) -> Storefront:
    """The storefront with its policy: a copy of another one as a draft, edited, and published."""
    opened = mona.post("/reports/storefronts/new/", answers(begins="draft"))
    assert opened.headers["Location"] == f"/reports/policies/{SLUG}/1/edit/"
    draft = PolicyVersion.objects.get(storefront__slug=SLUG)
    assert draft.edited_at is not None
    data = typed(
        draft.parsed(),
        basis__clock="delivery",
        tiers__0__until_day="14",
        tiers__0__fee_percent="15",
        tiers__1__DELETE="on",
        exchange__until_day="14",
        processing__days="5",
        processing__count="business",
        clauses__0__text=WORDS,
    )
    data["seen"] = draft.edited_at.isoformat()
    saved = mona.post(f"/reports/policies/{SLUG}/1/edit/", data.urlencode(), FORM)
    assert saved.headers["Location"] == f"/reports/policies/{SLUG}/1/"
    draft.refresh_from_db()
    assert draft.edited_at is not None
    answers_of_publishing = {"reason": "Opening", "seen": draft.edited_at.isoformat()}
    # The other clauses still speak of the 30 days and 20% of the policy that was copied.
    assert mona.post(f"/reports/policies/{SLUG}/1/publish/", answers_of_publishing).status_code == 422
    published = mona.post(f"/reports/policies/{SLUG}/1/publish/", {**answers_of_publishing, "keeps_words": "on"})
    assert published.headers["Location"] == f"/reports/policies/{SLUG}/1/"
    return draft.storefront


def case(name: str, **order: Any) -> dict[str, Any]:
    """One unit of 122.40, asked back by the neutral format."""
    line = {
        "sku": "A",
        "kind": "retail",
        "final_sale": False,
        "opening_order": False,
        "ten_percent_back": False,
        "quantity": 1,
        "unit_price_paid": "122.40",
        "expires_on": None,
    }
    asked = {"line": 0, "quantity": 1, "reason": "changed_mind", "condition": "unopened", "used_percent": None}
    return {
        "id": name,
        "storefront": SLUG,
        "account": {"type": "consumer", "outstanding_balance": "0.00", "previous_partial_returns": []},
        "order": {
            "number": "1",
            "placed_at": "2026-10-01T10:00:00-04:00",
            "delivered_at": "2026-11-04T10:00:00-05:00",
            "channel": "direct",
            "shipping_paid": "0.00",
            "lines": [line],
            **order,
        },
        "request": {
            "requested_at": "2026-11-18T12:00:00-05:00",
            "lines": [{**asked, "wants": "refund"}],
            "return_received_at": "2026-11-18T15:00:00-05:00",
        },
    }


def evaluated(folder: Path, *cases: dict[str, Any]) -> list[dict[str, Any]]:
    path, out = folder / "cases.json", StringIO()
    path.write_text(json.dumps(cases))
    call_command("evaluate_policy", str(path), policies=folder, stdout=out)
    return [answer["result"] for answer in json.loads(out.getvalue())]


def test_a_fourth_policy_entered_through_forms_holds_everywhere(
    cast: Cast, signed_in: SignIn, now: datetime, tmp_path: Path
) -> None:
    with time_machine.travel(now, tick=False):
        mona, maya = signed_in(cast.mona), signed_in(cast.maya)
        shop = opened_through_forms(mona)
        customer = factories.account(shop, user=cast.maya)

        landing = maya.get(f"/{SLUG}/").content.decode()
        for words in ("Up to day 14", "less 15%", "within 5 business days", "Days count from delivery."):
            assert words in landing
        assert WORDS in maya.get(f"/{SLUG}/policy/").content.decode()

        late, order = (
            factories.order(shop, now=now, customer=customer, days_ago=60, delivered_hours_ago=24 * days)
            for days in (15, 14)
        )
        refused = factories.submitted(
            late, now=now, lines=[factories.asked(late.lines.get(), ask_anyway=True)]
        ).submitted_quote.lines[0]
        assert refused.verdict.code is Code.WINDOW_EXPIRED

        rma = factories.submitted(order, now=now)
        assert rma.submitted_quote.total == Decimal("104.04")  # 122.40 less 18.36
        assert "$104.04" in maya.get(f"/{SLUG}/returns/{rma.reference}/").content.decode()
        assert "$104.04" in mona.get(f"/desk/requests/{rma.reference}/").content.decode()

        rma = factories.authorized(rma, by=cast.mona, now=now)
        mail = render(rma.notifications.filter(kind="authorized").latest("created_at"), now=now)
        assert "within 5 business days" in str(mail.body)
        rma = factories.received(rma, by=cast.mona, now=now)
        assert rma.due_on == date(2026, 11, 25)
        rma = factories.inspected(rma, by=cast.mona, now=now)
        settlement.settle(request_id=rma.pk, expected_total=rma.amount, by=By.staff(cast.mona), now=now)

        report = mona.get(f"/reports/?first=2026-11-18&last=2026-11-18&storefront={SLUG}").content.decode()
        assert "The Green Pot" in report
        assert "$104.04" in report

        call_command("export_policy", tmp_path, storefront=SLUG, stdout=StringIO())
    settings, terms = load_storefront(tmp_path / f"{SLUG}.toml")
    assert terms == shop.policy_versions.get().parsed()
    assert (settings.name, settings.closing_days) == (shop.name, (date(2026, 12, 23), date(2026, 12, 24)))
    in_time, too_late = evaluated(tmp_path, case("in time"), case("too late", delivered_at="2026-11-03T10:00:00-05:00"))
    assert (in_time["total"], in_time["processing_due_on"]) == ("104.04", "2026-11-25")
    assert too_late["lines"][0]["code"] == "WINDOW_EXPIRED"


def test_a_policy_that_is_exported_reads_back_as_the_very_one_in_the_database(
    shops: dict[str, Storefront], tmp_path: Path
) -> None:
    call_command("export_policy", tmp_path, stdout=StringIO())
    for slug, shop in shops.items():
        settings, terms = load_storefront(tmp_path / f"{slug}.toml")
        assert terms == shop.policy_versions.get().parsed()
        assert settings.help_topics == shop.help_topics
