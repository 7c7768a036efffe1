"""The small parts of pages: frame, facts to check, cells, messages, choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.utils.translation import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A question with its answer on a page to check: *Change* leads to the place where it was asked.

    ``change_what`` completes the link for those who hear it alone: "Change *email*".
    """

    question: str
    answer: str
    note: str = ""
    change_url: str = ""
    change_what: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One side of a difference: `Repair crème: unopened`, `$92.00 credit`."""

    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the customer told us beside what we found; only a changed cell is tinted.

    `earlier`: what was found before, where a second person looked again.
    """

    told: Found
    found: Found
    changed: bool = True
    earlier: Sequence[Found] = ()
    told_heading: str = N_("You told us")
    found_heading: str = N_("We found")
    earlier_heading: str = N_("We found first")


class Voice(StrEnum):
    """Who speaks in a message: them, us, or staff among themselves."""

    THEIRS = "theirs"
    OURS = "ours"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message or internal note. ``text`` is plain; lines are kept."""

    who: str
    when: str
    text: str
    voice: Voice = Voice.THEIRS


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of a bar; ``count`` is shown beside it where it is known, ``key`` opens it from the keyboard."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class StorefrontFace:
    """What the head and foot of a customer page say.

    ``look`` names the theme in tokens.css, or in the style sheet at ``look_url`` where the shop's color is its own.
    ``open_now`` and ``hours`` are sentences: `Open now, until 6 pm` · `Mon–Fri, 8:30 am–6 pm Eastern`. Empty
    addresses leave their link out.
    """

    slug: str
    look: str
    name: str
    look_url: str = ""
    tagline: str = ""
    care_name: str = ""
    phone: str = ""
    appointment_phone: str = ""
    email: str = ""
    open_now: str = ""
    hours: str = ""
    home_url: str = ""
    policy_url: str = ""
    policy_label: str = ""
    policy_since: str = ""
    nav: Sequence[NavItem] = ()

    @property
    def mailbox(self) -> tuple[str, str]:
        """The address in two parts, so that a narrow foot breaks it before the @ if anywhere."""
        name, at, host = self.email.partition("@")
        return name, at + host

    @property
    def dial(self) -> str:
        """The phone number as a link has it: digits and a leading plus."""
        return _dialed(self.phone)

    @property
    def appointment_dial(self) -> str:
        """The line for appointments as a link has it (LPS-01)."""
        return _dialed(self.appointment_phone)


def _dialed(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


class ChoiceText(str):
    """The label of a choice with a second line for its consequence: ``ChoiceText("Opened", hint="Even once")``.

    It is an ordinary string to forms, so it can be used as the label in any field's ``choices``.
    """

    __slots__ = ("hint",)
    hint: str

    def __new__(cls, label: str, *, hint: str = "") -> Self:
        """The label, carrying its hint."""
        text = super().__new__(cls, label)
        text.hint = hint
        return text
