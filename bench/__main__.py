"""`python -m bench`: run the benchmarks, print their figures, exit 1 where a target is missed."""

import argparse
import logging
import os
import sys

import django

from bench import engine, replays
from bench.portal import BenchError, servers
from devstack.servers import NoServerError
from devstack.supervisor import ChildFailedError

SIZES = (10_000, 100_000, 1_000_000)


def main(arguments: list[str]) -> int:
    """Measure and say; the exit status."""
    asked = parsed(arguments)
    about_engine, reached = engine_figures()
    print(about_engine, flush=True)
    if asked.engine:
        return 0 if reached else 1
    sizes = [SIZES[0], asked.returns or SIZES[-1]] if asked.growth else [asked.returns or SIZES[0]]
    try:
        if asked.background:
            return 0 if background_figures(asked.returns or SIZES[0]) else 1
        missed = page_figures(sizes, asked, about_engine)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 1
    except (BenchError, NoServerError, ChildFailedError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if reached and not missed else 1


def parsed(arguments: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the engine and the pages.")
    parser.add_argument("--returns", type=int, choices=SIZES, help="size of the data set")
    parser.add_argument(
        "--growth", action="store_true", help="the smallest size and the largest (or that of --returns)"
    )
    parser.add_argument("--seconds", type=int, default=2, help="length of each round")
    parser.add_argument("--rounds", type=int, default=5, help="how often each page and the floor are asked in turn")
    parser.add_argument("--engine", action="store_true", help="only the engine, which needs no server")
    parser.add_argument("--background", action="store_true", help="only mails, what owing one costs, and reminders")
    parser.add_argument("--no-page", action="store_true", help="leave docs/benchmarks.md as it is")
    return parser.parse_args(arguments)


def engine_figures() -> tuple[str, bool]:
    """The engine's time and the test bench's speed in words, and whether their targets are reached."""
    took = engine.measure()
    speed = replays.measure()
    said = (
        f"A quote for {engine.LINES} lines: median {took:.3f} ms, target below {engine.TARGET_MS:.3f} ms.\n"
        f"The test bench of a draft: {speed:,.0f} requests for each second of one core, target {replays.TARGET:,}."
    )
    return said, took < engine.TARGET_MS and speed >= replays.TARGET


def page_figures(sizes: list[int], asked: argparse.Namespace, about_engine: str) -> list[str]:
    """Measure the pages, print them and write them down; the targets that were missed."""
    with servers() as supervisor:
        django.setup()  # the settings need to know the servers, and the rest needs the settings
        logging.disable(logging.INFO)  # of this process; the served portal logs as in production
        from bench import measuring, report, targets

        measuring.collect_static_files()
        about = report.machine()
        print(about, flush=True)
        results = []
        for size in sizes:
            result = measuring.measure(supervisor, size, seconds=asked.seconds, rounds=asked.rounds, say=say)
            print(f"\n{report.section(result)}", flush=True)
            results.append(result)
        if len(results) > 1:
            print(report.growth(results[0], results[-1]))
        missed = targets.missed(results)
        print("\n".join(f"missed: {sentence}" for sentence in missed) or "reached")
        if not asked.no_page:
            report.write(about, about_engine, results)
        return missed


def background_figures(returns: int) -> bool:
    """Measure what happens behind the pages, and print it; whether all targets are reached."""
    with servers():
        django.setup()
        logging.disable(logging.INFO)
        from bench import background, measuring

        os.environ["DATABASE_URL"], _ = measuring.ready(returns, say)
        lines = background.measure(say)
        print("\n".join(line.words for line in lines))
        return all(line.reached for line in lines)


def say(what: str) -> None:
    """Progress, on the channel that carries no figures."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
