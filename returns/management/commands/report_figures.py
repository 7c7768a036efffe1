"""`manage.py report_figures`: makes the managers' roll-ups anew, or proves that they are what the returns say."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from returns.reports.proof import differences
from returns.services import rollups


class Command(BaseCommand):
    help = "Make the managers' figures anew from the returns (rebuild), or compare them with the returns (verify)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["rebuild", "verify"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "rebuild":
            self.stdout.write(f"{rollups.rebuild(now=timezone.now())} days added up anew")
            return
        found = 0
        for where in differences():
            found += 1
            self.stdout.write(where)
        self.stdout.write(f"{found} differences")
        if found:
            sys.exit(1)
