"""Make the virtual environment `.venv` from the lock files; `python3 -m devstack.environment`.

Runs under the machine's own Python before anything is installed, so it knows the standard library only. A second
call does nothing as long as the locks and the Python stay the same.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".installed"
OLDEST_PYTHON = (3, 11)
INSTALLER_LOCK = ROOT / "requirements" / "uv.txt"
EVERYTHING_LOCK = ROOT / "requirements" / "all.txt"


def main() -> int:
    """Make or refresh `.venv`; the exit status is 0 when it is as the locks say."""
    if sys.version_info < OLDEST_PYTHON:
        return complain(
            f"Python 3.11 or newer is needed; this one is {sys.version.split()[0]}. Name one: make setup PYTHON=…"
        )
    wanted = [python_fingerprint(), locks_fingerprint()]
    present = STAMP.read_text().splitlines() if STAMP.exists() else ["", ""]
    if present == wanted:
        return 0
    try:
        if present[0] != wanted[0]:
            make_venv()
        install_locked()
    except subprocess.CalledProcessError as error:
        return complain(f"Making .venv failed: {' '.join(map(str, error.cmd[:4]))} … ended with {error.returncode}.")
    STAMP.write_text("\n".join(wanted))
    return 0


def python_fingerprint() -> str:
    """This Python: its version and the interpreter behind it, also when that is itself a virtual environment's."""
    base = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    return f"{sys.version.split()[0]} {base}"


def locks_fingerprint() -> str:
    """The content of the locks as one word."""
    return hashlib.sha256(INSTALLER_LOCK.read_bytes() + EVERYTHING_LOCK.read_bytes()).hexdigest()


def make_venv() -> None:
    """An empty environment with pip; one made by another Python or left half-made is replaced."""
    print("Making .venv …", flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)
    except subprocess.CalledProcessError:
        # Debian and Ubuntu keep the part that brings pip in a package of its own.
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            complain("This Python cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv")
            raise
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "python3-venv"], check=True)
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)


def install_locked() -> None:
    """Exactly what the lock names and nothing else, every file checked against its hash."""
    STAMP.unlink(missing_ok=True)
    python = str(VENV / "bin" / "python")
    subprocess.run(
        [
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(INSTALLER_LOCK),
        ],
        check=True,
    )
    # uv must use the Python at hand and never fetch another one.
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"}
    print("Installing what requirements/all.txt locks …", flush=True)
    subprocess.run(
        [str(VENV / "bin" / "uv"), "pip", "sync", "--python", python, "-q", "--require-hashes", str(EVERYTHING_LOCK)],
        check=True,
        env=environment,
    )


def complain(sentence: str) -> int:
    """Say it where errors are read; the exit status for "it did not work"."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
