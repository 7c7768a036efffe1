"""Asking for one page again and again for some seconds: with wrk where there is one, else with processes of our own."""

import http.client
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MOST_REQUESTS = 100_000  # by one connection, so that a list of times never fills the memory
REPORT = Path(__file__).with_name("wrk_report.lua")


@dataclass(frozen=True, slots=True)
class Timing:
    """What a round gave; times in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    errors: int

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def tool() -> str:
    """What asks for the pages here."""
    return "wrk" if shutil.which("wrk") else "http.client"


def fetched(url: str, cookie: str, expected: int = http.client.OK) -> str:
    """The page, once; of a redirect the address it leads to. Raises ValueError for any other answer than `expected`."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)
    try:
        connection.request("GET", _target(url), headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    if answer.status != expected:
        raise ValueError(f"{url} answered {answer.status}")
    return answer.headers.get("Location") or body


def ask(url: str, *, cookie: str, connections: int, seconds: int, expected: int = http.client.OK) -> Timing:
    """One round. Any other answer than `expected` is an error."""
    return (_by_wrk if shutil.which("wrk") else _by_ourselves)(url, cookie, connections, seconds, expected)


def _target(url: str) -> str:
    where = urlsplit(url)
    return f"{where.path}?{where.query}" if where.query else where.path


def _by_wrk(url: str, cookie: str, connections: int, seconds: int, expected: int) -> Timing:
    options = [
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout=30s",
        "-s",
        str(REPORT),
        "-H",
        f"Cookie: {cookie}",
    ]
    command = ["wrk", *options, url, "--", str(expected)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(said[said.rindex("{") :])
    return Timing(found["requests"], found["seconds"], found["p50"], found["p95"], found["errors"])


def _by_ourselves(url: str, cookie: str, connections: int, seconds: int, expected: int) -> Timing:
    command = [sys.executable, "-m", "bench.load", url, str(seconds), cookie, str(expected)]
    asking = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(connections)]
    found = [json.loads(process.communicate()[0]) for process in asking]
    times = sorted(one for part in found for one in part["times"])
    took = statistics.mean(part["seconds"] for part in found)
    errors = sum(part["errors"] for part in found)
    return Timing(len(times), took, _at(times, 0.5), _at(times, 0.95), errors)


def _at(times: Sequence[float], part: float) -> float:
    return times[min(int(len(times) * part), len(times) - 1)] if times else float("inf")


def repeat(url: str, seconds: int, cookie: str, expected: int) -> dict[str, object]:
    """One connection, asking until the time is over: each answer's time in milliseconds, and how many went wrong."""
    where, path = urlsplit(url), _target(url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=30)
    times: list[float] = []
    errors = 0
    start = time.perf_counter()
    while (begun := time.perf_counter()) < start + seconds and len(times) < MOST_REQUESTS:
        try:
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            errors += answer.status != expected
        except (OSError, http.client.HTTPException):
            errors += 1
            connection.close()
        times.append((time.perf_counter() - begun) * 1000)
    return {"times": times, "errors": errors, "seconds": time.perf_counter() - start}


if __name__ == "__main__":
    print(json.dumps(repeat(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))
