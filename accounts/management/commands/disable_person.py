"""End what a person may do, at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import people
from accounts.models import User
from returns.services.errors import Refused


class Command(BaseCommand):
    help = "Ends a person's sessions and lets nobody sign in as them; with --enable they may again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="what they sign in with")
        parser.add_argument("--enable", action="store_true", help="let a disabled person sign in again")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"].strip()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        if options["enable"]:
            people.enable(user)
            self.stdout.write(f"{user.email} may sign in again, with the password they had.")
        else:
            ended = self._disable(user)
            self.stdout.write(f"{user.email} is disabled; {ended} {'session' if ended == 1 else 'sessions'} ended.")

    def _disable(self, user: User) -> int:
        try:
            return people.disable(user)
        except Refused as refused:
            raise CommandError(refused.message) from refused
