"""The small change of every sentence: money, dates, counts and lists, in the reader's language (ux, "Words").

In US English `Friday, December 4, 2026`, `20%`, `8:30 am`; in the Spanish of the US `viernes, 4 de diciembre de 2026`,
`20 %`, `8:30 a. m.`. Money is written the same in both.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext, pgettext, pgettext_lazy

MINUS = "\u2212"
NBSP = "\u00a0"
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_ZONES = {
    "America/New_York": N_("Eastern"),
    "America/Chicago": N_("Central"),
    "America/Denver": N_("Mountain"),
    "America/Los_Angeles": N_("Pacific"),
}
_SHARES = {
    Decimal(50): N_("half of what you paid"),
    Decimal(25): N_("a quarter of what you paid"),
    Decimal(75): N_("three quarters of what you paid"),
}


def policy_text(words: str) -> str:
    """A name or sentence of a policy in the reader's language, where the catalogues know it; else as the shop wrote it.

    Terms are stored in one language, with the request they decide. Quotations of a policy are never passed here.
    """
    return _(words) if words else ""  # gettext answers its own head to an empty string


def money(amount: Decimal, currency: str = "USD") -> str:
    """`$97.92`, always with cents; a currency without a sign of its own is named behind the figure."""
    sign = _SIGNS.get(currency)
    figure = f"{abs(amount):,.2f}"
    shown = f"{sign}{figure}" if sign else f"{figure}{NBSP}{currency}"
    return f"{MINUS}{shown}" if amount < 0 else shown


def percent(share: Decimal) -> str:
    """`20%`, `14.9%`: no zeros behind the point."""
    return _("%(figure)s%%") % {"figure": f"{share.normalize():f}" if share else "0"}


def part_of_price(share: Decimal) -> str:
    """`half of what you paid`, `40% of what you paid`."""
    known = _SHARES.get(share)
    return _(known) if known else _("%(share)s of what you paid") % {"share": percent(share)}


def weekday(day: date) -> str:
    """`Friday`."""
    return str(WEEKDAYS[day.weekday()])


def brief_weekday(day: date) -> str:
    """`Fri`."""
    return str(WEEKDAYS_ABBR[day.weekday()])


def long_date(day: date) -> str:
    """`Friday, December 4, 2026`: every date that somebody has to keep."""
    return _("%(weekday)s, %(date)s") % {"weekday": weekday(day), "date": plain_date(day)}


def plain_date(day: date) -> str:
    """`December 4, 2026`: a date that is a fact, such as an expiration date."""
    return _("%(month)s %(day)s, %(year)s") % {"month": MONTHS[day.month], "day": day.day, "year": day.year}


def figure(value: Decimal | None) -> str:
    """`214`, `190.8`: a measurement without the zeros of the database; empty where there is none."""
    return "" if value is None else f"{value.normalize():f}"


def day_of_month(day: date) -> str:
    """`December 4`, where the year goes without saying."""
    return _("%(month)s %(day)s") % {"month": MONTHS[day.month], "day": day.day}


BRIEF_MONTHS = (
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
)


def brief_date(day: date) -> str:
    """`Fri, Dec 4`, for lists; the year is left to the page."""
    parts = {"weekday": brief_weekday(day), "month": str(BRIEF_MONTHS[day.month - 1]), "day": day.day}
    return pgettext("short date", "%(weekday)s, %(month)s %(day)s") % parts


def month(day: date) -> str:
    """`March 2026`."""
    return _("%(month)s %(year)s") % {"month": MONTHS[day.month], "year": day.year}


def clock(at: datetime | time) -> str:
    """`8:30 am`, `6 pm`, by the clock that `at` carries."""
    minutes = f":{at.minute:02}" if at.minute else ""
    figure = {"time": f"{at.hour % 12 or 12}{minutes}"}
    return _("%(time)s am") % figure if at.hour < 12 else _("%(time)s pm") % figure


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`Wednesday, November 18, 2026, 9:52 am`, at the storefront's clock."""
    local = at.astimezone(zone)
    return _("%(date)s, %(time)s") % {"date": long_date(local.date()), "time": clock(local)}


def brief_moment(at: datetime, zone: ZoneInfo) -> str:
    """`Wed, Nov 18, 9:52 am`: the line below a stage or a message."""
    local = at.astimezone(zone)
    return _("%(date)s, %(time)s") % {"date": brief_date(local.date()), "time": clock(local)}


def zone_name(timezone: str) -> str:
    """`Eastern`: how people name the shop's clock."""
    known = _ZONES.get(timezone)
    return _(known) if known else timezone.rpartition("/")[2].replace("_", " ")


_COUNTS: dict[str, Callable[[int], str]] = {
    "day": lambda number: ngettext("%(count)s day", "%(count)s days", number),
    "business day": lambda number: ngettext("%(count)s business day", "%(count)s business days", number),
    "hour": lambda number: ngettext("%(count)s hour", "%(count)s hours", number),
    "month": lambda number: ngettext("%(count)s month", "%(count)s months", number),
    "year": lambda number: ngettext("%(count)s year", "%(count)s years", number),
    "product": lambda number: ngettext("%(count)s product", "%(count)s products", number),
    "photo": lambda number: ngettext("%(count)s photo", "%(count)s photos", number),
}


def count(number: int, one: str, many: str = "") -> str:
    """`1 day`, `10 days`: in the reader's language for the nouns of _COUNTS, as written for those of the desk."""
    if one in _COUNTS:
        return _COUNTS[one](number) % {"count": f"{number:,}"}
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; `a or b` with `last="or"`."""
    if len(words) < 2:
        return "".join(words)
    return _joined(last, words[-1]) % {"others": ", ".join(words[:-1]), "last": words[-1]}


def _joined(conjunction: str, following: str) -> str:
    """Some languages say another "and" before the sound of i, and another "or" before that of o."""
    sound = following.lower().removeprefix("h")
    if conjunction == "or":
        if sound.startswith(("o", "ó")):
            return pgettext("before the sound of o", "%(others)s or %(last)s")
        return _("%(others)s or %(last)s")
    if sound.startswith(("i", "í")) and not sound.startswith("ie"):
        return pgettext("before the sound of i", "%(others)s and %(last)s")
    return _("%(others)s and %(last)s")


def capital(words: str) -> str:
    """The sentence with a capital first letter, the rest as it is."""
    return words[:1].upper() + words[1:]


def stopped(words: str) -> str:
    """The words with a full stop behind them, unless the one of `a. m.` stands there already."""
    return words if words.endswith(".") else f"{words}."


def small(words: str) -> str:
    """The name as it stands inside a sentence: a small first letter, unless it is one by itself (`T-shirts`)."""
    return words if words[1:2] == "-" else words[:1].lower() + words[1:]


def months(number: int) -> str:
    """`a year`, `2 years`, `18 months`."""
    if number % 12:
        return count(number, "month")
    return _("a year") if number == 12 else count(number // 12, "year")
