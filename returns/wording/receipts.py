"""What the dock noted of the packages of a return: what came, what is missing, too much, damaged or somebody else's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from returns.models import HeldPackage, Package, PackageLine, ReturnRequest
from returns.wording.phrases import count


@dataclass(frozen=True, slots=True)
class Receipt:
    """One package of several: `Package 2 of 3`, its label, and what is remarkable about what was in it."""

    number: int
    of: int
    at: datetime
    by: str
    label: str
    held: HeldPackage | None
    remarks: list[str]


def receipts_of(request: ReturnRequest) -> list[Receipt]:
    """The packages of a return in the order they came."""
    packages = list(
        request.packages.select_related("received_by", "held")
        .prefetch_related("lines__line__order_line")
        .order_by("id")
    )
    return [
        Receipt(
            number=number,
            of=len(packages),
            at=package.received_at,
            by=package.received_by.get_short_name(),
            label=" ".join(part for part in (package.carrier, package.tracking_number) if part),
            held=getattr(package, "held", None),
            remarks=list(_remarks(package, is_last=number == len(packages))),
        )
        for number, package in enumerate(packages, start=1)
    ]


REFUSED = {
    Package.REFUSED: "Refused at the door: the service charge is billed apart",
    Package.REFUSED_DAMAGED: "Refused at the door because it was damaged: no service charge",
}


def _remarks(package: Package, *, is_last: bool) -> Iterator[str]:
    if package.refused:
        yield REFUSED[package.refused]
    for line in sorted(package.lines.all(), key=lambda line: line.line.position):
        yield from _of_line(line, is_last=is_last)
    if package.other_items:
        yield f"Also in it: {package.other_items}"


def _of_line(line: PackageLine, *, is_last: bool) -> Iterator[str]:
    """What is missing is said of the last package: the ones after an earlier one may have brought it."""
    title = line.line.order_line.title
    if line.over:
        yield f"{title}: {line.over} more than authorized"
    if line.short and is_last:
        yield f"{title}: {line.short} missing"
    if line.damaged_quantity:
        yield f"{title}: {count(line.damaged_quantity, 'unit')} damaged on the way back"
