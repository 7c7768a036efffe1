"""Start processes, watch them, stop them in order, leave none behind.

Every child leads a process group of its own, so that Ctrl-C reaches this process alone and the order of stopping is
ours; and every child is told by the kernel when this process dies, so that even `kill -9` leaves no orphan.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

Identity = Literal["self", "namespace", "nobody"]
LAUNCHER = Path(__file__).with_name("launch.py")
GLANCE = 0.1  # seconds between two looks at the children
STOP_LIMIT = 8.0  # seconds a child may take to stop before it is killed
TAIL_LINES = 25
ASKING_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildFailedError(Exception):
    """A child ended that had to go on, or did not succeed; the message is for the terminal."""


@dataclass(frozen=True)
class Child:
    """A process and how it is asked to stop."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path | None
    is_lasting: bool

    def describe_end(self) -> str:
        """How it ended and the last lines it wrote, for a person."""
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:] if self.log else []
        return "\n".join(
            [f"{self.name} ended with status {self.process.returncode}.", *(f"  {line}" for line in lines)]
        )

    def stop(self, limit: float) -> None:
        """Ask, wait up to `limit` seconds, then kill; what is left of its process group goes as well."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(limit)
            except subprocess.TimeoutExpired:
                print(f"{self.name} did not stop within {limit:.0f} s and was killed.", file=sys.stderr)
        with suppress(ProcessLookupError):  # the usual case: nothing is left of the group
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """The children of one command, newest last. Use it as a context manager: leaving it stops them all.

    SIGINT, SIGTERM and SIGHUP arrive as KeyboardInterrupt; once stopping has begun they are ignored.
    """

    def __init__(self, stop_limit: float = STOP_LIMIT) -> None:
        self.stop_limit = stop_limit
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        self.handlers = {number: signal.signal(number, signal.default_int_handler) for number in ASKING_TO_STOP}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in ASKING_TO_STOP:
            signal.signal(number, signal.SIG_IGN)
        while self.children:
            self.children.pop().stop(self.stop_limit)
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        orphan_signal: signal.Signals | None = None,
        identity: Identity = "self",
        is_lasting: bool = True,
    ) -> Child:
        """Start one more child.

        Args:
            name: What the terminal calls it.
            command: The program and its arguments.
            environment: Variables on top of this process's own.
            log: Where its output goes, written anew; the terminal if None.
            stop_signal: What asks it to stop in good order.
            orphan_signal: What it gets when this process is killed; `stop_signal` if None.
            identity: Whom it runs as, see `devstack.launch`.
            is_lasting: Whether it has to go on; if not, `finish` waits for its end.
        """
        if log:
            log.touch(mode=0o600)  # what a server logs may be a customer's data
        output = log.open("wb") if log else None
        process = subprocess.Popen(
            launched(command, identity, orphan_signal or stop_signal),
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            process_group=0,
        )
        if output:
            output.close()
        child = Child(name, process, stop_signal, log, is_lasting)
        self.children.append(child)
        return child

    def finish(self, child: Child) -> None:
        """Wait until a child that has an end reaches it.

        Raises:
            ChildFailedError: It failed, or one that has to go on ended meanwhile.
        """
        while child.process.poll() is None:
            self.check()
            time.sleep(GLANCE)
        self.children.remove(child)
        if child.process.returncode != 0:
            raise ChildFailedError(child.describe_end())

    def check(self) -> None:
        """All children that have to go on are alive.

        Raises:
            ChildFailedError: One has ended, with whatever status.
        """
        for child in self.children:
            if child.is_lasting and child.process.poll() is not None:
                raise ChildFailedError(child.describe_end())

    def watch(self) -> None:
        """Wait for as long as all children live that have to.

        Raises:
            ChildFailedError: One has ended.
            KeyboardInterrupt: This process was asked to stop.
        """
        while True:
            self.check()
            time.sleep(GLANCE)


def launched(
    command: Sequence[str | Path], identity: Identity = "self", orphan_signal: signal.Signals = signal.SIGTERM
) -> list[str]:
    """The command line that runs `command` by way of `devstack.launch`, tied to this process."""
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), str(int(orphan_signal)), identity]
    return [*launcher, *map(str, command)]


def run_in_foreground(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Run a command that has the terminal to itself; its exit status.

    Ctrl-C at a terminal reaches it directly, as it is in our process group; a signal to end this process is passed on.
    """
    process = subprocess.Popen(launched(command, orphan_signal=signal.SIGINT), env={**os.environ, **environment})
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT)),
    }
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
