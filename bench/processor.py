"""How much processor time groups of processes have used, from /proc; zero where there is none."""

import os
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def used_by(leader: int | None) -> float:
    """Seconds used by a process, all it started, and those of them that have ended."""
    if leader is None or not PROC.is_dir():
        return 0.0
    ticks = sum(_ticks(process, ended=process == leader) for process in (leader, *_children(leader)))
    return ticks / os.sysconf("SC_CLK_TCK")


def _children(leader: int) -> Iterable[int]:
    parents = {int(entry.name): fields[1] for entry in PROC.glob("[0-9]*") if (fields := _fields(int(entry.name)))}
    return [process for process, parent in parents.items() if int(parent) == leader]


def _ticks(process: int, *, ended: bool) -> int:
    # utime and stime are fields 14 and 15, cutime and cstime 16 and 17; the first two fields are cut off.
    return sum(map(int, _fields(process)[11 : 15 if ended else 13]))


def _fields(process: int) -> list[str]:
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
