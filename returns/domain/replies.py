"""Reply templates: what staff often write to customers, with placeholders from a fixed list and no others.

A placeholder is a name in braces, `{order}`. Filling replaces each once, in one pass: what is put in is never read as a
placeholder again, so that nothing a customer typed can become one (B24).
"""

import re
from collections.abc import Mapping
from enum import StrEnum

LONGEST = {"ask": 2000, "reject": 500, "message": 2000}
"""Signs of a reply by its use; the fields that take it hold no more."""

_BRACES = re.compile(r"\{([^{}]*)\}")


class Use(StrEnum):
    """What a template is for: a question, the reason of a rejection, or any other message to the customer."""

    ASK = "ask"
    REJECT = "reject"
    MESSAGE = "message"


class Placeholder(StrEnum):
    """What a template may leave open. Each has a value for every return, at every stage."""

    CUSTOMER = "customer"
    NUMBER = "number"
    ORDER = "order"
    PRODUCTS = "products"
    SHOP = "shop"
    PHONE = "phone"
    EMAIL = "email"


MEANINGS: Mapping[Placeholder, str] = {
    Placeholder.CUSTOMER: "the customer's name",
    Placeholder.NUMBER: "the RMA number, or the reference while there is none",
    Placeholder.ORDER: "the order number",
    Placeholder.PRODUCTS: "the products asked back, with their units",
    Placeholder.SHOP: "the storefront's name",
    Placeholder.PHONE: "the storefront's phone number",
    Placeholder.EMAIL: "the storefront's email address",
}

EXAMPLES: Mapping[Placeholder, str] = {
    Placeholder.CUSTOMER: "Hana Kim",
    Placeholder.NUMBER: "RMA-7K3F-9Q2M-X",
    Placeholder.ORDER: "IC-20418",
    Placeholder.PRODUCTS: "2 × Vital C hydrating serum",
    Placeholder.SHOP: "IMAGE Skincare",
    Placeholder.PHONE: "1-855-791-5800",
    Placeholder.EMAIL: "customercare@imageskincare.com",
}
"""What a template is shown with where it is written."""


def placeholders_in(text: str) -> list[str]:
    """The names in braces, as they are written, each once."""
    return list(dict.fromkeys(_BRACES.findall(text)))


def unknown_in(text: str) -> list[str]:
    """What stands in braces and is no placeholder, such as `{0.__class__}`; `{` where one stands alone."""
    known = {placeholder.value for placeholder in Placeholder}
    unknown = [f"{{{name}}}" for name in placeholders_in(text) if name not in known]
    left = _BRACES.sub("", text)
    return unknown + [brace for brace in "{}" if brace in left]


def fill(text: str, values: Mapping[Placeholder, str]) -> str:
    """The text with its placeholders filled in. Raises ValueError for what is none: it was refused when written."""
    return _BRACES.sub(lambda found: values[Placeholder(found[1])], text)
