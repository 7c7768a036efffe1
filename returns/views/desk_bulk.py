"""What is done to several returns of the queue at once: only what needs no words, and only in the same state."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from returns.components import STATUS_LOOKS
from returns.domain.workflow import Status
from returns.forms.queue import chosen_from
from returns.models import ReturnRequest
from returns.queue import Desk, desk_of
from returns.services import authorization, owners
from returns.services.errors import Refused
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views import desk_queue
from returns.views.access import person, staff_required
from returns.views.codes import CONFLICT, UNPROCESSABLE
from returns.wording.phrases import count, listing

MOST = 50
Act = Callable[[ReturnRequest], object]
Say = Callable[[str], str]


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Take the chosen returns."""
    desk = desk_of(person(request), timezone.now())
    by = By.staff(desk.user)
    return _each(
        request,
        desk,
        lambda one: authorization.take(request_id=one.pk, by=by, now=desk.now),
        lambda those: f"You look after {those} now.",
    )


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hand the chosen returns over to a colleague."""
    desk = desk_of(person(request), timezone.now())
    key = request.POST.get("to", "")
    if request.method == "POST" and key not in desk.colleagues:
        return desk_queue.page(request, desk, alert="Choose the colleague to hand them over to.", status=UNPROCESSABLE)
    to = User.objects.filter(public_id=key).first() if key in desk.colleagues else None
    by = By.staff(desk.user)
    return _each(
        request,
        desk,
        lambda one: owners.hand_over(request_id=one.pk, to=to or desk.user, by=by, now=desk.now),
        lambda those: f"{to.get_short_name() if to else ''} looks after {those} now.",
    )


def _each(request: HttpRequest, desk: Desk, act: Act, say: Say) -> HttpResponse:
    """Act on each chosen return by itself, in the order of their keys; what is refused is told by its number."""
    queue = desk_queue.address(chosen_from(request.GET.dict(), desk))
    if request.method != "POST":
        return redirect(queue)
    wanted = list(dict.fromkeys(request.POST.getlist("chosen")))[: MOST + 1]
    chosen = list(ReturnRequest.objects.visible_to(Viewer(desk.user)).filter(reference__in=wanted).order_by("pk"))
    if problem := _problem(wanted, chosen):
        return desk_queue.page(request, desk, alert=problem, status=UNPROCESSABLE)
    done, refused = [], []
    for one in chosen:
        try:
            act(one)
            done.append(one.number)
        except Refused as why:
            refused.append(f"{one.number}: {why.message}")
    if not done:
        return desk_queue.page(request, desk, alert=" ".join(refused), status=CONFLICT)
    messages.success(request, say(listing(done) if len(done) <= 3 else count(len(done), "return")))
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect(queue)


def _problem(wanted: Sequence[str], chosen: Sequence[ReturnRequest]) -> str:
    """Why these can't be acted on together; empty where they can."""
    if not wanted:
        return "Choose returns first: tick their rows."
    if len(wanted) > MOST:
        return f"Choose at most {MOST} returns at once."
    if len(chosen) < len(wanted):
        return "One of them isn't at your storefronts."
    first, other = chosen[0], next((one for one in chosen if one.status != chosen[0].status), None)
    if other is None:
        return ""
    words = [f"{one.number} is {STATUS_LOOKS[Status(one.status)].word(staff=True)}" for one in (first, other)]
    return f"Choose returns in the same state: {words[0]}, {words[1]}."
