"""Where a policy version stands, in words for managers: draft, to come, in force, superseded."""

from dataclasses import dataclass
from datetime import datetime

from returns.models import PolicyVersion
from returns.wording.phrases import plain_date


@dataclass(frozen=True, slots=True)
class Standing:
    """A pill (kind, word, icon), and from when the version holds."""

    kind: str
    word: str
    icon: str
    since: str


DRAFT = Standing("wait", "Draft", "hourglass", "")


def standing(version: PolicyVersion, in_force: PolicyVersion | None, now: datetime) -> Standing:
    """Where this version stands, where ``in_force`` is the one that an order placed now would get."""
    if version.is_draft:
        return DRAFT
    since = begins(version)
    if version.effective_from is not None and version.effective_from > now:
        return Standing("info", "To come", "clock", since)
    if in_force is not None and version.pk == in_force.pk:
        return Standing("ok", "In force", "check-circle", since)
    return Standing("idle", "Superseded", "flag", since)


def begins(version: PolicyVersion) -> str:
    """`orders from December 1, 2026 on`, or `orders from the first one on`; empty for a draft."""
    if version.is_draft:
        return ""
    if version.effective_from is None:
        return "orders from the first one on"
    return f"orders from {plain_date(version.effective_from.astimezone(version.storefront.zone).date())} on"
