"""`manage.py demo_logins`: whom to sign in as in the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from returns.demo.people import PASSWORD, PEOPLE


class Command(BaseCommand):
    help = "Print the demo people and their password; refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are no demo people: DEMO isn't set.")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:22} {person.role.value:13} {person.does}")
        self.stdout.write("  gia@guest.example      guest         orders IC-20566 and LPS-30121, by a link")
        self.stdout.write(f"  password for all: {PASSWORD}")
