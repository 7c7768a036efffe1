"""`manage.py workflow_table`: the life of a return as docs/workflow.md shows it."""

from typing import Any

from django.core.management.base import BaseCommand

from returns.domain.workflow import TRANSITIONS, Status


def table() -> str:
    """The transitions as a Markdown table, one row for each action."""
    order = list(Status)
    lines = ["| action | from | to | who |", "|---|---|---|---|"]
    for row in TRANSITIONS:
        sources = ", ".join(status.value for status in sorted(row.sources, key=order.index))
        actors = ", ".join(sorted(actor.value for actor in row.actors))
        lines.append(f"| {row.action.value} | {sources} | {row.target.value} | {actors} |")
    return "\n".join(lines)


def diagram() -> str:
    """The moves as a Mermaid state diagram."""
    order = list(Status)
    lines = ["stateDiagram-v2", "    [*] --> submitted"]
    for row in TRANSITIONS:
        lines += [
            f"    {source.value} --> {row.target.value}: {row.action.value}"
            for source in sorted(row.sources, key=order.index)
        ]
    return "\n".join(lines)


class Command(BaseCommand):
    help = "Print the table and the diagram of docs/workflow.md, made from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{table()}\n\n```mermaid\n{diagram()}\n```")
