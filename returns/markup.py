"""The smallest drawn parts of pages: icons, and text whose numbers stay whole."""

import re
from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString


def icon(name: str, label: str = "", css_class: str = "") -> SafeString:
    """`{% icon "check" %}`: a drawing beside a word. With a `label` it stands alone and is read aloud."""
    if label:
        return _icon(name, css_class, format_html(' role="img" aria-label="{}"', label))
    return _silent_icon(name, css_class)


@lru_cache(maxsize=512)
def _silent_icon(name: str, css_class: str) -> SafeString:
    # A page has dozens of these, and there are as many as the sheet of icons has.
    return _icon(name, css_class, SafeString(' aria-hidden="true"'))


def _icon(name: str, css_class: str, voice: SafeString) -> SafeString:
    return format_html(
        '<svg class="{}"{} width="20" height="20" focusable="false"><use href="{}#{}"/></svg>',
        f"icon {css_class}".strip(),
        voice,
        static("icons.svg"),
        name,
    )


# Tags, which stay as they are; addresses of email; RMA numbers and references; US phone numbers.
_WHOLE = re.compile(
    r"<[^>]*>|(?<![\w.+-])(?P<name>[\w.+-]+)(?P<host>@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![-\w])(?:RMA-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]|[A-Z0-9]{4}-[A-Z0-9]{4})(?![-\w])"
    r"|(?<![-\w(+])(?:\([0-9]{3}\) |(?:1-)?[0-9]{3}-)[0-9]{3}-[0-9]{4}(?![-\w])"
)


def unbroken(text: object) -> SafeString:
    """The text with each RMA number, reference and phone number on one line: `{{ message|unbroken }}`.

    An address of email breaks before its @ if anywhere.
    """
    return SafeString(_WHOLE.sub(_unbroken, conditional_escape(text if isinstance(text, str) else str(text))))


def _unbroken(found: re.Match[str]) -> str:
    if found[0].startswith("<"):
        return found[0]
    if found["name"]:
        return f"{found['name']}<wbr>{found['host']}"
    return f'<span class="nowrap">{found[0]}</span>'
