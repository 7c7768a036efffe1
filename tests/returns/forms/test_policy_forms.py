"""A policy through its forms: what is shown reads back as the very terms, and nonsense is told beside its field."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict

from returns.domain.storefront import SHIPPED, load_storefronts
from returns.forms.policy.changes import changes, count_of_terms
from returns.forms.policy.whole import PolicyForms, one_more
from tests.policy_typing import typed

INVENTED = Path(__file__).parents[1] / "domain/policies"
POLICIES = {slug: terms for folder in (SHIPPED, INVENTED) for slug, (_, terms) in load_storefronts(folder).items()}
IMAGE = POLICIES["image-consumer"]


def errors(forms: PolicyForms) -> dict[str, str]:
    found: dict[str, str] = {}
    for form in forms.forms:
        for name, told in form.errors.items():
            found[f"{form.prefix}-{name}"] = str(told[0])
    return found


@pytest.mark.parametrize("slug", sorted(POLICIES))
def test_a_policy_that_is_shown_and_sent_back_is_the_same_policy(slug: str) -> None:
    forms = PolicyForms(POLICIES[slug], typed(POLICIES[slug]))
    assert (forms.read, errors(forms)) == (POLICIES[slug], {})


NONSENSE: list[tuple[dict[str, Any], str, str]] = [
    ({"tiers__0__until_day": "soon"}, "tiers-0-until_day", "whole number from 0 to 36,500"),
    ({"tiers__0__until_day": "-1"}, "tiers-0-until_day", "whole number from 0"),
    ({"tiers__1__until_day": "12"}, "tiers-0-fee_percent", "gives more"),
    ({"tiers__1__fee_percent": "101"}, "tiers-1-fee_percent", "from 0 to 100"),
    ({"tiers__0__fee_percent": "30", "tiers__1__min_shelf_months": ""}, "tiers-1-fee_percent", "waiting must never"),
    ({"tiers__1__fixed_fee": "1.005"}, "tiers-1-fixed_fee", "such as 20.00"),
    ({"tiers__1__min_shelf_months": ""}, "tiers-1-shelf_clause", "no meaning without “Months left to expiration”"),
    ({"tiers__0__clause": "NONE"}, "tiers-0-clause", "not one of the available choices"),
    ({"opened__share_percent": "50"}, "opened-used_limit_percent", "needed beside “Given back for opened goods, %”"),
    ({"opened__until_day": "5"}, "opened-until_day", "no meaning without"),
    ({"claims__hours": ""}, "claims-hours", "needs either hours"),
    ({"claims__until_day": "5"}, "claims-hours", "not both"),
    ({"claims__remedies": []}, "claims-remedies", "Choose at least one"),
    ({"claims__remedies": ["money"]}, "claims-excluded_goods", "needs the remedy replacement"),
    ({"exclusions__0__kinds": [], "exclusions__0__flags": []}, "exclusions-0-kinds", "must name kinds or flags"),
    ({"exclusions__0__bars": []}, "exclusions-0-bars", "Choose at least one"),
    ({"exchange__decision": "none"}, "exchange-until_day", "makes no exchanges"),
    ({"processing__days": "0"}, "processing-days", "from 1 to 365"),
    ({"processing__weekdays": []}, "processing-weekdays", "Choose at least one"),
    ({"refused_packages__applies": "on"}, "refused_packages-service_charge", "such as 20.00"),
    ({"kinds__7__name": "retail"}, "kinds-7-name", "is there twice"),
    ({"kinds__1__name": "Big Size"}, "kinds-1-name", "small letters"),
    ({"clauses__1__id": "CON-24", "tiers__1__clause": "CON-24"}, "clauses-1-id", "is there twice"),
    ({"clauses__1__text": " "}, "clauses-1-text", "what customers read"),
    ({"basis__clock": "receipt"}, "basis-clock", "not one of the available choices"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("instead", "field", "words"), NONSENSE, ids=[f"{field} {words}" for _, field, words in NONSENSE]
)
def test_nonsense_is_told_beside_its_field(instead: dict[str, Any], field: str, words: str) -> None:
    forms = PolicyForms(IMAGE, typed(IMAGE, **instead))
    assert forms.read is None
    assert words in errors(forms).get(field, ""), errors(forms)


def test_all_problems_are_told_at_once() -> None:
    forms = PolicyForms(IMAGE, typed(IMAGE, processing__days="x", claims__hours="0", kinds__0__label=""))
    assert forms.read is None
    assert set(errors(forms)) == {"processing-days", "claims-hours", "kinds-0-label"}


def test_a_list_grows_by_a_row_and_an_empty_row_says_nothing() -> None:
    longer = one_more(typed(IMAGE), "tiers")
    forms = PolicyForms(IMAGE, longer)
    assert len(forms.lists["tiers"].forms) == 3
    assert forms.read == IMAGE


def test_tiers_follow_each_other_by_their_days_in_whatever_row_they_are_written() -> None:
    longer = one_more(typed(IMAGE), "tiers")
    for name, value in {"until_day": "60", "fee_percent": "10", "clause": "CON-28"}.items():
        longer[f"tiers-2-{name}"] = value
    terms = PolicyForms(IMAGE, longer).read
    assert terms is not None
    assert [tier.until_day for tier in terms.tiers] == [30, 60, None]


def test_a_row_can_be_removed() -> None:
    terms = PolicyForms(IMAGE, typed(IMAGE, tiers__1__DELETE="on")).read
    assert terms is not None
    assert terms.tiers == IMAGE.tiers[:1]


def test_clauses_stand_in_the_order_of_their_places() -> None:
    terms = PolicyForms(IMAGE, typed(IMAGE, clauses__0__ORDER="99")).read
    assert terms is not None
    assert [clause.id for clause in terms.clauses] == [
        *(clause.id for clause in IMAGE.clauses[1:]),
        IMAGE.clauses[0].id,
    ]


def test_a_clause_that_was_typed_can_be_chosen() -> None:
    data = one_more(typed(IMAGE), "clauses")
    for name, value in {"id": "NEW-1", "title": "New", "text": "Words."}.items():
        data[f"clauses-{len(IMAGE.clauses)}-{name}"] = value
    data["tiers-0-clause"] = "NEW-1"
    terms = PolicyForms(IMAGE, data).read
    assert terms is not None
    assert terms.tiers[0].clause == "NEW-1"


def spoiled(change: Callable[[QueryDict], object]) -> PolicyForms:
    data = typed(IMAGE)
    change(data)
    return PolicyForms(IMAGE, data)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.clear(),
        lambda data: data.update({"tiers-TOTAL_FORMS": "x"}),
        lambda data: data.setlist("tiers-TOTAL_FORMS", ["999999999999999999999"]),
        lambda data: data.setlist("tiers-TOTAL_FORMS", ["-1"]),
    ],
)
def test_what_no_browser_sends_is_no_policy_and_no_error_of_ours(change: Callable[[QueryDict], object]) -> None:
    assert spoiled(change).read is None


def test_every_answer_that_differs_is_a_change_in_words() -> None:
    terms = PolicyForms(IMAGE, typed(IMAGE, tiers__1__fee_percent="15", processing__count="business")).read
    assert terms is not None
    found = [(change.term, change.clause, change.before, change.after) for change in changes(IMAGE, terms)]
    assert found == [
        ("Tier 2: restocking fee, %", "CON-28", "20%", "15%"),
        ("Counted as", "CON-32", "calendar days", "business days"),
    ]
    assert changes(IMAGE, IMAGE) == []
    assert count_of_terms(IMAGE, IMAGE) > 60


def test_every_form_and_list_is_on_the_page_once() -> None:
    forms = PolicyForms(IMAGE)
    assert len({id(part) for part in forms.parts}) == 1 + len(forms.single) + len(forms.lists)
