"""The style sheet of a storefront whose color isn't one that the portal's own style sheet has."""

from functools import lru_cache

from django.urls import reverse

from returns.domain.accents import mark_of, stylesheet
from returns.models import Storefront

SHIPPED = {"le-petit-spa": "#7a3b5a", "image-consumer": "#0d5963", "image-professional": "#37418c"}
"""Looks that tokens.css has, and their colors."""


@lru_cache(maxsize=64)
def sheet(look: str, accent: str) -> str:
    """The style sheet of a look in this color."""
    return stylesheet(look, accent)


def look_url(storefront: Storefront) -> str:
    """Where the style sheet of a storefront is, with its mark in the name; empty where tokens.css has its color."""
    if SHIPPED.get(storefront.look) == storefront.accent:
        return ""
    mark = mark_of(sheet(storefront.look, storefront.accent))
    return reverse("portal:look", args=[storefront.slug, mark])
