"""A command under supervision, run by the tests as a process: `supervised.py FOLDER KIND…`.

Each KIND is one child: `steady` stops when asked, `stubborn` does not, `brief` ends by itself. A child writes its
process id to FOLDER/<number>, and its number to FOLDER/stopped when it stops in good order.
"""

import sys
from pathlib import Path

from devstack.supervisor import ChildFailedError, Supervisor

CHILD = """
import os, pathlib, signal, subprocess, sys, time
folder, number, kind = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def stop(*_):
    with (folder / "stopped").open("a") as file:
        file.write(number)
    raise SystemExit

signal.signal(signal.SIGTERM, signal.SIG_IGN if kind == "stubborn" else stop)
if kind == "stubborn":
    grandchild = subprocess.Popen(["sleep", "60"])
    (folder / f"{number}-grandchild").write_text(str(grandchild.pid))
(folder / f"{number}.new").write_text(str(os.getpid()))
(folder / f"{number}.new").rename(folder / number)
time.sleep(0.5 if kind == "brief" else 60)
"""


def main(folder: Path, kinds: list[str]) -> int:
    """Supervise children of these kinds."""
    try:
        with Supervisor(stop_limit=1) as supervisor:
            for number, kind in enumerate(kinds):
                supervisor.start(f"{kind} child", [sys.executable, "-c", CHILD, folder, str(number), kind])
            supervisor.watch()
    except KeyboardInterrupt:
        return 0
    except ChildFailedError as error:
        sys.stdout.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:]))
