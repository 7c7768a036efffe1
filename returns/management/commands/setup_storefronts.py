"""`manage.py setup_storefronts`: the storefronts of the policy files, each with its policy as published version 1."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from returns.domain.policy import PolicyError
from returns.domain.storefront import SHIPPED
from returns.services.storefronts import SetUp, set_up_storefronts


class Command(BaseCommand):
    """Create what isn't there yet; a changed file never alters a published version."""

    help = "Create the storefronts of the policy files, each with its policy as published version 1."

    def add_arguments(self, parser: CommandParser) -> None:
        """Another folder than the shipped one may be named."""
        parser.add_argument("--policies", type=Path, default=SHIPPED, metavar="DIR", help="a folder of *.toml files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say for each storefront whether it was created; exit 1 where a file is wrong."""
        try:
            results = set_up_storefronts(now=timezone.now(), folder=options["policies"])
        except PolicyError as error:
            raise CommandError(str(error)) from error
        for result in results:
            self.stdout.write(f"{result.storefront.slug}: {_word(result)}")


def _word(result: SetUp) -> str:
    if result.created:
        return "created"
    if result.added:
        return f"is there already, its {' and '.join(result.added)} were added"
    return "is there already, left as it is"
