"""What is remarkable at the inspection beside the products themselves: each a plain choice with its effect on the sum.

Units too many, missing, or damaged on the way back; somebody else's things in the package; free items and paper that
didn't come back. The answers become one internal note; two of them change what is accepted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from returns.coming_back import comes_back
from returns.models import PackageLine, ReturnLine, ReturnRequest
from returns.quoting import Judged, override_of, quote_judged
from returns.services.inspection import CameToo, Finding, came_too_before
from returns.wording.phrases import count, money

PAPER, PAPER_CODE = "Packing slip and printed material", 0  # the lines of an order count from 1
BACK, STAYS = "back", "stays"
NOTHING, WHOLE = "nothing", "whole"
ALL_THE_SAME, INCOMPLETE = "all_the_same", "incomplete"


def _choice(label: str, choices: Sequence[tuple[str, str]], hint: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        help_text=hint,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
        **options,
    )


class RemarksForm(forms.Form):
    """What the dock counted otherwise than authorized. It has no fields where all came as it should."""

    def __init__(self, data: QueryDict | None = None, *, request: ReturnRequest, lines: Sequence[ReturnLine]) -> None:
        super().__init__(data, prefix="seen")
        self.request, self.damaged, self.missing = request, dict[int, int](), list[str]()
        seen = list(PackageLine.objects.filter(package__request=request).select_related("line"))
        for line in lines:
            if line.received_quantity is not None and comes_back(line):
                self._of_line(line, sum(one.damaged_quantity for one in seen if one.line_id == line.pk))
        others = request.packages.exclude(other_items="").order_by("id").values_list("other_items", flat=True)
        for number, items in enumerate(others, start=1):
            self.fields[f"other-{number}"] = _choice(
                f"Also in the package: {items}",
                [(BACK, "Goes back to the customer"), (STAYS, "Stays here")],
                "Nobody asked to return it, so it isn't in the sum either way.",
            )

    def _of_line(self, line: ReturnLine, damaged: int) -> None:
        title, here = line.order_line.title, line.received_quantity or 0
        authorized = line.authorized_quantity or 0
        if here > authorized:
            self.fields[f"over-{line.position}"] = _choice(
                f"{title}: {here - authorized} more than authorized",
                [(BACK, "Goes back to the customer"), (STAYS, "Stays here, nothing is given")],
                "Not in the sum either way. The customer can ask for a return of it.",
            )
        if here < authorized:
            less = self._worth(line, authorized) - self._worth(line, here)
            self.missing.append(
                f"{title}: {authorized - here} missing, {self._money(less)} less. "
                "If another package is on its way, receive it first."
            )
        if damaged:
            self.damaged[line.position] = damaged
            most = min(here, authorized)
            less = self._worth(line, most) - self._worth(line, max(0, most - damaged))
            self.fields[f"damaged-{line.position}"] = _choice(
                f"{title}: {count(damaged, 'unit')} damaged on the way back",
                [(NOTHING, f"Nothing for it: {self._money(less)} less"), (WHOLE, "As if it were whole")],
                "The way back is at the customer's risk where the policy says so.",
            )

    def _worth(self, line: ReturnLine, units: int) -> Decimal:
        """What so many units of the line give, in the state they were declared."""
        if not units:
            return Decimal(0)
        return quote_judged(self.request, [Judged(line, units, override_of(line))]).lines[0].amount

    def _money(self, amount: Decimal) -> str:
        return money(amount, self.request.order.currency)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say or to choose."""
        return bool(self.fields or self.missing)

    def applied(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings with units left out that nothing is given for, once the form is valid."""
        out = {
            position: units
            for position, units in self.damaged.items()
            if self.cleaned_data[f"damaged-{position}"] == NOTHING
        }
        return [_without(finding, out.get(finding.position, 0), self._here(finding)) for finding in findings]

    def _here(self, finding: Finding) -> int:
        line = self.request.lines.get(position=finding.position)
        return min(line.received_quantity or 0, line.authorized_quantity or 0)

    @property
    def note(self) -> str:
        """What was chosen, as a sentence for each; empty where nothing was remarkable. Once the form is valid."""
        chosen = [f"{field.label}: {_said(field, self.cleaned_data[name])}." for name, field in self.fields.items()]
        return " ".join([*chosen, *self.missing])


def _without(finding: Finding, units: int, here: int) -> Finding:
    return replace(finding, accepted_quantity=min(finding.accepted_quantity, max(0, here - units)))


def _said(field: forms.Field, value: str) -> str:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  all of them are
    words: Mapping[str, str] = dict(field.choices)  # type: ignore[arg-type]
    text = words[value]
    return text[0].lower() + text[1:]


class CameBackForm(forms.Form):
    """What comes back besides the products asked for: free items (LPS-17), packing slip and printed material (LPS-16).

    It has no fields where the shop's policy doesn't ask for free items. The answers become an internal note. What is
    missing changes the sum only where staff say that the return isn't complete without it (LPS-23). Whoever inspects
    again starts from what was ticked before.
    """

    def __init__(self, data: QueryDict | None = None, *, request: ReturnRequest) -> None:
        super().__init__(data, prefix="too")
        expected, before = also_expected(request), came_too_before(request) or CameToo()
        self.codes = {f"item-{number}": code for number, code in enumerate(expected, start=1)}
        self.titles = {name: expected[code] for name, code in self.codes.items()}
        for name, title in self.titles.items():
            is_here = before.paper if self.codes[name] == PAPER_CODE else self.codes[name] in before.lines
            self.fields[name] = forms.BooleanField(label=title, required=False, initial=is_here)
        if self.titles:
            self.fields["means"] = _choice(
                "If something is missing",
                [(ALL_THE_SAME, "Take it back all the same"), (INCOMPLETE, "Not complete: nothing is given")],
                "The policy wants everything back; what a missing thing means is up to you.",
                required=False,
                initial=INCOMPLETE if before.is_incomplete else ALL_THE_SAME,
            )

    @property
    def items(self) -> Iterator[forms.BoundField]:
        """What is ticked as having come back."""
        return (self[name] for name in self.titles)

    @property
    def missing(self) -> list[str]:
        """What didn't come back, once the form is valid."""
        return [title for name, title in self.titles.items() if not self.cleaned_data[name]]

    @property
    def is_incomplete(self) -> bool:
        """Whether something is missing without which nothing is given, once the form is valid."""
        return bool(self.missing) and self.cleaned_data.get("means") == INCOMPLETE

    @property
    def came(self) -> CameToo | None:
        """What is kept for whoever inspects again; None where nothing is expected. Once the form is valid."""
        if not self.titles:
            return None
        here = [code for name, code in self.codes.items() if self.cleaned_data[name]]
        lines = [code for code in here if code != PAPER_CODE]
        return CameToo(lines, paper=PAPER_CODE in here, is_incomplete=self.is_incomplete)

    def applied(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings, none of them complete where something is missing and that is what it means."""
        return [replace(finding, resalable=False) for finding in findings] if self.is_incomplete else list(findings)

    @property
    def note(self) -> str:
        """`Came back too: Gift bag. Missing: Packing slip and printed material.`; empty where nothing is expected.

        To be read once the form is valid.
        """
        here = [title for name, title in self.titles.items() if self.cleaned_data[name]]
        parts = [("Came back too", here), ("Missing", self.missing)]
        said = " ".join(f"{what}: {', '.join(titles)}." for what, titles in parts if titles)
        if self.is_incomplete:
            said += " Not complete without it."
        return said


def also_expected(request: ReturnRequest) -> dict[int, str]:
    """The free items of the decision by their position in the order, and the paper; nothing where the shop asks none.

    The decision's and not the findings': what was found first may give nothing, and the free items came all the same.
    """
    if request.policy_version.parsed().free_items_back is None:
        return {}
    too = request.decided_quote.also_return
    lines = list(request.order.lines.order_by("position").values_list("position", "title")) if too else []
    return {**dict(lines[index] for index in too), PAPER_CODE: PAPER}
