"""The limit above which a settlement takes two (B34): one person may lower it, and nobody raises it alone.

Whoever could raise it alone could settle alone whatever they like: raise it, settle, set it back.
"""

from decimal import Decimal


def holds_at_once(*, in_force: Decimal, wished: Decimal) -> bool:
    """Whether one manager sets this limit alone: it lets nobody settle more alone than before."""
    return wished <= in_force


def why_not_raise(*, asked: Decimal, seen: Decimal, asked_by: int, by: int) -> str:
    """Why this person can't agree to the limit they saw; empty for another than who asked, if it is what is asked for.

    `asked_by` and `by` are keys of people.
    """
    if asked != seen:
        return "Another limit is asked for by now. Look at it again."
    if asked_by == by:
        return "You asked for it. Another manager agrees."
    return ""
