"""A photo as pages show it: a square thumbnail with a caption that opens in full size."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PhotoView:
    """One photo. `alt` says caption and product to those who don't see it.

    A hidden one has its reason in `hidden`, and no picture for customers; `remove_url` is empty where it must stay.
    """

    key: str
    url: str
    small_url: str
    alt: str
    caption: str = ""
    hidden: str = ""
    remove_url: str = ""
    hide_url: str = ""
