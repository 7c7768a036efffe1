"""`manage.py check_invariants`: prints every violation and exits 1 where there is one."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from returns.invariants import PROMISED, violations


class Command(BaseCommand):
    help = "Check what must always be true of the data; print every violation and exit 1 where there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for violation in violations():
            found += 1
            self.stdout.write(f"{violation.promise}: broken by {violation.where}")
        self.stdout.write(f"{PROMISED} promises checked, {found} violations")
        if found:
            sys.exit(1)
