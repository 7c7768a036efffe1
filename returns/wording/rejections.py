"""Why something isn't taken back, as the customer reads it. Staff may write their own sentence instead."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

SENTENCES: Mapping[str, str] = {
    "policy": N_("Our return policy doesn't take it back."),
    "not_resalable": N_("It isn't complete and as it was sent, so we can't take it back."),
    "no_information": N_("We asked you for more and didn't hear from you, so we can't decide for you."),
    "discretion": N_("We looked at it closely and can't take it back."),
    "duplicate": N_("You have asked us for this already; we answer there."),
}
"""By the coded reasons of `services.authorization`; "other" has no sentence of its own and needs a written one."""


def rejection_sentence(reason: str, written: str, verdict_sentence: str = "") -> str:
    """What was written, else the verdict's own sentence where the policy decided, else the one of the code."""
    if written.strip():
        return written.strip()
    if reason == "policy" and verdict_sentence:
        return verdict_sentence
    return _(SENTENCES[reason]) if reason in SENTENCES else ""
