"""The filter of the queue as controls. Unknown values are ignored, so an old or mangled URL still shows a queue.

Drawn from finished values, not as form fields: these controls are on the page that is opened most.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from returns.components import STATUS_LOOKS
from returns.domain.facts import Outcome
from returns.domain.queue import ALL, ME, NOBODY, Criteria, DueBy, Lane, Sort, read_amount
from returns.domain.workflow import Status
from returns.queue import Desk
from returns.wording.desk import REASON_WORDS

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.ELIGIBLE: "Eligible",
    Outcome.NEEDS_REVIEW: "Needs review",
    Outcome.NOT_ELIGIBLE: "Not eligible",
    Outcome.REDIRECT: "Bought elsewhere",
}
STATUS_CHOICES = [
    *((status.value, STATUS_LOOKS[status].word(staff=True)) for status in Status),
    (ALL, "Open and closed"),
]
GROUP_CHOICES = [
    ("to_decide", "To decide"),
    ("waiting", "Waiting for the customer"),
    ("to_receive", "To receive"),
    ("to_inspect", "To inspect"),
    ("to_settle", "To settle"),
]
OWNER_CHOICES = [(ME, "Me"), (NOBODY, "Nobody")]
DUE_CHOICES = [(DueBy.OVERDUE.value, "Overdue"), (DueBy.TODAY.value, "Today"), (DueBy.WEEK.value, "This week")]
LANE_CHOICES = [(Lane.CLAIMS.value, "Claims"), (Lane.ORDINARY.value, "Ordinary")]
SORT_CHOICES = [
    (Sort.NEWEST.value, "Newest first"),
    (Sort.OLDEST.value, "Oldest first"),
    (Sort.AMOUNT.value, "Largest amount first"),
]
NOT_AN_AMOUNT = "An amount is a number, for example 200 or 49.95."

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Select:
    """One drop-down list: (value, label, whether it is chosen)."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]

    @classmethod
    def of(cls, name: str, label: str, nothing: str, choices: Iterable[Choice], chosen: str) -> "Select":
        """With `nothing` as the first option, which doesn't narrow."""
        return cls(name, label, tuple((value, text, value == chosen) for value, text in [("", nothing), *choices]))


@dataclass(frozen=True, slots=True)
class AmountInput:
    """One amount as it was typed, and what is wrong with it."""

    name: str
    label: str
    text: str

    @property
    def problem(self) -> str:
        """Why it doesn't narrow; empty where it does, or where nothing was typed."""
        return NOT_AN_AMOUNT if self.text.strip() and read_amount(self.text) is None else ""


@dataclass(frozen=True, slots=True)
class FilterControls:
    """The controls of the filter, as they stand for some criteria."""

    selects: tuple[Select, ...]
    more: tuple[Select, ...]
    amounts: tuple[AmountInput, ...]
    criteria: Criteria

    @classmethod
    def of(cls, criteria: Criteria, desk: Desk, typed: Mapping[str, str]) -> "FilterControls":
        """Those for a person: one storefront is no choice."""
        amounts = (
            AmountInput("amount_from", "Amount from", typed.get("amount_from", "")[:20]),
            AmountInput("amount_to", "Amount to", typed.get("amount_to", "")[:20]),
        )
        return cls(tuple(_selects(criteria, desk)), tuple(_more(criteria)), amounts, criteria)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is chosen."""
        return self.criteria != Criteria()

    @property
    def has_more(self) -> bool:
        """Whether what is folded away says something."""
        chosen = self.criteria.reason or self.criteria.verdict or any(one.text for one in self.amounts)
        return bool(chosen)


def _selects(criteria: Criteria, desk: Desk) -> Iterator[Select]:
    if len(desk.storefronts) > 1:
        shops = [(shop.slug, shop.short_name) for shop in desk.storefronts]
        yield Select.of("storefront", "Storefront", "All storefronts", shops, criteria.storefront)
    statuses = [*GROUP_CHOICES, *STATUS_CHOICES]
    yield Select.of("status", "Status", "Everything open", statuses, criteria.status)
    colleagues = {key: name for key, name in desk.colleagues.items() if key != desk.me or key == criteria.owner}
    if criteria.owner not in {"", ME, NOBODY, *colleagues}:
        colleagues[criteria.owner] = "Somebody else"  # who works here no longer; their returns are still theirs
    yield Select.of("owner", "Owner", "Anybody", [*OWNER_CHOICES, *colleagues.items()], criteria.owner)
    yield Select.of("due", "Due", "Any day", DUE_CHOICES, criteria.due)
    yield Select.of("lane", "Lane", "Both", LANE_CHOICES, criteria.lane)
    yield Select.of("sort", "Sort", "Urgent first", SORT_CHOICES, criteria.sort)


def _more(criteria: Criteria) -> Iterator[Select]:
    reasons = [(reason.value, words) for reason, words in REASON_WORDS.items()]
    yield Select.of("reason", "Reason", "Any", reasons, criteria.reason)
    verdicts = [(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()]
    yield Select.of("verdict", "Verdict", "Any", verdicts, criteria.verdict)


def chosen_from(typed: Mapping[str, str], desk: Desk) -> Criteria:
    """The criteria of an address."""
    return Criteria.read(typed, desk.slugs)


def words_for(criteria: Criteria, desk: Desk) -> str:
    """`Status: To decide · Owner: Me`: what a view shows, part by part; `Everything open` where nothing narrows it."""
    controls = FilterControls.of(criteria, desk, criteria.as_data())
    chosen = [
        f"{select.label}: {label}"
        for select in (*controls.selects, *controls.more)
        for value, label, is_chosen in select.options
        if is_chosen and value
    ]
    amounts = [f"{one.label} ${one.text}" for one in controls.amounts if one.text]
    return " · ".join([*chosen, *amounts]) or "Everything open"
