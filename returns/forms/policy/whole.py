"""The whole policy as one page of forms: read into terms, checked as a file is, each problem beside its field.

Lists (tiers, exclusions, kinds, flags, clauses) grow by a button that asks for the page again with one row more, so
that any number is possible without a script.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from returns.domain.policy import PolicyTerms
from returns.domain.records import DataError, read
from returns.domain.soundness import nonsense
from returns.forms.policy import parts
from returns.forms.policy.fields import Names, Part

if TYPE_CHECKING:
    PartSet = BaseFormSet[Part]
else:
    PartSet = BaseFormSet

FORMAT = 1
MOST_ROWS = 200
LATEST = 36_501
"""Behind every day that a tier may end on."""
SINGLE: Mapping[str, type[Part]] = {
    "opened": parts.OpenedForm,
    "condition": parts.ConditionForm,
    "claims": parts.ClaimsForm,
    "exchange": parts.ExchangeForm,
    "money": parts.MoneyForm,
    "return_shipping": parts.ShippingForm,
    "processing": parts.ProcessingForm,
    "package": parts.PackageForm,
    "not_received": parts.NotReceivedForm,
    "partner_purchases": parts.PartnerForm,
    "balance_netting": parts.BalanceForm,
    "refused_packages": parts.RefusedForm,
    "free_items_back": parts.FreeItemsForm,
}
LISTS: Mapping[str, type[Part]] = {
    "kinds": parts.NameForm,
    "flags": parts.NameForm,
    "tiers": parts.TierForm,
    "exclusions": parts.ExclusionForm,
    "clauses": parts.ClauseForm,
}
NAMES = ("kinds", "flags")
"""Tables of names; in the forms they are lists of rows."""

# Where a problem of a whole table is told: at its first field that could mend it.
FIRST = {"tiers": "fee_percent", "exclusions": "kinds", "claims": "hours", "clauses": "id"}
_KEY = re.compile(r"(?P<table>\w+)(?:\[(?P<row>\d+)\])?(?:\.(?P<field>\w+))?")


def _ends(row: Part) -> bool:
    return row.cleaned_data.get("until_day", 0) is not None


class Rows(PartSet):
    """Rows of a list; each may be removed."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: Part, index: int | None) -> None:
        """The boxes that formsets add, in our words."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Remove this row"
        if "ORDER" in form.fields:
            form.fields["ORDER"].label = "Place on the page"
            form.fields["ORDER"].widget = forms.TextInput(attrs={"class": "w-tiny", "inputmode": "numeric"})

    @property
    def kept(self) -> list[Part]:
        """The rows that say something, in their order."""
        rows = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data]
        if not self.can_order:
            # Tiers follow each other by their days, in whatever row somebody wrote them; all else stays as it stands.
            return sorted(rows, key=lambda row: row.cleaned_data.get("until_day", 0) if _ends(row) else LATEST)
        places = [(form.cleaned_data.get("ORDER") or MOST_ROWS, number) for number, form in enumerate(rows)]
        return [rows[number] for _, number in sorted(places)]


class PolicyForms:
    """All forms of a policy. ``terms`` is what they begin with; ``data`` is what was typed."""

    def __init__(self, terms: PolicyTerms, data: QueryDict | None = None) -> None:
        self.terms, self.data = terms, data
        self.table = terms.as_data()
        kinds, flags = self._names("kinds"), self._names("flags")
        named = {"clause_names": self._clause_names()}
        self.basis = parts.BasisForm(data, prefix="basis", initial={"clock": self.table["clock"]})
        self.single = {
            name: form(
                data,
                prefix=name,
                initial=form.initial_of(self.table.get(name)),
                **named,
                **({"kind_names": kinds} if name == "free_items_back" else {}),
            )
            for name, form in SINGLE.items()
        }
        self.lists = {
            name: self._rows(
                name, {"kind_names": kinds, "flag_names": flags, **named} if name == "exclusions" else named
            )
            for name in LISTS
        }

    # ------------------------------------------------------------------------------------------------ how they begin

    def _names(self, name: str) -> Names:
        """The kinds or flags there are, as typed where something was typed."""
        if self.data is None:
            return list(self.table.get(name, {}).items())
        total = self._total(name)
        typed = [
            (self.data.get(f"{name}-{row}-name", ""), self.data.get(f"{name}-{row}-label", "")) for row in range(total)
        ]
        return [(each.strip(), label.strip() or each) for each, label in typed if each.strip()]

    def _clause_names(self) -> Names:
        """The clauses there are, as typed where something was typed."""
        if self.data is None:
            rows = [(one["id"], one["title"]) for one in self.table["clauses"]]
        else:
            total = self._total("clauses")
            rows = [
                (self.data.get(f"clauses-{n}-id", ""), self.data.get(f"clauses-{n}-title", "")) for n in range(total)
            ]
        return [(each.strip(), f"{each.strip()} · {title.strip()}") for each, title in rows if each.strip()]

    def _total(self, name: str) -> int:
        return 0 if self.data is None else _total(self.data, name)

    def _rows(self, name: str, more: dict[str, Any]) -> Rows:
        kind: Any = forms.formset_factory(
            LISTS[name],
            formset=Rows,
            extra=0,
            can_delete=True,
            can_order=name == "clauses",
            max_num=MOST_ROWS,
            absolute_max=MOST_ROWS,
        )
        rows: Rows = kind(self.data, prefix=name, initial=self._initial(name), form_kwargs=more)
        return rows

    def _initial(self, name: str) -> list[dict[str, Any]]:
        table = self.table.get(name) or []
        if name in NAMES:
            return [{"name": each, "label": label} for each, label in dict(table).items()]
        return [LISTS[name].initial_of(row) for row in table]

    # --------------------------------------------------------------------------------------------------- what they say

    @property
    def parts(self) -> list[Part | Rows]:
        """Every form and list, in the order of the page."""
        lists, single = self.lists, self.single
        return [
            self.basis,
            lists["tiers"],
            single["opened"],
            single["condition"],
            lists["exclusions"],
            single["claims"],
            single["exchange"],
            single["money"],
            single["balance_netting"],
            single["refused_packages"],
            single["return_shipping"],
            single["free_items_back"],
            single["processing"],
            single["package"],
            single["partner_purchases"],
            single["not_received"],
            lists["kinds"],
            lists["flags"],
            lists["clauses"],
        ]

    @property
    def forms(self) -> list[BaseForm]:
        """Every form by itself, for the summary of errors and the title."""
        return [form for part in self.parts for form in (part.forms if isinstance(part, Rows) else [part])]

    @cached_property
    def read(self) -> PolicyTerms | None:
        """The terms, None where something is wrong; then each problem stands at its field."""
        # Every part is asked, so that all their problems are told at once.
        if self.data is None or not min([part.is_valid() for part in self.parts]):
            return None
        try:
            terms = read(PolicyTerms, self._data())
        except DataError as error:
            self._tell(error.key, error.problem)
            return None
        found = [*self._repeated(), *nonsense(terms)]
        for key, problem in found:
            self._tell(key, problem)
        return None if found else terms

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "format": FORMAT,
            "timezone": self.terms.timezone,
            "currency": self.terms.currency,
            **self.basis.values(),
        }
        data |= {name: values for name, form in self.single.items() if (values := form.values())}
        for name, rows in self.lists.items():
            kept = [_row(row) for row in rows.kept]
            data[name] = {one["name"]: one["label"] for one in kept} if name in NAMES else kept
        return data

    def _repeated(self) -> Iterator[tuple[str, str]]:
        for name in NAMES:
            seen: set[str] = set()
            for number, row in enumerate(self.lists[name].kept):
                if row.cleaned_data["name"] in seen:
                    yield f"{name}[{number}].name", "is there twice"
                seen.add(row.cleaned_data["name"])

    def _tell(self, key: str, problem: str) -> None:
        """Put a problem of the terms beside the field that it is about, in the words of the page."""
        match = _KEY.match(key)
        table, row, field = match.group("table", "row", "field") if match else ("", None, None)
        form = self._form_of(table or "", row)
        if form is None:
            form, field = self.basis, "clock"
        name = field if field in form.fields else FIRST.get(table or "", next(iter(form.fields)))
        form.add_error(name, f"{form.fields[name].label}: {self._in_words(form, problem)}.")

    def _form_of(self, table: str, row: str | None) -> Part | None:
        if table in self.single:
            return self.single[table]
        rows = self.lists[table].kept if table in self.lists else []
        if row is not None and int(row) < len(rows):
            return rows[int(row)]
        return rows[0] if rows else None

    @staticmethod
    def _in_words(form: Part, problem: str) -> str:
        """Keys of the terms that a problem names, as the page calls them."""
        for name, field in form.fields.items():
            if "_" in name and name in problem:
                problem = problem.replace(name, f"“{field.label}”")
        return problem


def _row(form: Part) -> dict[str, Any]:
    return {name: value for name, value in form.values().items() if name not in {"DELETE", "ORDER"}}


def one_more(data: QueryDict, name: str) -> QueryDict:
    """What was typed, with one more empty row in a list."""
    longer = data.copy()
    if name in LISTS:
        longer[f"{name}-TOTAL_FORMS"] = str(min(_total(data, name) + 1, MOST_ROWS))
    return longer


def _total(data: QueryDict, name: str) -> int:
    """How many rows of a list were sent; none where that is no number of rows."""
    typed = data.get(f"{name}-TOTAL_FORMS", "0")
    return min(int(typed), MOST_ROWS) if typed.isdecimal() and typed.isascii() and len(typed) < 6 else 0
