"""Bring the demo's database up to date: `python -m devstack.preparation FILE` writes the demo logins to FILE.

One process for all of it, as loading Django costs more than most of the steps.
"""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main(logins: Path) -> None:
    """Migrate, load the storefronts, and at the first start the demo data."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rma_portal.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    call_command("setup_storefronts")
    call_command("seed_demo", if_empty=True)
    logins.touch(mode=0o600)
    with logins.open("w") as file:
        call_command("demo_logins", stdout=file)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
