"""What a color means, and what each status and each outcome looks like."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from returns.domain.facts import Outcome
from returns.domain.workflow import Status


class Kind(StrEnum):
    """What a color means. It never stands alone: an icon and a word say the same."""

    OK = "ok"
    WAIT = "wait"
    NO = "no"
    INFO = "info"
    IDLE = "idle"
    LATE = "late"


KIND_ICONS: Mapping[Kind, str] = {
    Kind.OK: "check-circle",
    Kind.WAIT: "eye",
    Kind.NO: "slash-circle",
    Kind.INFO: "info",
    Kind.IDLE: "flag",
    Kind.LATE: "warning",
}


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a status appears, and its words: the customer's and the staff's."""

    kind: Kind
    icon: str
    customer: str
    staff: str

    def word(self, *, staff: bool = False) -> str:
        """The word for the one who reads."""
        return self.staff if staff else _(self.customer)


STATUS_LOOKS: Mapping[Status, StatusLook] = {
    Status.SUBMITTED: StatusLook(Kind.INFO, "inbox", N_("Requested"), "Submitted"),
    Status.IN_REVIEW: StatusLook(Kind.INFO, "eye", N_("Being read"), "In review"),
    Status.INFORMATION_REQUESTED: StatusLook(Kind.WAIT, "question", N_("Waiting for you"), "Information requested"),
    Status.AUTHORIZED: StatusLook(Kind.OK, "check-circle", N_("Authorized"), "Authorized"),
    Status.SHIPPED: StatusLook(Kind.INFO, "truck", N_("On its way"), "On its way"),
    Status.RECEIVED: StatusLook(Kind.INFO, "box", N_("Received"), "Received"),
    Status.INSPECTED: StatusLook(Kind.INFO, "scale", N_("Checked"), "Inspected"),
    Status.DIFFERENCE_SENT: StatusLook(Kind.WAIT, "question", N_("Waiting for you"), "Difference sent"),
    Status.COMPLETED: StatusLook(Kind.IDLE, "flag", N_("Completed"), "Completed"),
    Status.REJECTED: StatusLook(Kind.NO, "slash-circle", N_("Not accepted"), "Rejected"),
    Status.REDIRECTED: StatusLook(Kind.WAIT, "redirect", N_("Redirected"), "Redirected"),
    Status.WITHDRAWN: StatusLook(Kind.IDLE, "back", N_("Withdrawn"), "Withdrawn"),
    Status.EXPIRED: StatusLook(Kind.IDLE, "hourglass", N_("Expired"), "Expired"),
}
"""The only list of what a status looks like (ux, section 4). A test asks for a row for every status."""


OUTCOME_LOOKS: Mapping[Outcome, tuple[Kind, str]] = {
    Outcome.ELIGIBLE: (Kind.OK, "check-circle"),
    Outcome.NEEDS_REVIEW: (Kind.WAIT, "eye"),
    Outcome.NOT_ELIGIBLE: (Kind.NO, "slash-circle"),
    Outcome.REDIRECT: (Kind.IDLE, "redirect"),
}
