"""Write the lock files from pyproject.toml; they carry hashes and no host name."""

import subprocess
import sys
from pathlib import Path

from devstack.environment import EVERYTHING_LOCK, INSTALLER_LOCK, ROOT

PRODUCTION_LOCK = ROOT / "requirements" / "prod.txt"
OLDEST_PYTHON = "3.11"


def lock(arguments: list[str]) -> int:
    """Resolve anew. Pins stay as they are while they fit; `--upgrade` takes the newest of everything."""
    resolve(["pyproject.toml"], PRODUCTION_LOCK, arguments)
    # Tests run on production's versions: the second lock only adds to the first.
    groups = ["--group", "embedded", "--group", "dev", "--constraint", str(PRODUCTION_LOCK.relative_to(ROOT))]
    resolve(["pyproject.toml", *groups], EVERYTHING_LOCK, arguments)
    resolve(["requirements/uv.in"], INSTALLER_LOCK, arguments)
    return 0


def resolve(sources: list[str], target: Path, arguments: list[str]) -> None:
    """One lock file, for every platform and every Python from the oldest on."""
    uv = str(Path(sys.executable).with_name("uv"))
    options = ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--quiet"]
    silence = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    output = ["--output-file", str(target.relative_to(ROOT))]
    subprocess.run([uv, "pip", "compile", *sources, *options, *silence, *output, *arguments], check=True, cwd=ROOT)
