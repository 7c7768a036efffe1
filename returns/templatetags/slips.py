"""Barcodes in pages: `{% load slips %}`. Drawn as SVG without any style, so that the content security policy holds."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from segno import make_qr

from returns.slips.code128 import code128

register = template.Library()

BAR_HEIGHT = 40


@register.simple_tag
def barcode(text: str, label: str) -> SafeString:
    """`{% barcode slip.number "Barcode of the RMA number" %}`: Code 128; nothing for a text it can't say."""
    drawn = code128(text)
    if drawn is None:
        return SafeString()
    path = "".join(f"M{start} 0h{width}v{BAR_HEIGHT}h-{width}z" for start, width in drawn.bars)
    return format_html(
        '<svg class="barcode" role="img" aria-label="{}" viewBox="0 0 {width} {height}" preserveAspectRatio="none"'
        ' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{width}v{height}H0z"/>'
        '<path fill="#000" d="{}"/></svg>',
        label,
        path,
        width=drawn.width,
        height=BAR_HEIGHT,
    )


@register.simple_tag
def qr_code(text: str, label: str) -> SafeString:
    """`{% qr_code slip.url "Follow your return" %}`: dark on white in either color scheme."""
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', label, _qr(text))


@lru_cache(maxsize=1024)
def _qr(text: str) -> SafeString:
    # Drawing one takes as long as three queries, and whoever follows a return sees the same one again and again.
    drawn = make_qr(text).svg_inline(omitsize=True, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return mark_safe(drawn)  # noqa: S308  the library writes numbers and the colors above, nothing of the text
