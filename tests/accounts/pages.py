"""Reading pages as a stranger compares them."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

# What differs between any two answers: when they were made, and which they were.
OF_ITS_OWN = {"Content-Length", "Expires", "X-Request-ID"}
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
LOGIN = "account_login"


def seen(response: Any, *typed: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Everything a stranger can compare: status, body without CSRF token and without what they typed, headers."""
    body = TOKEN.sub(rb"\1", response.content)
    for text in typed:
        body = body.replace(text.encode(), b"typed")
    headers = [
        (name, value) for name, value in response.items() if name not in {"Content-Length", "Expires", "X-Request-ID"}
    ]
    return response.status_code, body, sorted(headers)


def sign_in(client: Client, email: str, password: str, next_url: str = "", **extra: Any) -> Any:
    """Post the sign-in form."""
    data = {"login": email, "password": password} | ({"next": next_url} if next_url else {})
    return client.post(reverse(LOGIN), data, **extra)


def is_signed_in(client: Client) -> bool:
    """Whether this browser reaches a page that asks for a person."""
    return client.get(reverse("account_change_password")).status_code == 200
