"""A package that shows as delivered and isn't there: where to look first, and what was looked at (CON-12, RES-29)."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.components import ChoiceText
from returns.domain.facts import Reason
from returns.models import ReturnLine

CHECKS: Mapping[str, tuple[str, str]] = {
    "porch": (N_("Around the door"), N_("Porch, garage, behind plants and bins, your mailbox")),
    "neighbors": (N_("The neighbors"), N_("Carriers leave packages next door")),
    "household": (N_("Everybody at home"), N_("Somebody may have taken it in")),
    "mailroom": (N_("Mailroom or front desk"), N_("Also a note from the carrier, or a locker")),
    "tracking": (N_("The tracking page"), N_("Where and when it was left, sometimes with a photo")),
}
"""Where a missing package is looked for; the codes are stored with the request."""


def is_missing(lines: Sequence[ReturnLine]) -> bool:
    """Whether all of it never arrived: a report that a person looks into, with nothing to send back."""
    return bool(lines) and all(line.reason == Reason.NOT_RECEIVED for line in lines)


def is_report(lines: Sequence[ReturnLine]) -> bool:
    """Whether all of it is the merchant's fault or never came: customers report that, they don't ask for it."""
    return is_missing(lines) or all(Reason(line.reason).is_merchant_fault for line in lines)


def looked_words(codes: Iterable[str]) -> str:
    """As `checks_words`, in the reader's language."""
    ticked = set(codes)
    return ", ".join(_(label) for code, (label, _hint) in CHECKS.items() if code in ticked)


def check_choices() -> list[tuple[str, str]]:
    """The places to tick, each with what to look at there."""
    return [(code, ChoiceText(_(label), hint=_(hint))) for code, (label, hint) in CHECKS.items()]


def checks_words(codes: Iterable[str]) -> str:
    """`Around the door, the neighbors`: what was looked at, for staff; in the order of the page, in English."""
    ticked = set(codes)
    return ", ".join(label for code, (label, _hint) in CHECKS.items() if code in ticked)
