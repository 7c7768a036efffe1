"""`manage.py seed_demo`: invented storefront life around today's date, for `make run` only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from returns.demo.seed import seed
from returns.models import Order


class Command(BaseCommand):
    help = "Fill an empty portal with demo people, orders and returns in every state; refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are orders already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data is only for a demo: set DEMO=1, which production settings refuse.")
        if Order.objects.exists():
            if options["if_empty"]:
                self.stdout.write("There are orders already; nothing was added.")
                return
            raise CommandError("There are orders already; the demo goes into an empty portal only.")
        self.stdout.write(f"{seed(now=timezone.now())} demo returns and {Order.objects.count()} orders are there.")
