"""A real Chromium for the browser tests: the one there is, or the distribution's, or a clear sentence."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class NoBrowserError(Exception):
    """There is no Chromium to test with; the message says what to do."""


def ensure_chromium() -> str:
    """The path of a Chromium that starts, installed by apt-get if need be.

    Raises:
        NoBrowserError: There is none. Browser tests are never skipped in silence.
    """
    if named := os.environ.get("CHROMIUM"):
        if not starts(named):
            raise NoBrowserError(f"CHROMIUM names {named}, which does not start.")
        return named
    if found := find_chromium():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_with_apt()
        if found := find_chromium():
            return found
    raise NoBrowserError(
        "The browser tests need Chromium: install it (on Debian: apt-get install chromium), "
        "or name the program, as in `make test CHROMIUM=/path/to/chromium`."
    )


def find_chromium() -> str | None:
    """The first program on PATH that is a Chromium and starts."""
    found = (shutil.which(name) for name in NAMES)
    return next((program for program in found if program and starts(program)), None)


def starts(program: str) -> bool:
    """Whether it runs at all; Ubuntu's `chromium-browser` may be a note that says to use another installer."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_with_apt() -> None:
    """Install the distribution's Chromium; whether that worked shows when it is looked for again."""
    print("Installing Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], env=environment, check=False)
