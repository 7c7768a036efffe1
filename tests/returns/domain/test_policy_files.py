"""Policy files: the shipped ones are sound, a wrong one is refused with file, key and what is allowed."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from returns.domain import policy
from returns.domain.policy import PolicyError, PolicyTerms
from returns.domain.storefront import SHIPPED, StorefrontSettings, load_storefront, load_storefronts
from tests.returns.domain.builders import CONSUMER, PRO, SETTINGS, SHOPS, SPA, TERMS

DOCS = Path(__file__).parents[3] / "docs" / "policies.md"
POT = Path(__file__).parent / "policies" / "green-pot.toml"


# ---------------------------------------------------------------------------------------------------------- the shipped


def test_three_storefronts_are_shipped() -> None:
    assert set(load_storefronts(SHIPPED)) == set(SHOPS)


@pytest.mark.parametrize("shop", SHOPS)
def test_terms_come_back_from_their_data_as_json_keeps_it(shop: str) -> None:
    data = json.loads(json.dumps(TERMS[shop].as_data()))
    assert PolicyTerms.from_data(data) == TERMS[shop]
    assert PolicyTerms.from_data(data).as_data() == data


def test_stored_terms_say_everything_even_what_the_file_leaves_to_a_default() -> None:
    data = TERMS[SPA].as_data()
    assert data["processing"]["holidays"] == "us_federal"
    assert data["tiers"][0]["fee_percent"] == "0"
    assert data["claims"]["remedies"] == ["money", "replacement"]


@pytest.mark.parametrize("shop", SHOPS)
def test_clauses_are_written_out_and_all_are_used_or_for_the_policy_page(shop: str) -> None:
    for clause in TERMS[shop].clauses:
        assert clause.text.endswith(".")
        assert not re.search(r"please|unfortunately|approve|parcel|!", clause.text + clause.title, re.IGNORECASE)


def test_le_petit_spa_speaks_of_store_credit_alone() -> None:
    words = json.dumps([TERMS[SPA].as_data()["clauses"], TERMS[SPA].as_data()["package"]]).lower()
    assert "store credit" in words
    assert not re.search(r"refund|card|cash|money", words)


def test_no_address_is_invented_for_le_petit_spa() -> None:
    assert SETTINGS[SPA].return_address == ()
    assert SETTINGS[CONSUMER].return_address == SETTINGS[PRO].return_address
    assert SETTINGS[CONSUMER].return_address[-1] == "Lantana, FL 33462"


def test_contacts_are_those_of_the_pages() -> None:
    assert SETTINGS[SPA].returns_phone == "980-216-1527"
    assert SETTINGS[SPA].appointment_phone == "980-406-3269"
    assert SETTINGS[PRO].returns_phone == "(800) 796-7546"
    assert SETTINGS[CONSUMER].opening_hours["mon"] == ["08:30", "18:00"]
    assert [SETTINGS[shop].account_self_service for shop in SHOPS] == [True, True, False]


def test_the_order_number_goes_on_the_box_at_le_petit_spa_and_the_rma_number_elsewhere() -> None:
    assert [TERMS[shop].package.box_mark.value for shop in SHOPS] == ["order_number", "rma_number", "rma_number"]


# ------------------------------------------------------------------------------------------------------------- the page


def keys_of(record: type[Any]) -> Iterator[str]:
    for name, hint in get_type_hints(record).items():
        yield name
        parts = [part for part in (hint, *get_args(hint)) if isinstance(part, type) and get_origin(part) is None]
        for part in parts:
            if hasattr(part, "__dataclass_fields__"):
                yield from keys_of(part)


def test_the_page_names_every_key() -> None:
    page = DOCS.read_text()
    missing = {key for record in (PolicyTerms, StorefrontSettings) for key in keys_of(record) if key not in page}
    assert not missing


@pytest.mark.parametrize(
    "words",
    [policy.Remedy, policy.LateClaim, policy.ExcludedGoods, policy.ExchangeDecision, policy.DayCount, policy.BoxMark],
)
def test_the_page_names_every_word(words: Any) -> None:
    page = DOCS.read_text()
    assert all(f'"{word}"' in page for word in words)


# ------------------------------------------------------------------------------------------------------- wrong policies


def terms_data() -> dict[str, Any]:
    """The data of the consumer policy, to be spoiled."""
    data: dict[str, Any] = json.loads(json.dumps(TERMS[CONSUMER].as_data()))
    return data


Spoil = Callable[[dict[str, Any]], object]

WRONG: list[tuple[str, Spoil, str, str]] = [
    ("a key nobody knows", lambda d: d.update(tears=[]), "tears", "allowed are format"),
    ("a key nobody knows in a part", lambda d: d["tiers"][1].update(until=9), "tiers[1].until", "until_day"),
    ("a missing table", lambda d: d.pop("claims"), "claims", "is missing"),
    ("a missing key", lambda d: d["claims"].pop("late"), "claims.late", "is missing"),
    ("another format", lambda d: d.update(format=2), "format", "from 1 to 1"),
    ("a number as a text", lambda d: d["tiers"][0].update(until_day="30"), "tiers[0].until_day", "a whole number"),
    ("true as a number", lambda d: d["tiers"][0].update(until_day=True), "tiers[0].until_day", "a whole number"),
    ("negative days", lambda d: d["tiers"][0].update(until_day=-1), "tiers[0].until_day", "0 to 36500"),
    ("half a day", lambda d: d["tiers"][0].update(until_day=1.5), "tiers[0].until_day", "a whole number"),
    ("more than all", lambda d: d["tiers"][1].update(fee_percent=120), "tiers[1].fee_percent", "from 0 to 100"),
    ("less than nothing", lambda d: d["tiers"][1].update(fee_percent=-1), "tiers[1].fee_percent", "from 0 to 100"),
    ("no number", lambda d: d["tiers"][1].update(fee_percent="a lot"), "tiers[1].fee_percent", "from 0 to 100"),
    ("no number at all", lambda d: d["tiers"][1].update(fee_percent=float("nan")), "tiers[1].fee_percent", "not nan"),
    ("true as a percentage", lambda d: d["tiers"][1].update(fee_percent=True), "tiers[1].fee_percent", "True"),
    ("an amount as a number", lambda d: d["tiers"][1].update(fixed_fee=2.5), "tiers[1].fixed_fee", '"20.00"'),
    ("a negative amount", lambda d: d["tiers"][1].update(fixed_fee="-2.50"), "tiers[1].fixed_fee", '"20.00"'),
    ("no tiers", lambda d: d.update(tiers=[]), "tiers", "at least one"),
    ("tiers that are no list", lambda d: d.update(tiers={}), "tiers", "a list"),
    ("a tier that is no table", lambda d: d.update(tiers=[3]), "tiers[0]", "a table"),
    ("tiers that overlap", lambda d: d["tiers"][1].update(until_day=30), "tiers[1].until_day", "after day 30"),
    ("a tier after the last", lambda d: d["tiers"][0].pop("until_day"), "tiers[0].until_day", "only the last tier"),
    ("waiting that pays", lambda d: d["tiers"][0].update(fee_percent=30, min_shelf_months=24), "tiers[1]", "waiting"),
    (
        "a shelf clause alone",
        lambda d: d["tiers"][0].update(shelf_clause="CON-27"),
        "tiers[0].shelf_clause",
        "min_shelf",
    ),
    ("no shelf life", lambda d: d["tiers"][1].update(min_shelf_months=0), "tiers[1].min_shelf_months", "1 to 1200"),
    ("a zone nobody lives in", lambda d: d.update(timezone="America/Atlantis"), "timezone", "time zone"),
    ("a zone that is a path", lambda d: d.update(timezone="../../etc/passwd"), "timezone", "time zone"),
    ("a currency in words", lambda d: d.update(currency="dollar"), "currency", "three capital letters"),
    ("a clock that stands still", lambda d: d.update(clock="never"), "clock", "purchase, delivery"),
    ("a list as a word", lambda d: d.update(clock=[]), "clock", "purchase, delivery"),
    ("a clause that isn't there", lambda d: d["claims"].update(clause="CON-99"), "claims.clause", "CON-99"),
    ("a tier's clause", lambda d: d["tiers"][1].update(clause="CON-99"), "tiers[1].clause", "CON-99"),
    ("an id that is no id", lambda d: d["claims"].update(clause="no id"), "claims.clause", "the id of a clause"),
    ("the same clause twice", lambda d: d["clauses"].append(d["clauses"][0]), "clauses[15].id", "twice"),
    ("an empty title", lambda d: d["clauses"][0].update(title=" "), "clauses[0].title", "not empty"),
    ("no kinds", lambda d: d.update(kinds={}, exclusions=[]), "kinds", "at least one"),
    ("a kind in capitals", lambda d: d["kinds"].update(Retail="Retail"), "kinds.Retail", "small letters"),
    ("a kind without words", lambda d: d["kinds"].update(retail=""), "kinds.retail", "not empty"),
    ("a flag in capitals", lambda d: d["flags"].update({"Final Sale": "x"}), "flags.Final Sale", "small letters"),
    ("an unknown kind", lambda d: d["exclusions"][0]["kinds"].append("hat"), "exclusions[0].kinds[3]", "retail"),
    ("an unknown flag", lambda d: d["exclusions"][0]["flags"].append("hat"), "exclusions[0].flags[1]", "final_sale"),
    ("an exclusion of nothing", lambda d: d["exclusions"][0].update(kinds=[], flags=[]), "exclusions[0]", "kinds or"),
    ("a bar of nothing", lambda d: d["exclusions"][0].update(bars=[]), "exclusions[0].bars", "returns"),
    (
        "an unknown free kind",
        lambda d: d.update(free_items_back={"clause": "CON-24", "kinds": ["x"]}),
        "free_items_back.kinds[0]",
        "retail",
    ),
    (
        "a share without a limit",
        lambda d: d["opened"].update(share_percent=50, until_day=9),
        "opened.used_limit_percent",
        "needed",
    ),
    (
        "a share without days",
        lambda d: d["opened"].update(share_percent=50, used_limit_percent=9),
        "opened.until_day",
        "needed",
    ),
    (
        "a limit without a share",
        lambda d: d["opened"].update(used_limit_percent=50),
        "opened.used_limit_percent",
        "share_percent",
    ),
    ("a form without a share", lambda d: d["opened"].update(paid_as="refund"), "opened.paid_as", "share_percent"),
    ("claims without a clock", lambda d: d["claims"].pop("hours"), "claims", "either hours"),
    ("claims with two clocks", lambda d: d["claims"].update(until_day=3), "claims", "not both"),
    (
        "claims without a remedy",
        lambda d: d["claims"].update(remedies=[], excluded_goods="no_difference"),
        "claims.remedies",
        "money",
    ),
    (
        "a replacement nobody makes",
        lambda d: d["claims"].update(remedies=["money"]),
        "claims.excluded_goods",
        "replacement",
    ),
    ("days without exchanges", lambda d: d["exchange"].update(decision="none"), "exchange.until_day", "no exchanges"),
    ("a claim as an exchange", lambda d: d["exchange"].update(reasons=["damaged"]), "exchange.reasons[0]", "never"),
    (
        "a lost one as an exchange",
        lambda d: d["exchange"].update(reasons=["not_received"]),
        "exchange.reasons[0]",
        "never",
    ),
    ("money in no form", lambda d: d["money"].update(forms=[]), "money.forms", "refund"),
    ("money in an odd form", lambda d: d["money"].update(forms=["shells"]), "money.forms[0]", "refund, store_credit"),
    ("no working days", lambda d: d["processing"].update(weekdays=[]), "processing.weekdays", "at least one"),
    ("processing at once", lambda d: d["processing"].update(days=0), "processing.days", "1 to 365"),
]


@pytest.mark.parametrize(("spoil", "key", "problem"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_policy_is_refused_with_the_key_and_what_is_allowed(spoil: Spoil, key: str, problem: str) -> None:
    data = terms_data()
    spoil(data)
    with pytest.raises(PolicyError) as caught:
        PolicyTerms.from_data(data)
    assert caught.value.key == key
    assert problem in caught.value.problem
    assert str(caught.value) == f"{key}: {caught.value.problem}"


def test_policy_data_that_is_no_table_at_all() -> None:
    with pytest.raises(PolicyError, match=r"^must be a table, not 'nothing'$"):
        PolicyTerms.from_data("nothing")  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------------------- wrong files

REPLACED: list[tuple[str, str, str, str]] = [
    ("no TOML", "[kinds]", "[kinds", "is not TOML: "),
    ("a percentage", "fee_percent = 15", "fee_percent = 150", "tiers[0].fee_percent: must be a number"),
    ("a decimal is exact", "fee_percent = 15", "fee_percent = 100.000001", "tiers[0].fee_percent: must be"),
    ("no storefront", "[storefront]", "[shop]", "storefront.slug: is missing"),
    ("a key", "short_name", "shortname", "storefront.shortname: is not a key here; allowed are slug, name"),
    ("a slug", '"green-pot"', '"Green Pot"', "storefront.slug: must be a name for URLs"),
    ("a zone", "Europe/Berlin", "Europe/Avalon", "storefront.timezone: must be the name of a time zone"),
    ("a color", "#2f6b3a", "green", "storefront.accent: must be a color"),
    ("an email", 'email = ""', 'email = "nobody"', "storefront.email: must be an email address"),
    ("a phone", 'returns_phone = ""', 'returns_phone = "call me"', "storefront.returns_phone: must be a phone"),
    ("a weekday", "tue =", "tuesday =", "storefront.hours.tuesday: is not a weekday; allowed are mon, tue"),
    ("hours backwards", '["10:00", "19:00"]', '["19:00", "10:00"]', "storefront.hours.tue: must be opening"),
    ("hours of no clock", '["10:00", "19:00"]', '["10:00", "25:00"]', "storefront.hours.tue: must be opening"),
    ("half an hour", '["10:00", "19:00"]', '["10:00"]', "storefront.hours.tue: must be opening"),
    ("hours in words", '["10:00", "19:00"]', '"all day"', "storefront.hours.tue: must be opening"),
    ("hours in numbers", '["10:00", "19:00"]', "[10, 19]", "storefront.hours.tue: must be opening"),
    ("a closing day", "[2026-05-01]", "[2026-05-01T10:00:00]", "storefront.closing_days[0]: must be a date"),
    ("a zone twice", "format = 1", 'format = 1\ntimezone = "UTC"', "timezone: belongs into [storefront]"),
    ("digits without end", "format = 1", "format = " + "9" * 5000, "is not TOML: "),
]


@pytest.mark.parametrize(("old", "new", "message"), [row[1:] for row in REPLACED], ids=[row[0] for row in REPLACED])
def test_a_wrong_file_is_refused_with_its_name(tmp_path: Path, old: str, new: str, message: str) -> None:
    wrong = tmp_path / "wrong.toml"
    text = POT.read_text()
    assert old in text
    wrong.write_text(text.replace(old, new, 1))
    with pytest.raises(PolicyError) as caught:
        load_storefront(wrong)
    assert str(caught.value).startswith(f"wrong.toml: {message}")
    assert caught.value.source == "wrong.toml"


def test_a_file_without_a_storefront(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("format = 1\n")
    with pytest.raises(PolicyError, match=r"^wrong\.toml: storefront: is missing$"):
        load_storefront(wrong)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_bytes(b"format = 1\n# \xff\n")
    with pytest.raises(PolicyError, match=r"^wrong\.toml: is not UTF-8 text$"):
        load_storefront(wrong)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"^wrong\.toml: can't be read: No such file or directory$"):
        load_storefront(tmp_path / "wrong.toml")


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_policies(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(PolicyError, match="no policy files"):
        load_storefronts(tmp_path / name)


def test_two_files_for_one_storefront(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(POT.read_text())
    with pytest.raises(PolicyError, match=r"^b\.toml: storefront\.slug: green-pot is used by another file too$"):
        load_storefronts(tmp_path)


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "pot.toml"
    path.write_bytes(b"\xef\xbb\xbf" + POT.read_bytes())
    settings, _ = load_storefront(path)
    assert settings.slug == "green-pot"


def test_hours_may_be_times_as_toml_has_them(tmp_path: Path) -> None:
    path = tmp_path / "pot.toml"
    path.write_text(POT.read_text().replace('["10:00", "19:00"]', "[10:00:00, 19:00:00]"))
    settings, _ = load_storefront(path)
    assert settings.opening_hours == {"tue": ["10:00", "19:00"], "sat": ["09:00", "13:00"]}


def test_percentages_are_read_exactly() -> None:
    data = tomllib.loads(POT.read_text(), parse_float=Decimal)
    assert data["opened"]["share_percent"] == Decimal("33.3")


def test_every_part_of_the_terms_is_a_frozen_record() -> None:
    assert all(field.name in TERMS[SPA].as_data() or field.default is None for field in fields(PolicyTerms))


# --------------------------------------------------------------------------------------------------- wrong help topics

HELP_WRONG = [
    ("text = 'Call {fax}.'", "storefront.help[0].text", "allowed are {phone}, {email}, {hours}"),
    ("text = 'Call {phone.'", "storefront.help[0].text", "a brace without its other half"),
    ("text = 'Call {}.'", "storefront.help[0].text", "allowed are {phone}"),
    ("text = ' '", "storefront.help[0].text", "not empty"),
    ("text = 'Yes.'\nplaces = []", "storefront.help[0].places", "at least one of landing, order, sign_in, account"),
    ("text = 'Yes.'\nplaces = ['shop']", "storefront.help[0].places[0]", "one of landing"),
]


@pytest.mark.parametrize(("wrong", "key", "problem"), HELP_WRONG)
def test_a_help_topic_that_no_page_could_show_is_refused(tmp_path: Path, wrong: str, key: str, problem: str) -> None:
    places = "" if "places" in wrong else "places = ['landing']\n"
    topic = f"[[storefront.help]]\ntitle = 'Fax'\n{places}{wrong}\n"
    target = tmp_path / "pot.toml"
    target.write_text(POT.read_text().replace("\n[kinds]", f"\n{topic}\n[kinds]", 1))
    with pytest.raises(PolicyError) as refused:
        load_storefront(target)
    assert refused.value.key == key
    assert problem in str(refused.value)
