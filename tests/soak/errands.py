"""What people come to the portal for: customers and guests file and look at what became of it, staff authorize."""

import http.client
import random
import re
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.factories import PASSWORD
from tests.soak.visitor import Answer, Visitor

QUEUE = "/desk/?status=submitted"


@dataclass
class Done:
    """What the portal said is done: by reference, whose order was filed, and what was authorized."""

    filed: dict[str, str] = field(default_factory=dict)
    """The order's public id, by reference."""
    authorized: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Unexpected(Exception):
    """A page led elsewhere than it should, or doesn't say what it should."""


def sign_in(visitor: Visitor, email: str) -> None:
    """With the password, through the form."""
    form = visitor.get("/accounts/login/").form("password")
    _leads(visitor.post("/accounts/login/", {**form, "login": email, "password": PASSWORD}), "/accounts/")


def open_link(visitor: Visitor, url: str) -> str:
    """Follow a guest's mailed link and press its button; the path of the order."""
    answer = _press(visitor, url)
    if answer.status == http.client.NOT_FOUND:
        # The session became another one, and the answer that said so was lost. The mail is still there.
        answer = _press(visitor, url)
    return _leads(answer, "/orders/")


def _press(visitor: Visitor, url: str) -> Answer:
    page = _leads(visitor.get(urlsplit(url).path), "/link/")
    return visitor.post(page, visitor.get(page).form("csrfmiddlewaretoken"))


def file_return(visitor: Visitor, order: str, done: Done) -> str:
    """Choose, check, send; the path of the return's page."""
    form = visitor.get(f"{order}return/").form("page_at")
    [line] = {found[1] for name in form if (found := re.fullmatch(r"(.+)-chosen", name))}
    chosen = {"chosen": "on", "reason": "changed_mind", "condition": "unopened", "quantity": "2"}
    answers = {f"{line}-{name}": value for name, value in chosen.items()}
    check = _leads(visitor.post(f"{order}return/", {**form, **answers, "continue": "1"}), "/return/check/")
    page = _leads(visitor.post(check, visitor.get(check).form("nonce")), "/returns/")
    with done.lock:
        done.filed[_reference(page)] = order.split("/")[-2]
    return page


def read_status(visitor: Visitor, page: str) -> None:
    """Look at what became of a return."""
    if _reference(page) not in _shown(visitor.get(page)):
        raise Unexpected(f"{page} doesn't say which return it is about")


def authorize_one(visitor: Visitor, done: Done, chance: random.Random) -> None:
    """Take one of the queue's first page and authorize what the page suggests; a colleague may be quicker."""
    waiting = re.findall(r'href="(/desk/requests/[A-Z0-9-]+/)"', _shown(visitor.get(QUEUE)))
    if not waiting:
        return
    page = chance.choice(waiting)
    answer = visitor.get(page)
    if 'id="decision"' not in _shown(answer):
        return
    answer = visitor.post(f"{page}authorize/", answer.form("line-1-choice"))
    if answer.status == http.client.CONFLICT:
        return
    with done.lock:
        done.authorized.add(_reference(_leads(answer, page)))
    read_status(visitor, page)


def _leads(answer: Answer, part: str) -> str:
    if answer.status != http.client.FOUND or part not in answer.location:
        raise Unexpected(f"{answer.method} {answer.path} answered {answer.status} to {answer.location}, not to {part}")
    return answer.location


def _shown(answer: Answer) -> str:
    if answer.status != http.client.OK:
        raise Unexpected(f"{answer.method} {answer.path} answered {answer.status}")
    return answer.body


def _reference(page: str) -> str:
    return page.rstrip("/").rpartition("/")[2]
