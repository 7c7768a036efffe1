"""`manage.py mail_catalogue`: every message the portal sends, as docs/mails.md shows it."""

from typing import Any

from django.core.management.base import BaseCommand

from returns.notices import CATALOGUE


def table() -> str:
    """The catalogue as a Markdown table, one row for each kind."""
    lines = ["| kind | to | when | why | priority |", "|---|---|---|---|---|"]
    for notice in CATALOGUE:
        priority = f"{notice.priority}, optional" if notice.optional else str(notice.priority)
        lines.append(f"| {notice.kind} | {notice.audience.value} | {notice.when} | {notice.why} | {priority} |")
    return "\n".join(lines)


class Command(BaseCommand):
    help = "Print the table of docs/mails.md, made from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())
