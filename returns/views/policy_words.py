"""A policy in plain words, as customers read it: the page of the storefront, and the editor beside its form."""

from datetime import datetime

from returns.domain.policy import PolicyTerms
from returns.wording import policies
from returns.wording.strips import policy_ruler


def plain_words(terms: PolicyTerms, now: datetime) -> dict[str, object]:
    """What the parts of the policy's page show for these terms."""
    counted, last = policies.window_sentence(terms, now)
    return {
        "damage": policies.damage_lane(terms),
        "counted": counted,
        "full_until": policies.full_until_sentence(last) if last is not None else "",
        "ruler": policy_ruler(terms),
        "points": policies.points(terms),
        "facts": policies.facts(terms),
    }
