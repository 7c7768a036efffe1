"""The customer doesn't agree with what was found: somebody else than who inspected it looks again."""

from returns.differences import Answer
from returns.domain.workflow import Action
from returns.models import ReturnRequest
from returns.services.errors import Refused
from returns.services.transition import By


def refuse_same_eyes(request: ReturnRequest, by: By) -> None:
    """Raise where the person whose findings the customer objected to would go on with them."""
    if has_same_eyes(request, by):
        raise Refused("The customer doesn't agree with what you found. Somebody else looks at it and goes on.")


def has_same_eyes(request: ReturnRequest, by: By) -> bool:
    """Whether the customer objected to the findings of this person, so that a second one has to look."""
    if request.difference_answer != Answer.DISAGREE.value:
        return False
    inspected = request.events.filter(action=Action.INSPECT.value).order_by("-seq")
    return inspected.values_list("actor_id", flat=True).first() == by.person.pk
