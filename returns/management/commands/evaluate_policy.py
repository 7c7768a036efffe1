"""`manage.py evaluate_policy CASES.json`: what the engine answers to policy cases. Needs no database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from returns.domain.cases import CaseError, evaluate
from returns.domain.policy import PolicyError
from returns.domain.storefront import SHIPPED, load_storefronts


class Command(BaseCommand):
    help = "Evaluate policy cases and print a JSON array of their results."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cases", metavar="CASES", help="a JSON array of cases; - reads standard input")
        parser.add_argument("--policies", type=Path, metavar="DIR", help="read the policies (*.toml) of another folder")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path | None = options["policies"]
        try:
            policies = load_storefronts(folder or SHIPPED)
            results = evaluate(_input(options["cases"]), policies, own_ids=folder is not None)
        except (CaseError, PolicyError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(results, indent=2))


def _input(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise CaseError(f"{name}: can't be read: {reason}") from None
