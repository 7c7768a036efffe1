"""The customer doesn't agree with what was found: somebody else than who inspected it looks again."""

from returns.differences import INSPECT_AGAIN, Answer
from returns.domain.workflow import Action, Status
from returns.models import ReturnRequest
from returns.services.errors import Refused
from returns.services.transition import By, is_own_order

INSPECTIONS = (Action.INSPECT.value, INSPECT_AGAIN)


def may_look_again(request: ReturnRequest, by: By) -> bool:
    """Whether this person can inspect it again: the customer objected, and to somebody else's findings."""
    is_open = request.status == Status.INSPECTED.value and request.difference_answer == Answer.DISAGREE.value
    return is_open and by.is_staff and not has_same_eyes(request, by) and not is_own_order(request, by)


def objection_of(request: ReturnRequest) -> str:
    """What the customer wrote when they didn't agree; empty where they said it by phone and nobody noted it."""
    answered = request.events.filter(action=Action.ANSWER_DIFFERENCE.value).order_by("-seq").first()
    written = request.messages.filter(internal=False, at=answered.at).last() if answered else None
    return written.body if written else ""


def refuse_same_eyes(request: ReturnRequest, by: By) -> None:
    """Raise where the person whose findings the customer objected to would go on with them."""
    if has_same_eyes(request, by):
        raise Refused("The customer doesn't agree with what you found. Somebody else looks at it and goes on.")


def has_same_eyes(request: ReturnRequest, by: By) -> bool:
    """Whether the customer objected to the findings of this person, so that a second one has to look."""
    if request.difference_answer != Answer.DISAGREE.value:
        return False
    inspected = request.events.filter(action__in=INSPECTIONS).order_by("-seq")
    return inspected.values_list("actor_id", flat=True).first() == by.person.pk
