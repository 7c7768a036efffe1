"""`manage.py recount_queue`: counts the queue's returns anew, where `check_invariants` says that counters are off."""

from typing import Any

from django.core.management.base import BaseCommand

from returns.services import queue_counts


class Command(BaseCommand):
    help = "Count the returns of the queue anew; needed only after rows were loaded without triggers."

    def handle(self, *args: Any, **options: Any) -> None:
        queue_counts.recount()
        self.stdout.write("counted anew")
