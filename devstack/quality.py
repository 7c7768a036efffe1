"""`lint`: every check of the project that is not a test."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

from devstack.environment import ROOT
from devstack.scratch import scratch_home
from devstack.servers import start_servers
from devstack.supervisor import Supervisor

PYTHON = [sys.executable, "-m"]
MANAGE = [sys.executable, "manage.py"]
STEPS = {
    "style": [*PYTHON, "ruff", "check", "."],
    "format": [*PYTHON, "ruff", "format", "--check", "."],
    "types": [*PYTHON, "mypy"],
    "catalogues": [*PYTHON, "devstack", "catalogues", "--check"],
    "templates": [*PYTHON, "djlint", "templates", "--lint", "--quiet"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level=WARNING"],
}
# Written so that the pattern does not find itself.
FORBIDDEN = re.compile(r"python[h]osted\.|registry\.npm[j]s|://pypi[.]org|(?<![\w.-])/(?:root|home/\w+)/")
THIRD_PARTY = "static/vendor/"


def lint(_arguments: list[str]) -> int:
    """Run every step, also after one has failed; 0 if all passed."""
    with scratch_home() as home, Supervisor() as supervisor:
        environment = {**os.environ, **production_environment(), **start_servers(supervisor, home, durable=False)}
        failed = [name for name, command in STEPS.items() if not passes(name, command, environment)]
    if machine_traces():
        failed.append("machine traces")
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Whether one step succeeded; it prints what it found."""
    print(f"--- {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def production_environment() -> dict[str, str]:
    """What a real instance sets, so that the deployment checks look at production's settings."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LINK_KEY": secrets.token_urlsafe(48),
        "SITE_URL": "https://returns.example.com",
        "EMAIL_URL": "submission://user:password@mail.example.com:587",
    }


def machine_traces() -> bool:
    """Whether a tracked file names a package registry or a folder of somebody's machine; prints where."""
    print("--- machine traces", flush=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    traces = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in listed.split("\0")
        if name and not name.startswith(THIRD_PARTY)
        for number, line in enumerate(readable_lines(ROOT / name), 1)
        if FORBIDDEN.search(line)
    ]
    print("\n".join(traces), end="\n" if traces else "")
    return bool(traces)


def readable_lines(file: Path) -> list[str]:
    """The lines of a text file; none of one that is not text, or is deleted but still tracked."""
    try:
        return file.read_text().splitlines()
    except (UnicodeDecodeError, FileNotFoundError):
        return []
