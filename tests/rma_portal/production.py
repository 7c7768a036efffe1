"""Processes started like production's, with nothing of the test run in their environment."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A production instance as docs and .env.example have it; nothing answers at these addresses.
PRODUCTION = {
    "SECRET_KEY": "xJ3vQm9sZt1bN7cK5wR2yH8pL4fD6gT0aVeUiOoPzXqWnBmC4d7e",
    "LINK_KEY": "M2kT7rY4wQ9eU1iO6pA3sD8fG5hJ0lZxCvBnNmQwErTyUiOp8s5a",
    "SITE_URL": "https://returns.example.com",
    "TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgres://portal:secret@127.0.0.1:9/portal",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "EMAIL_URL": "submission://portal:secret@mail.example.com:587",
}
# The same on one machine, as `make run` has it.
LOCAL = PRODUCTION | {"INSECURE_HTTP": "1", "SITE_URL": "http://127.0.0.1:8000"}
# What a process needs to find its programs and its locale; no variable of the test run itself.
MACHINE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}


def run_python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with exactly this environment: `run_python("-c", "…", **PRODUCTION)`."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=MACHINE | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
