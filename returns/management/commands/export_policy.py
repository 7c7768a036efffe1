"""`manage.py export_policy DIR`: policies as they are in the database, as files that `evaluate_policy` reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from returns.domain.toml_text import toml_text
from returns.models import PolicyVersion, Storefront
from returns.policy_in_force import NoPolicyInForce, current_policy_version
from returns.services.storefronts import settings_data


class Command(BaseCommand):
    """One file for each storefront, with its settings and the version in force, or with one that is named."""

    help = "Write policies from the database as TOML files, for evaluate_policy --policies DIR."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, of which storefront, and which version."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder to write to; made where it is missing")
        parser.add_argument("--storefront", metavar="SLUG", help="of this storefront alone")
        parser.add_argument("--version-number", type=int, metavar="N", help="this version, a draft too")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the files, and say which."""
        folder, slug, number = options["folder"], options["storefront"], options["version_number"]
        shops = Storefront.objects.filter(slug=slug) if slug else Storefront.objects.all()
        if not shops:
            raise CommandError(f"There is no storefront {slug}." if slug else "There is no storefront yet.")
        if number is not None and not slug:
            raise CommandError("Name the --storefront whose version it is.")
        folder.mkdir(parents=True, exist_ok=True)
        for shop in shops:
            version = _version(shop, number)
            path = folder / f"{shop.slug}.toml"
            path.write_text(_text(version), encoding="utf-8")
            self.stdout.write(f"{path}: version {version.number}")


def _version(shop: Storefront, number: int | None) -> PolicyVersion:
    try:
        return current_policy_version(shop) if number is None else shop.policy_versions.get(number=number)
    except NoPolicyInForce:
        raise CommandError(f"{shop.slug} has no policy in force.") from None
    except PolicyVersion.DoesNotExist:
        raise CommandError(f"{shop.slug} has no version {number}.") from None


def _text(version: PolicyVersion) -> str:
    terms = version.parsed().as_data()
    # Both are the storefront's in a file.
    own = {name: value for name, value in terms.items() if name not in {"timezone", "currency"}}
    return toml_text({"format": own.pop("format"), "storefront": settings_data(version.storefront), **own})
