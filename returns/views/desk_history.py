"""What was written and what happened, on the desk's page of a request."""

from collections.abc import Sequence
from itertools import groupby, takewhile

from returns.components import MessageView, Progress, Stage, Voice
from returns.domain.workflow import Status
from returns.models import Message, ReturnEvent, ReturnRequest
from returns.querysets.requests import NEWS
from returns.wording import desk as words
from returns.wording.phrases import brief_moment


def message_view(message: Message, rma: ReturnRequest) -> MessageView:
    """A message with who wrote it, and who may read it."""
    author = message.author.get_short_name() if message.author else rma.contact_name
    voice = Voice.INTERNAL if message.internal else Voice.OURS if message.from_staff else Voice.THEIRS
    return MessageView(author, brief_moment(message.at, rma.storefront.zone), message.body, voice)


def has_new_message(rma: ReturnRequest, events: Sequence[ReturnEvent]) -> bool:
    """Whether the customer wrote or showed something after what staff did last."""
    since = takewhile(lambda event: event.actor_kind not in {"support", "manager"}, reversed(events))
    return any(event.actor_kind == "owner" and event.action in NEWS and event.at > rma.requested_at for event in since)


def history(rma: ReturnRequest, events: Sequence[ReturnEvent]) -> list[Stage]:
    """Every event with its person, the latest last; one correction stands for all that follow one another."""
    runs = [list(run) for _sign, run in groupby(events, key=_run_of)]
    return [_stage(run[-1], rma, times=len(run), is_last=run is runs[-1]) for run in runs]


def _run_of(event: ReturnEvent) -> tuple[object, ...]:
    return (event.action, event.actor_id) if event.action == "tracking" else (event.seq,)


def _stage(event: ReturnEvent, rma: ReturnRequest, *, times: int, is_last: bool) -> Stage:
    parts = [
        words.event_detail(event.data),
        f"{times} times" if times > 1 else "",
        _who(event, rma),
        brief_moment(event.at, rma.storefront.zone),
    ]
    is_open = is_last and not Status(rma.status).is_final
    return Stage(
        words.event_words(event.action),
        Progress.NOW if is_open else Progress.DONE,
        ", ".join(part for part in parts if part),
    )


def _who(event: ReturnEvent, rma: ReturnRequest) -> str:
    if event.actor is not None:
        return event.actor.get_short_name()
    return "the portal" if event.actor_kind == "worker" else rma.contact_name
