"""How far a refund to the payment method has come, as its owner reads it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

PAYOUTS: Mapping[str, str] = {
    "decided": N_("Decided; we send it the way you paid"),
    "sent": N_("Sent on %(day)s"),
    "confirmed": N_("Arrived; we heard of it on %(day)s"),
    "failed": N_("It came back to us on %(day)s; we look into it"),
}


def payout_words(state: str, day: str) -> str:
    """`Sent on Friday, …`; `day` is when the refund came into this state."""
    return _(PAYOUTS[state]) % {"day": day}
