"""`python -m tests.seeded [ID…]`: break a copy of the project in one place at a time, and see whether its tests notice.

One line for each defect: the test that failed, `NOT CAUGHT` where all passed, `no answer` where they couldn't run. In
the end the tests that noticed have to pass on the copy as it is. Exit status 0 only if all are caught.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from devstack.environment import ROOT
from devstack.scratch import scratch_home
from devstack.servers import start_servers
from devstack.supervisor import Supervisor
from devstack.testing import test_environment
from tests.seeded.defects import Defect, defects

MIGRATIONS = "/migrations/"
PASSED, FAILED = 0, 1
NOT_CAUGHT, NO_ANSWER = "NOT CAUGHT", "no answer"


@dataclass(frozen=True)
class Copy:
    """A copy of the working tree, and servers for its tests."""

    root: Path
    environment: dict[str, str]

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run `python -m …` or a script in the copy."""
        return subprocess.run(
            [sys.executable, *command], cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )

    def migrate(self) -> None:
        """Make the database from which each run gets its own: faster than migrating again and again."""
        self.run("manage.py", "migrate").check_returncode()

    def test(self, tests: list[str], *, migrates: bool = False) -> "subprocess.CompletedProcess[str]":
        """Run tests up to the first that fails, on a database of their own."""
        server, _, name = self.environment["DATABASE_URL"].rpartition("/")
        connection = psycopg2.connect(f"{server}/postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "test_{name}" WITH (FORCE)')
            if not migrates:
                cursor.execute(f'CREATE DATABASE "test_{name}" TEMPLATE "{name}"')
        connection.close()
        return self.run("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=line", "--reuse-db", *tests)

    @contextmanager
    def broken_by(self, defect: Defect) -> Iterator[None]:
        """The copy with the defect in it."""
        path = self.root / defect.file
        text = path.read_text(encoding="utf-8")
        try:
            self._write(path, defect.applied(text))
            yield
        finally:
            self._write(path, text)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        # Python takes a file of the same second and size for the one it has compiled.
        Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


@contextmanager
def scratch_copy() -> Iterator[Copy]:
    """What git tracks of the working tree, as it is now, somewhere else."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    with scratch_home() as home, Supervisor() as supervisor:
        root = home / "copy"
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)
        servers = start_servers(supervisor, home, durable=False)
        yield Copy(root, {**os.environ, **test_environment(home), **servers})


def verdict_on(defect: Defect, copy: Copy) -> str:
    """The test that noticed, or why none did."""
    with copy.broken_by(defect):
        done = copy.test(defect.tests, migrates=MIGRATIONS in defect.file)
    failed = [line.removeprefix("FAILED ") for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    if done.returncode == FAILED and failed:
        return re.split(r"\[| - ", failed[0])[0]
    if done.returncode == PASSED:
        return NOT_CAUGHT
    return f"{NO_ANSWER}: {' '.join((done.stdout + done.stderr).split())[-300:]}"


def main(ids: list[str]) -> int:
    """Try the defects with these ids, or all."""
    chosen = [defect for defect in defects() if not ids or defect.id in ids]
    noticed = []
    with scratch_copy() as copy:
        copy.migrate()
        for defect in chosen:
            began = time.monotonic()
            verdict = verdict_on(defect, copy)
            if not verdict.startswith((NOT_CAUGHT, NO_ANSWER)):
                noticed.append(verdict)
            print(f"{defect.id:40} {time.monotonic() - began:3.0f} s  {verdict}", flush=True)
        sound = copy.test(sorted(set(noticed))) if noticed else None
    print(f"{len(noticed)} of {len(chosen)} caught.")
    if sound is not None and sound.returncode != PASSED:
        print(f"But some of those tests fail without any defect:\n{sound.stdout[-2000:]}{sound.stderr[-2000:]}")
        return 1
    return 0 if len(noticed) == len(chosen) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
