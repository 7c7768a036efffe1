"""What the three import commands share: the file, the storefront, and how they report."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from returns.models import Storefront
from returns.policy_in_force import NoPolicyInForce
from returns.services.errors import CatalogueBusy
from returns.services.imports import ImportResult, RowError


class ImportCommand(BaseCommand):
    """A command that takes FILE --storefront SLUG; exit 1 where a row wasn't taken, after all others were."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file (- for standard input) and the storefront."""
        parser.add_argument("file", metavar="FILE", help="the file, - for standard input")
        parser.add_argument("--storefront", required=True, metavar="SLUG")

    def take(self, text: str, storefront: Storefront) -> ImportResult:
        """Import the file's text; each command says how."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, print what became of it, and each row that wasn't taken on standard error."""
        storefront = Storefront.objects.filter(slug=options["storefront"]).first()
        if storefront is None:
            known = ", ".join(Storefront.objects.values_list("slug", flat=True)) or "none; run setup_storefronts first"
            raise CommandError(f"There is no storefront {options['storefront']}; there are {known}.")
        try:
            result = self.take(_read(options["file"]), storefront)
        except NoPolicyInForce as error:
            raise CommandError(f"{storefront.slug} has no published policy yet.") from error
        except CatalogueBusy as error:
            raise CommandError(f"{error.message} What was taken before stays; the file can be taken again.") from error
        except RowError as error:
            raise CommandError(f"{options['file']}: {error}") from error
        for problem in result.problems:
            self.stderr.write(problem)
        self.stdout.write(str(result))
        if result.problems:
            raise CommandError(f"{len(result.problems)} not taken, see above.")


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} isn't UTF-8 text.") from error
