"""The neutral case format: the cases of this folder agree, and wrong input is refused by case and field."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from returns.domain.cases import CaseError, evaluate, parse_cases, read_cases
from returns.domain.storefront import SHIPPED, load_storefronts
from tests.returns.domain.builders import SHOPS, STOREFRONTS

FOLDER = SHIPPED / "cases"
CASES = [case for shop in SHOPS for case in json.loads((FOLDER / f"{shop}.json").read_text())]
FOURTH = load_storefronts(Path(__file__).parent / "policies")


def answers(cases: Any, **options: Any) -> Any:
    return evaluate(json.dumps(cases).encode(), options.pop("policies", STOREFRONTS), **options)


def without_alternatives(expect: dict[str, Any]) -> dict[str, Any]:
    lines = [{key: value for key, value in line.items() if key != "also_accept"} for line in expect["lines"]]
    return {**expect, "lines": lines}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']} {case['title']}" for case in CASES])
def test_the_engine_agrees(case: dict[str, Any]) -> None:
    assert answers([case]) == [{"id": case["id"], "result": without_alternatives(case["expect"])}]


def test_cases_are_answered_in_their_order_and_without_what_stands_beside_them() -> None:
    bare = [{key: case[key] for key in ("id", "storefront", "account", "order", "request")} for case in CASES[:5]]
    assert [answer["id"] for answer in answers(bare)] == [case["id"] for case in CASES[:5]]
    nonsense = [{**case, "title": 1, "why": [], "hand": "?", "basis": {}, "expect": None} for case in bare]
    assert answers(nonsense) == answers(bare)


def test_no_cases_have_no_answers() -> None:
    assert answers([]) == []


def test_the_processing_date_is_told_only_where_the_return_has_arrived() -> None:
    dated = [answer["id"] for answer in answers(CASES) if "processing_due_on" in answer["result"]]
    assert dated == [case["id"] for case in CASES if "return_received_at" in case["request"]]


# ----------------------------------------------------------------------------------------------------------- bad input


def case() -> dict[str, Any]:
    """A good case, to be spoiled."""
    return copy.deepcopy(CASES[0])


Spoil = Callable[[dict[str, Any]], object]


def order_line(**changes: Any) -> Spoil:
    return lambda case: case["order"]["lines"][0].update(changes)


def request_line(**changes: Any) -> Spoil:
    return lambda case: case["request"]["lines"][0].update(changes)


def order(**changes: Any) -> Spoil:
    return lambda case: case["order"].update(changes)


def request_(**changes: Any) -> Spoil:
    return lambda case: case["request"].update(changes)


def account(**changes: Any) -> Spoil:
    return lambda case: case["account"].update(changes)


BAD: list[tuple[Spoil, str]] = [
    (lambda case: case.update(extra=1), "extra"),
    (lambda case: case.pop("storefront"), "storefront"),
    (lambda case: case.pop("account"), "account"),
    (lambda case: case.update(storefront="amazon"), "storefront"),
    (lambda case: case.update(storefront=["le-petit-spa"]), "storefront"),
    (lambda case: case.update(account=None), "account"),
    (lambda case: case.update(order=[]), "order"),
    (lambda case: case.update(request="soon"), "request"),
    (account(type="robot"), "account.type"),
    (account(outstanding_balance=0), "account.outstanding_balance"),
    (account(outstanding_balance="0"), "account.outstanding_balance"),
    (account(outstanding_balance="-1.00"), "account.outstanding_balance"),
    (account(outstanding_balance="1.000"), "account.outstanding_balance"),
    (account(outstanding_balance="1.00\n"), "account.outstanding_balance"),
    (account(outstanding_balance="１.00"), "account.outstanding_balance"),
    (account(outstanding_balance="9" * 11 + ".00"), "account.outstanding_balance"),
    (account(outstanding_balance=None), "account.outstanding_balance"),
    (account(credit="1.00"), "account.credit"),
    (account(previous_partial_returns=None), "account.previous_partial_returns"),
    (account(previous_partial_returns=[{"sku": "A"}]), "account.previous_partial_returns[0].returned_on"),
    (
        account(previous_partial_returns=[{"sku": "A", "returned_on": "2025-02-29"}]),
        "account.previous_partial_returns[0].returned_on",
    ),
    (
        account(previous_partial_returns=[{"sku": 4, "returned_on": "2025-02-28"}]),
        "account.previous_partial_returns[0].sku",
    ),
    (order(number=1001), "order.number"),
    (order(placed_at="2026-03-01"), "order.placed_at"),
    (order(placed_at="2026-03-01T10:00:00"), "order.placed_at"),
    (order(placed_at="2026-03-01T10:00:00.5-05:00"), "order.placed_at"),
    (order(placed_at="2026-03-01 10:00:00-05:00"), "order.placed_at"),
    (order(placed_at="2026-02-29T10:00:00-05:00"), "order.placed_at"),
    (order(placed_at="2026-03-01T24:00:00-05:00"), "order.placed_at"),
    (order(placed_at="2026-03-01T10:00:00-99:00"), "order.placed_at"),
    (order(placed_at="0001-01-01T00:00:00+14:00"), "order.placed_at"),
    (order(placed_at="9999-12-31T23:59:59-12:00"), "order.placed_at"),
    (order(placed_at=None), "order.placed_at"),
    (order(delivered_at=""), "order.delivered_at"),
    (order(delivered_at=1772377200), "order.delivered_at"),
    (order(channel="online"), "order.channel"),
    (order(shipping_paid="free"), "order.shipping_paid"),
    (order(lines=[]), "order.lines"),
    (order(lines={}), "order.lines"),
    (order(lines=["SERUM"]), "order.lines[0]"),
    (order(currency="USD"), "order.currency"),
    (lambda case: case["order"].pop("delivered_at"), "order.delivered_at"),
    (lambda case: case["order"].pop("lines"), "order.lines"),
    (lambda case: case["order"]["lines"][0].pop("expires_on"), "order.lines[0].expires_on"),
    (order_line(sku=None), "order.lines[0].sku"),
    (order_line(kind="hat"), "order.lines[0].kind"),
    (order_line(kind=3), "order.lines[0].kind"),
    (order_line(final_sale=0), "order.lines[0].final_sale"),
    (order_line(opening_order="no"), "order.lines[0].opening_order"),
    (order_line(ten_percent_back=None), "order.lines[0].ten_percent_back"),
    (order_line(quantity=0), "order.lines[0].quantity"),
    (order_line(quantity=1.5), "order.lines[0].quantity"),
    (order_line(quantity="1"), "order.lines[0].quantity"),
    (order_line(quantity=True), "order.lines[0].quantity"),
    (order_line(quantity=10**30), "order.lines[0].quantity"),
    (order_line(unit_price_paid=45), "order.lines[0].unit_price_paid"),
    (order_line(unit_price_paid="45,00"), "order.lines[0].unit_price_paid"),
    (order_line(unit_list_price=None), "order.lines[0].unit_list_price"),
    (order_line(expires_on="12/31/2030"), "order.lines[0].expires_on"),
    (order_line(expires_on="2030-02-30"), "order.lines[0].expires_on"),
    (order_line(engraved=True), "order.lines[0].engraved"),
    (request_(requested_at=None), "request.requested_at"),
    (request_(requested_at="2026-02-01T10:00:00-05:00"), "request.requested_at"),
    (request_(return_received_at=None), "request.return_received_at"),
    (request_(return_received_at="2026-03-09"), "request.return_received_at"),
    (request_(lines=[]), "request.lines"),
    (request_(lines=None), "request.lines"),
    (request_(note="hi"), "request.note"),
    (lambda case: case["request"].pop("lines"), "request.lines"),
    (request_line(line=1), "request.lines[0].line"),
    (request_line(line=-1), "request.lines[0].line"),
    (request_line(line="0"), "request.lines[0].line"),
    (request_line(quantity=2), "request.lines[0].quantity"),
    (request_line(quantity=0), "request.lines[0].quantity"),
    (request_line(reason="because"), "request.lines[0].reason"),
    (request_line(condition="new"), "request.lines[0].condition"),
    (request_line(used_percent="30"), "request.lines[0].used_percent"),
    (request_line(used_percent=-1), "request.lines[0].used_percent"),
    (request_line(used_percent=100.5), "request.lines[0].used_percent"),
    (request_line(used_percent=False), "request.lines[0].used_percent"),
    (request_line(resalable=None), "request.lines[0].resalable"),
    (request_line(resalable="yes"), "request.lines[0].resalable"),
    (request_line(wants="money"), "request.lines[0].wants"),
    (request_line(override=None), "request.lines[0].override"),
    (lambda case: case["request"]["lines"][0].pop("used_percent"), "request.lines[0].used_percent"),
    (lambda case: case["request"]["lines"].append(case["request"]["lines"][0]), "request.lines[1].quantity"),
]


@pytest.mark.parametrize(("spoil", "field"), BAD, ids=[f"{number} {row[1]}" for number, row in enumerate(BAD)])
def test_bad_input_names_the_case_and_the_field(spoil: Spoil, field: str) -> None:
    bad = case()
    spoil(bad)
    with pytest.raises(CaseError) as caught:
        answers([CASES[1], bad])
    assert str(caught.value).startswith(f"case LPS-C001 (number 2): {field}: ")


BAD_IDS = [None, 7, "", " ", "X", "LPS-C1", "LPS-C0001", "LPS-C001\n", "\ud800"]


@pytest.mark.parametrize("case_id", BAD_IDS)
def test_a_wrong_id_is_named_by_its_place(case_id: Any) -> None:
    with pytest.raises(CaseError, match=r"number 1\)?: id: must be"):
        answers([{**case(), "id": case_id}])


def test_a_missing_id_and_a_case_that_is_none() -> None:
    nameless = case()
    nameless.pop("id")
    with pytest.raises(CaseError) as caught:
        answers([nameless, 5, None])
    assert str(caught.value).splitlines() == [
        "case number 1: id: is missing",
        "case number 2: must be an object, not 5",
        "case number 3: must be an object, not None",
    ]


def test_every_wrong_case_is_told_and_an_id_is_used_once() -> None:
    wrong = {**case(), "storefront": "?"}
    with pytest.raises(CaseError) as caught:
        answers([CASES[0], wrong, CASES[0]])
    told = str(caught.value).splitlines()
    assert [line.split(": ")[:2] for line in told] == [
        ["case LPS-C001 (number 2)", "storefront"],
        ["case LPS-C001 (number 3)", "id"],
    ]


RAW = [
    (b"", "the input is not JSON"),
    (b"{", "the input is not JSON"),
    (b"{}", "the input must be a JSON array of cases, not {}"),
    (b"null", "the input must be a JSON array of cases, not None"),
    (b"[NaN]", "the input is not JSON: NaN is not a JSON number"),
    (b"[-Infinity]", "the input is not JSON: -Infinity is not a JSON number"),
    (b"\xff\xfe[\x00]\x00", "the input is not UTF-8 text"),
    (b"[" * 100_000, "the input is not JSON"),
    (b"[" + b"9" * 5000 + b"]", "the input is not JSON"),
    (b"[1e" + b"9" * 30 + b"]", "the input is not JSON"),
    (b'[{"id": "a", "id": "b"}]', "the input is not JSON: the key 'id' appears twice in one object"),
]


@pytest.mark.parametrize(("raw", "message"), RAW, ids=[row[1] + str(number) for number, row in enumerate(RAW)])
def test_input_that_is_no_array_of_cases(raw: bytes, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        evaluate(raw, STOREFRONTS)
    assert str(caught.value).startswith(message)


def test_a_byte_order_mark_is_no_trouble() -> None:
    assert evaluate(b"\xef\xbb\xbf[]", STOREFRONTS) == []


def test_numbers_are_read_exactly() -> None:
    raw = json.dumps([CASES[2]]).replace('"used_percent": 30', '"used_percent": 50.00000000000000000001')
    assert "00001" in raw
    (answer,) = evaluate(raw.encode(), STOREFRONTS)
    assert json.dumps(answer).count("OVER_HALF_USED") == 1


def test_the_largest_case_is_still_exact() -> None:
    large = case()
    order_line(quantity=1_000_000, unit_price_paid="9999999999.99")(large)
    request_line(quantity=999_999)(large)
    (answer,) = answers([large])
    assert Decimal(answer["result"]["total"]) == Decimal("9999999999.99") * 999_999


# ---------------------------------------------------------------------------------------------------------- fourth shop


def fourth(**line: Any) -> dict[str, Any]:
    """A case of the invented shop."""
    other = case()
    other.update(id="a pot", storefront="green-pot")
    order_line(**{"kind": "pot", **line})(other)
    return other


def test_another_folder_brings_its_own_storefronts_kinds_and_flags() -> None:
    cases = [fourth(), {**fourth(engraved=True), "id": "an engraved pot"}]
    told = answers(cases, policies=FOURTH, own_ids=True)
    assert [answer["result"]["lines"][0]["code"] for answer in told] == ["RESTOCKING_FEE", "EXCLUDED_FLAG"]


@pytest.mark.parametrize(
    ("bad", "field"),
    [(fourth(kind="retail"), "order.lines[0].kind"), (fourth(engraved=1), "order.lines[0].engraved")],
)
def test_kinds_and_flags_of_others_are_unknown_there(bad: Any, field: str) -> None:
    with pytest.raises(CaseError, match=rf"case a pot \(number 1\): {field}".replace("[", r"\[")):
        answers([bad], policies=FOURTH, own_ids=True)


def test_the_shipped_storefronts_are_not_in_another_folder() -> None:
    with pytest.raises(CaseError, match="storefront: must be one of green-pot, not 'le-petit-spa'"):
        answers([case()], policies=FOURTH, own_ids=True)


def test_an_id_of_its_own_must_not_be_empty() -> None:
    with pytest.raises(CaseError, match="id: must be a text that is not empty"):
        answers([{**fourth(), "id": " "}], policies=FOURTH, own_ids=True)


# ---------------------------------------------------------------------------------------------- agreement with a schema

RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "lines",
        "shipping_refund",
        "service_charge",
        "balance_applied",
        "total",
        "return_shipping_paid_by",
        "also_return",
    ],
    "properties": {
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["outcome", "code", "resolution", "gross", "restocking_fee", "amount"],
                "properties": {
                    "outcome": {"enum": ["eligible", "not_eligible", "needs_review", "redirect"]},
                    "code": {"type": "string", "pattern": "^[A-Z_]+$"},
                    "resolution": {"enum": ["refund", "store_credit", "exchange", "replacement", None]},
                    "gross": {"$ref": "#/$defs/money"},
                    "restocking_fee": {"$ref": "#/$defs/money"},
                    "amount": {"$ref": "#/$defs/money"},
                },
            },
        },
        "shipping_refund": {"$ref": "#/$defs/money"},
        "service_charge": {"$ref": "#/$defs/money"},
        "balance_applied": {"$ref": "#/$defs/money"},
        "total": {"$ref": "#/$defs/money"},
        "return_shipping_paid_by": {"enum": ["customer", "merchant", None]},
        "also_return": {"type": "array", "items": {"type": "integer"}},
        "processing_due_on": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    },
    "$defs": {"money": {"type": "string", "pattern": "^[0-9]+\\.[0-9]{2}$"}},
}


def test_results_have_the_form_of_an_expectation() -> None:
    for answer in answers(CASES):
        jsonschema.validate(answer["result"], RESULT)


def test_facts_are_read_once_and_kept() -> None:
    (first,) = read_cases(parse_cases(json.dumps([CASES[0]]).encode()), STOREFRONTS)
    assert first.order.currency == "USD"
    assert first.settings.slug == "le-petit-spa"
    assert first.received_at is None
