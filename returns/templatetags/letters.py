"""What plain-text mails need: `{% load letters %}`."""

from django import template

from returns.components import Ledger, LedgerRow
from returns.mail import one_line
from returns.wording.phrases import money

register = template.Library()

WIDTH = 60
"""Columns of a ledger in text; every mail program shows as many without breaking the line."""


@register.simple_tag
def shown_amount(ledger: Ledger, row: LedgerRow) -> str:
    """A row's figure as it is read: `−$24.48`, or `1 new` where goods come instead of money."""
    return row.instead or money(row.amount, ledger.currency)


@register.simple_tag
def shown_total(ledger: Ledger) -> str:
    """The total's figure as it is read."""
    return ledger.total_instead or money(ledger.total, ledger.currency)


@register.filter
def ledger_text(ledger: Ledger) -> str:
    """The ledger of the HTML part in fixed columns: the same rows, the same amounts, the same lines below."""
    lines = []
    for row in ledger.rows:
        lines.append(_row(row.label, shown_amount(ledger, row)))
        if row.how:
            lines.append(f"  {row.how}")
    lines += ["-" * WIDTH, _row(ledger.total_label, shown_total(ledger)), "=" * WIDTH]
    lines += [f"{after.label}: {after.value}" for after in ledger.after]
    return "\n".join(lines)


def _row(name: str, amount: str) -> str:
    name = one_line(name)
    return f"{name}{amount.rjust(max(WIDTH - len(name), len(amount) + 2))}"


@register.filter
def quoted(text: str) -> str:
    """Somebody's words as replies quote them: `> ` before every line."""
    return "\n".join(f"> {line}" for line in text.splitlines())


@register.filter(name="one_line")
def in_one_line(text: str) -> str:
    """The text without line breaks, for subjects."""
    return one_line(text)
