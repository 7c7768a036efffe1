"""A storefront's settings as a form: what it is called, how it looks, where it is, and when somebody is there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.forms import BoundField

from returns.domain.accents import readable
from returns.domain.facts import AccountType
from returns.domain.policy import Weekday
from returns.forms.lines import LineField
from returns.forms.policy.parts import WEEKDAYS
from returns.forms.reports import FIRST_YEAR, LAST_YEAR
from returns.models import Storefront

TAKEN = frozenset(
    {
        "accounts",
        "admin",
        "api",
        "desk",
        "healthz",
        "mail",
        "media",
        "metrics",
        "new",
        "readyz",
        "reports",
        "static",
        "webhooks",
    }
)
"""First parts of addresses that belong to no storefront."""

PHONE = r"^[0-9+(). -]*$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
COLOR = re.compile(r"#[0-9a-f]{6}")
CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
MOST_DAYS = 400
NO_PLACES = frozenset({"Factory", "localtime"})
"""Time zones of a machine that are nowhere on earth; the database knows no `localtime`."""


class ClockField(forms.CharField):
    """A time of day, `08:30`, or nothing."""

    def __init__(self, label: str) -> None:
        widget = forms.TextInput(attrs={"class": "w-short", "autocomplete": "off", "placeholder": ""})
        super().__init__(label=label, required=False, max_length=8, widget=widget)

    def clean(self, value: object) -> str:
        """The time as `08:30`; empty where nothing is typed."""
        text: str = super().clean(value)
        if not text:
            return ""
        # A time with a zone (`08:30Z`) would be none of the storefront's clock, and nothing compares with it.
        if not CLOCK.fullmatch(text):
            raise forms.ValidationError("Write a time from 00:00 to 23:59, for example 08:30.")
        return text.zfill(5)


class DaysField(forms.CharField):
    """Days of the calendar, one a line."""

    def __init__(self, label: str, *, hint: str) -> None:
        super().__init__(
            label=label, help_text=hint, required=False, max_length=8_000, widget=forms.Textarea(attrs={"rows": 4})
        )

    def prepare_value(self, value: object) -> object:
        """One a line."""
        return "\n".join(day.isoformat() for day in value) if isinstance(value, list) else value

    def clean(self, value: object) -> list[date]:
        """The days in their order, each once."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_DAYS:
            raise forms.ValidationError(f"At most {MOST_DAYS} days.")
        return sorted({_day(line) for line in lines})


def _day(line: str) -> date:
    try:
        day = date.fromisoformat(line)
    except ValueError:
        raise forms.ValidationError(f"“{line}” isn’t a day. Write it as 2026-12-24.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(f"“{line}”: choose a day between {FIRST_YEAR} and {LAST_YEAR}.")
    return day


def _text(label: str, most: int, *, required: bool = False, hint: str = "", missing: str = "") -> LineField:
    return LineField(
        label=label,
        max_length=most,
        required=required,
        help_text=hint,
        error_messages={"required": missing or f"Write the {label.lower()}."},
    )


def _phone(label: str, hint: str = "") -> forms.RegexField:
    wrong = "Write digits, spaces, dots, dashes and brackets only: 980-216-1527."
    return forms.RegexField(
        PHONE, label=label, max_length=40, required=False, help_text=hint, error_messages={"invalid": wrong}
    )


@dataclass(frozen=True, slots=True)
class OpenDay:
    """The two fields of a weekday."""

    name: str
    opens: BoundField
    closes: BoundField


class SettingsForm(forms.Form):
    """The settings of a storefront. They hold at once, and for returns that are under way too."""

    use_required_attribute = False

    name = _text("Name", 80, required=True, hint="As customers read it.", missing="Write the storefront’s name.")
    short_name = _text("Short name", 40, required=True, hint="In lists.", missing="Write a short name for lists.")
    tagline = _text("Line below the name", 120)
    accent = LineField(
        label="Color",
        max_length=7,
        help_text="The shop’s own, such as #0d5963. Buttons, links and rules are made from it, for light and dark.",
        widget=forms.TextInput(attrs={"class": "w-short code", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write a color such as #0d5963."},
    )
    return_address = forms.CharField(
        label="Return address",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One line each, as on the package. While it is empty, nothing can be authorized.",
    )
    care_name = _text("What the people who answer are called", 80, hint="For example Customer Service.")
    email = forms.EmailField(
        label="Their email address",
        required=False,
        max_length=254,
        help_text="Answers to the portal’s mails go there.",
        error_messages={"invalid": "Write an address such as care@example.com."},
    )
    sender_name = _text("Sender of the mails", 80, hint="As mail programs show it. Empty: the storefront’s name.")
    phone = _phone("Their phone")
    appointment_phone = _phone("Another line for the page head", "For appointments, for example.")
    timezone = forms.ChoiceField(
        label="Time zone", help_text="Its calendar days count. It stays once a policy is published."
    )
    closed_on_federal_holidays = forms.BooleanField(label="Closed on US federal holidays", required=False)
    closing_days = DaysField(
        "Other closing days", hint="One a line, as 2026-12-24. Nobody answers then, and they are no business days."
    )
    account_self_service = forms.BooleanField(label="Customers edit their own account data", required=False)
    account_types = forms.MultipleChoiceField(
        label="What customers rise to by showing a license",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (AccountType.STUDENT.value, "Student"),
            (AccountType.PROFESSIONAL.value, "Professional"),
            (AccountType.BUSINESS.value, "Business"),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["timezone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared as one
        field.choices = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones() - NO_PLACES)]
        for day in Weekday:
            self.fields[f"{day}_opens"] = ClockField(f"{WEEKDAYS[day]} from")
            self.fields[f"{day}_closes"] = ClockField(f"{WEEKDAYS[day]} to")
        self.corrected = ""

    @property
    def open_days(self) -> Iterator[OpenDay]:
        """The weekdays with their fields."""
        return (OpenDay(WEEKDAYS[day], self[f"{day}_opens"], self[f"{day}_closes"]) for day in Weekday)

    def clean_accent(self) -> str:
        """A color in which text can be read on paper; else the nearest one that can is named."""
        color: str = self.cleaned_data["accent"].strip().lower()
        if not COLOR.fullmatch(color):
            raise forms.ValidationError("Write a color as # and six of 0 to 9 and a to f: #0d5963.")
        self.corrected = readable(color)
        if self.corrected != color:
            raise forms.ValidationError(
                f"Text in {color} is too faint on paper. The nearest color that can be read is {self.corrected}."
            )
        return color

    def clean_return_address(self) -> str:
        """Nothing yet, or at least a street and a town."""
        lines = [line.strip() for line in self.cleaned_data["return_address"].splitlines() if line.strip()]
        if len(lines) == 1:
            raise forms.ValidationError(
                "An address has at least two lines: the street, and the town with its ZIP code."
            )
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        """Each day opens before it closes, or is closed."""
        data = super().clean() or {}
        data["opening_hours"] = dict(self._hours(data))
        return data

    def _hours(self, data: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
        for day in Weekday:
            opens, closes = data.pop(f"{day}_opens", ""), data.pop(f"{day}_closes", "")
            if bool(opens) != bool(closes):
                self.add_error(f"{day}_closes", f"{WEEKDAYS[day]}: write both times, or neither on a closed day.")
            elif opens and opens >= closes:
                self.add_error(f"{day}_closes", f"{WEEKDAYS[day]}: it closes after it opens.")
            elif opens:
                yield day.value, [opens, closes]

    @classmethod
    def initial_of(cls, shop: Storefront) -> dict[str, Any]:
        """The settings as they are."""
        found = {name: getattr(shop, name) for name in cls.base_fields if hasattr(shop, name)}
        for day, (opens, closes) in shop.opening_hours.items():
            found |= {f"{day}_opens": opens, f"{day}_closes": closes}
        return found


class NewStorefrontForm(SettingsForm):
    """A storefront that isn't there yet: its settings, its name in addresses, and the policy it begins with."""

    slug = forms.RegexField(
        SLUG,
        label="Name in addresses",
        max_length=60,
        help_text="Small letters, digits and hyphens: green-pot. It never changes.",
        widget=forms.TextInput(attrs={"class": "w-medium code", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "invalid": "Write small letters, digits and single hyphens: green-pot.",
            "required": "Write the name that its addresses begin with, for example green-pot.",
        },
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label="Currency",
        max_length=3,
        help_text="It never changes.",
        widget=forms.TextInput(attrs={"class": "w-tiny", "autocomplete": "off"}),
        error_messages={
            "invalid": "Write three capital letters: USD.",
            "required": "Write three capital letters: USD.",
        },
    )
    copied = forms.ChoiceField(label="Policy", help_text="It begins as a copy.")
    begins = forms.ChoiceField(
        label="The copy is",
        widget=forms.RadioSelect,
        choices=[
            ("published", "published at once: returns can be asked for this minute"),
            ("draft", "a draft, to be edited first"),
        ],
    )

    def __init__(self, *args: Any, copies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["copied"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared a few lines above
        field.choices = list(copies)

    def clean_slug(self) -> str:
        """A name that no other address begins with."""
        slug: str = self.cleaned_data["slug"]
        if slug in TAKEN or Storefront.objects.filter(slug=slug).exists():
            raise forms.ValidationError(f"“{slug}” is taken. Choose another name.")
        return slug
