"""How a return ended, or will end, in words (ux, section 4)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.domain.facts import Resolution
from returns.wording.promises import Expected, leaving_words

COMPLETED_AS: Mapping[Resolution, str] = {
    Resolution.REFUND: N_("Processed"),
    Resolution.STORE_CREDIT: N_("Credited"),
    Resolution.EXCHANGE: N_("Exchanged"),
    Resolution.REPLACEMENT: N_("Replaced"),
    Resolution.NONE: N_("Closed"),
}
"""The last word of a return. `Paid` is said only once the money has left (ux, "Words")."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a completed return ended: what was given, whether the money has left, and the sum in words.

    `is_nothing`: money was due and nothing of it is left to pay out, because a balance took all of it. `sent_on`: the
    day the refund was paid out, once it was; `has_failed`: it came back. Goods: `is_sent` once they have left, which
    was on the day `left_on` and is promised by the day `leaves_by`; `stays_here`: nothing is given, and nothing goes
    back either.
    """

    resolution: Resolution
    is_paid: bool = False
    amount: str = ""
    is_nothing: bool = False
    sent_on: str = ""
    has_failed: bool = False
    is_sent: bool = False
    left_on: str = ""
    leaves_by: Expected | None = None
    stays_here: bool = False

    @property
    def word(self) -> str:
        """`Paid`, `Credited`, `Replaced` …."""
        if self.is_nothing:
            return _("Done")
        is_paid = self.is_paid and self.resolution is Resolution.REFUND
        return _("Paid") if is_paid else _(COMPLETED_AS[self.resolution])

    @property
    def text(self) -> str:
        """What happens now, if anything does: the bank's days aren't ours."""
        if self.is_nothing:
            return _("Nothing is left to pay out; the lines below say where it went.")
        return {
            Resolution.REFUND: self._refund_text,
            Resolution.STORE_CREDIT: _("It is on your account, for your next order."),
            Resolution.EXCHANGE: self._goods_text,
            Resolution.REPLACEMENT: self._goods_text,
            Resolution.NONE: self._nothing_text,
        }.get(self.resolution, "")

    @property
    def _goods_text(self) -> str:
        """By when it leaves; once it has, the day, and its package is named further down."""
        if not self.is_sent:
            return leaving_words(self.leaves_by)
        day = {"day": self.left_on}
        return _("Our package left on %(day)s.") % day if self.left_on else ""

    @property
    def _nothing_text(self) -> str:
        """What becomes of goods that give nothing."""
        if self.stays_here:
            return _("What you sent stays with us; the reasons are below.")
        return self._goods_text

    @property
    def _refund_text(self) -> str:
        """How far the refund has come: decided, sent, confirmed or failed."""
        if self.has_failed:
            return _("The payment came back to us. We look into it; nothing to do for you.")
        if self.is_paid:
            return _("It went the way you paid, and we know that it has arrived.")
        if self.sent_on:
            return _("Sent on %(day)s the way you paid. Your bank may take some days to show it.") % {
                "day": self.sent_on
            }
        return _("It goes the way you paid. Your bank may take some days to show it.")

    @property
    def headline(self) -> str:
        """The headline of the last turn box."""
        if self.is_nothing:
            return _("Your return is done")
        amount = {"amount": self.amount}
        if self.resolution is Resolution.REFUND and self.has_failed:
            return _("Your refund of %(amount)s didn't go through yet") % amount
        if self.resolution is Resolution.REFUND and self.is_paid:
            return _("Your refund of %(amount)s has arrived") % amount
        return {
            Resolution.REFUND: _("%(amount)s is on its way to you") % amount,
            Resolution.STORE_CREDIT: _("Your %(amount)s credit is ready") % amount,
            Resolution.EXCHANGE: _("The right product is on its way to you")
            if self.is_sent
            else _("We send you the right product"),
            Resolution.REPLACEMENT: _("Your replacement is on its way to you")
            if self.is_sent
            else _("We send you a replacement"),
            Resolution.NONE: _("Nothing is paid for this return")
            if self.stays_here
            else _("Your products go back to you"),
        }[self.resolution]


def expected_end(given: Collection[Resolution]) -> str:
    """What the last stage will be called, by what is given: `Paid` comes once it is."""
    for resolution, word in _EXPECTED.items():
        if resolution in given:
            return _(word)
    return _("Done")


_EXPECTED = {
    Resolution.REFUND: N_("Paid"),
    Resolution.STORE_CREDIT: N_("Credited"),
    Resolution.EXCHANGE: N_("Exchanged"),
    Resolution.REPLACEMENT: N_("Replaced"),
}
