"""What a soak measured, in words."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.sizes import WARM_UP
from tests.soak.faults import Struck
from tests.soak.load import Load
from tests.soak.stack import Portal
from tests.soak.visitor import NOTHING
from tests.soak.watch import Watch


def tell(load: Load, portal: Portal, watch: Watch, struck: Sequence[Struck], drained: float) -> str:
    """All figures, a line each."""
    lines = [*_requests(load), *_faults(load, struck), *_mails(portal, drained), *_processes(watch)]
    return "\n" + "".join(f"{line}\n" for line in lines)


def _requests(load: Load) -> Iterator[str]:
    answers = load.answers
    lasted = max(one.asked_at for one in answers) - min(one.asked_at for one in answers)
    statuses = Counter(str(one.status or "no answer") for one in answers)
    took = sorted(one.took for one in answers if one.is_good)
    yield f"{len(answers)} requests in {lasted:.0f} s, {len(answers) / lasted:.1f} a second: {dict(statuses)}"
    yield (
        f"answers: median {statistics.median(took):.3f} s, p95 {took[int(len(took) * 0.95)]:.3f} s,"
        f" p99 {took[int(len(took) * 0.99)]:.3f} s, slowest {took[-1]:.2f} s"
    )
    yield f"{len(load.done.filed)} returns filed, {len(load.done.authorized)} authorized"


def _faults(load: Load, struck: Sequence[Struck]) -> Iterator[str]:
    bad = [one for one in load.answers if not one.is_good]
    for fault in struck:
        seen = Counter(str(one.status or "no answer") for one in bad if fault.excuses(one))
        lasted = f", {fault.ended - fault.begun:.1f} s" if fault.fault.lasts else ""
        yield f"  {fault.fault.name}{lasted}: {dict(seen) or 'nobody noticed'}"
    for one in bad:
        if not any(fault.excuses(one) for fault in struck):
            what = "no answer" if one.status == NOTHING else f"{one.status}{' politely' * one.is_polite}"
            since = {fault.fault.name: one.asked_at - fault.begun for fault in struck if fault.begun <= one.asked_at}
            yield f"  NOT EXCUSED: {one.method} {one.path}: {what} after {one.took:.1f} s, {list(since.items())[-1:]}"


def _mails(portal: Portal, drained: float) -> Iterator[str]:
    copies = portal.mailbox.copies
    again = copies.total() - len(copies)
    yield f"{len(copies)} mails, {again} second copies under the same Message-ID"
    yield f"nothing was owed any more {drained:.1f} s after the last fault"


def _processes(watch: Watch) -> Iterator[str]:
    numbers = [number for _, number in watch.connections]
    if numbers:
        begun = watch.connections[0][0]
        early = [number for at, number in watch.connections if at - begun <= WARM_UP] or numbers
        middle = statistics.median(early), statistics.median(numbers[-len(early) :])
        yield f"connections: median {middle[0]:g} in the warm-up, {middle[1]:g} in the end, {max(numbers)} at most"
    for one in watch.growths(WARM_UP):
        size = f"{one.warm / 1024:.1f} MiB, then {one.last / 1024:.1f} MiB"
        yield f"  {one.role}, lived {one.seconds:.0f} s: {size}, {one.share:+.1%}"
