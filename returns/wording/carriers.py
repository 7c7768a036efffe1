"""Where a package can be followed: the tracking pages of the carriers the shops name (LPS-20)."""

from urllib.parse import quote

_PAGES = {
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
    "ups": "https://www.ups.com/track?tracknum=",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr=",
    "dhl": "https://www.dhl.com/us-en/home/tracking.html?tracking-id=",
}


def tracking_url(carrier: str, number: str) -> str:
    """The carrier's page about this package; empty for a carrier we don't know, or without a number."""
    page = _PAGES.get(carrier.strip().lower().replace(" ", ""))
    tracked = "".join(number.split())
    return f"{page}{quote(tracked, safe='')}" if page and tracked else ""
