"""Half an hour of ordinary use with something going wrong each minute: nothing is lost, doubled or used up (E21)."""

import random
import sys
import time
from collections.abc import Iterator

import pytest

from devstack.scratch import scratch_home
from tests.kill.workers import wait_until
from tests.sizes import FAULT_EVERY, FAULTS, FULL, WARM_UP
from tests.soak.faults import in_turn, strike
from tests.soak.figures import tell
from tests.soak.load import Load, Turns, under_load
from tests.soak.proof import broken_promises, outbox_is_empty
from tests.soak.stack import Portal, whole_portal
from tests.soak.watch import watching

SEED = 20261129
PER_SECOND = 5.0
DRAINED = 120.0
"""Seconds after the last fault within which everything owed has left."""

MOST_GROWTH = 0.10
MOST_CONNECTIONS = 2 * 4 + 2 + 4
"""One for each thread of two web processes and for two children of the worker; and those of a web process that was
killed just now, which PostgreSQL hasn't noticed yet."""

SECONDS = WARM_UP + FAULTS * FAULT_EVERY


@pytest.fixture
def portal() -> Iterator[Portal]:
    with scratch_home() as home, whole_portal(home, orders=20 + int(SECONDS * PER_SECOND / 20)) as portal:
        yield portal
        for part in ("web", "worker", "beat"):
            sys.stdout.write(portal.log(part).read_text(errors="replace")[-20_000:])  # shown where the test failed


def test_nothing_is_lost_or_used_up_while_one_thing_after_the_other_breaks(portal: Portal) -> None:
    chance = random.Random(SEED)  # noqa: S311  the same faults in every run
    with watching(portal) as watch:
        with under_load(Load(portal.url, portal.world, Turns(PER_SECOND), SEED)) as load:
            time.sleep(WARM_UP)
            struck = list(strike(portal, in_turn(FAULTS, chance), chance, every=FAULT_EVERY))
        if not FULL:
            portal.time_passes()
        wait_until(lambda: outbox_is_empty(portal), seconds=DRAINED)
        drained = time.monotonic() - struck[-1].ended
    sys.stdout.write(tell(load, portal, watch, struck, drained))
    assert load.trouble == []
    assert not [one for one in load.answers if not (one.is_good or any(fault.excuses(one) for fault in struck))]
    assert broken_promises(portal, load.done) == []
    assert "0 violations" in portal.check_invariants()
    assert drained <= DRAINED
    assert max(number for _, number in watch.connections) <= MOST_CONNECTIONS
    if FULL:
        growths = watch.growths(WARM_UP)
        assert {"web child", "worker child"} <= {one.role for one in growths}, "nobody lived long enough to be measured"
        assert max(one.share for one in growths) < MOST_GROWTH
