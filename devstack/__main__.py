"""`python -m devstack COMMAND`: what the Makefile calls.

run               the whole portal on 127.0.0.1, until Ctrl-C
test              all tests
pytest -- ARG…    pytest with private servers
manage -- ARG…    manage.py with the data of `run`
lint              every check that needs no browser
lock [--upgrade]  write the lock files anew
catalogues        the message catalogues in locale/ (--check: are they up to date?)
"""

import sys
from collections.abc import Callable

from devstack.browser import NoBrowserError
from devstack.servers import NoServerError
from devstack.supervisor import ChildFailedError


def main(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    name, *rest = arguments or ["help"]
    command = commands().get(name)
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return command(rest[1:] if rest[:1] == ["--"] else rest)
    except (NoBrowserError, NoServerError, ChildFailedError) as error:
        print(error, file=sys.stderr)
        return 1


def commands() -> dict[str, Callable[[list[str]], int]]:
    """Every command by its name."""
    from devstack import catalogues, locks, portal, quality, testing

    return {
        "catalogues": catalogues.catalogues,
        "lint": quality.lint,
        "lock": locks.lock,
        "manage": portal.manage,
        "pytest": testing.run_pytest,
        "run": portal.run,
        "test": testing.run_all,
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
