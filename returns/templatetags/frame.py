"""What stands around pages: the storefront's head and foot, the desk's bar. Base templates `{% load frame %}`.

Pages hand in their `storefront` and nothing else; who looks and where they are is in the request.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import cast

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from returns.components import NavItem, StorefrontFace
from returns.looks import look_url
from returns.models import PolicyVersion, SettlementPlan, Storefront
from returns.policy_in_force import version_now
from returns.viewer import Viewer
from returns.wording.help import care_of
from returns.wording.hours import open_now, weekly_hours
from returns.wording.phrases import plain_date, policy_text
from rma_portal.errors import came_from

register = template.Library()

BELONGS = {
    "desk:receive_package": "desk:receive",
    "desk:receive_another": "desk:receive",
    "desk:inspect": "desk:receive",
    "desk:account": "desk:customers",
    "desk:find": "",
    "desk:phone": "",
    "desk:phone_order": "",
    "desk:register": "",
}
"""Pages of the desk whose addresses don't tell where in its bar they belong; empty: to none of its items."""


@register.simple_tag(takes_context=True)
def storefront_face(context: Context) -> StorefrontFace | None:
    """The head and foot of the context's `storefront`, None where a page belongs to none.

    A page about a return hands in its `policy_version` too: the one that decided, not today's. Made only when a
    template looks at it, so that desk pages with a storefront in their context don't pay for it.
    """
    return cast("StorefrontFace | None", SimpleLazyObject(lambda: _face(context)))


def _face(context: Context) -> StorefrontFace | None:
    storefront = context.get("storefront")
    if storefront is None or isinstance(storefront, StorefrontFace):
        return storefront
    request = cast("HttpRequest | None", context.get("request"))
    return face_of(storefront, context.get("policy_version"), path=request.path if request else "", now=timezone.now())


def face_of(storefront: Storefront, version: PolicyVersion | None, *, path: str, now: datetime) -> StorefrontFace:
    """A storefront as its pages show it, at this moment and with this policy version (None: the latest)."""
    version = version or version_now(storefront)
    hours = storefront.service_hours
    policy_url = address_of("portal:policy", storefront.slug)
    return StorefrontFace(
        slug=storefront.slug,
        look=storefront.look,
        look_url=look_url(storefront),
        name=storefront.name,
        tagline=policy_text(storefront.tagline),
        care_name=care_of(storefront),
        phone=storefront.phone,
        appointment_phone=storefront.appointment_phone,
        email=storefront.email,
        open_now=open_now(hours, now),
        hours=weekly_hours(hours),
        home_url=address_of("portal:landing", storefront.slug),
        policy_url=policy_url if version else "",
        policy_label=_("Return policy, version %(number)s") % {"number": version.number} if version else "",
        policy_since=_since(version, storefront),
        nav=links(
            path, (_("Your returns"), address_of("portal:returns", storefront.slug)), (_("Return policy"), policy_url)
        ),
    )


def _since(version: PolicyVersion | None, storefront: Storefront) -> str:
    if version is None or version.effective_from is None:
        return ""
    since = version.effective_from.astimezone(storefront.zone).date()
    return _("In force since %(date)s") % {"date": plain_date(since)}


THE_TOKEN, THE_TEXT = "\0token\0", "\0text\0"
"""Stand in a drawn bar for what is another one on each page: its token, and what was sought. No text has a NUL."""


@register.simple_tag(takes_context=True)
def desk_bar(context: Context) -> SafeString:
    """`{% desk_bar %}`: the bar of the desk, drawn once for a person and a place."""
    request = cast("HttpRequest", context["request"])
    user = request.user
    known = user if isinstance(user, User) else User()
    drawn = _bar(
        tuple(desk_nav(request)), is_staff=Viewer(user).is_staff, name=known.get_short_name(), email=known.email
    )
    drawn = drawn.replace(THE_TOKEN, get_token(request)).replace(THE_TEXT, escape(context.get("q") or ""))
    return mark_safe(drawn)  # noqa: S308  a token is letters and digits, the text is escaped


@lru_cache(maxsize=512)
def _bar(nav: Sequence[NavItem], **shown: str | bool) -> str:
    places = {"csrf_token": THE_TOKEN, "sought": THE_TEXT}
    return render_to_string("desk/parts/bar.html", shown | places | {"nav": nav})


def desk_nav(request: HttpRequest) -> list[NavItem]:
    """The desk's bar for the person who looks: reports are the managers', administrators have a page of their own."""
    here = _here(request)
    if Viewer(request.user).is_administrator:
        return links(here, ("Staff", address_of("accounts:staff")))
    pages = [("Queue", address_of("desk:queue")), ("Receive", address_of("desk:receive"))]
    pages.append(("Holding", address_of("desk:holding")))
    pages.append(("Customers", address_of("desk:customers")))
    pages.append(("Licenses", address_of("desk:licenses")))
    pages.append(("Proposals", address_of("desk:proposals")))
    pages.append(("Payouts", address_of("desk:payouts")))
    if not (viewer := Viewer(request.user)).is_manager:
        return _with_key(links(here, *pages))
    pages.append(("Reports", address_of("reports:overview")))
    # Only managers agree to proposals: for them alone every page counts those that wait.
    waiting = SettlementPlan.objects.visible_to(viewer).proposed().exclude(proposed_by=viewer.user_id).count()
    return _with_key([_counted(item, waiting) for item in links(here, *pages)])


def _with_key(items: list[NavItem]) -> list[NavItem]:
    """The dock has a key of its own."""
    dock = address_of("desk:receive")
    return [replace(item, key="d") if item.url == dock else item for item in items]


def _here(request: HttpRequest) -> str:
    """The address by which the bar finds the item of this page."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return address_of(BELONGS[name]) if name in BELONGS else request.path


def _counted(item: NavItem, proposals: int) -> NavItem:
    """The item of the proposals says how many wait for this manager; none is good news and says nothing."""
    return replace(item, count=proposals) if item.label == "Proposals" and proposals else item


@register.simple_tag
def bar_links(items: Sequence[NavItem], *, in_menu: bool = False) -> SafeString:
    """`{% bar_links nav %}`: the items of a bar as rows of a list.

    With `in_menu=True` they are those of the menu that has them where the bar is too narrow.
    """
    row = SafeString(' class="narrow-only"' if in_menu else "")
    return format_html_join(
        "",
        '<li{}><a href="{}"{}{}>{}{}</a></li>',
        (
            (
                row,
                item.url,
                format_html(' data-key="{}"', item.key) if item.key and not in_menu else "",
                SafeString(' aria-current="page"') if item.is_current else "",
                item.label,
                "" if in_menu or item.count is None else format_html('<span class="bar-count">{}</span>', item.count),
            )
            for item in items
        ),
    )


@register.simple_tag(takes_context=True)
def reports_nav(context: Context) -> list[NavItem]:
    """What managers read and keep, in a row below the bar."""
    pages = (
        ("Figures", "reports:overview"),
        ("Policies", "reports:policies"),
        ("Catalogue", "reports:catalogue"),
        ("Replies", "reports:reply_templates"),
        ("Mails", "reports:mails"),
        ("Storefronts", "reports:storefronts"),
    )
    shown = [(label, address_of(name)) for label, name in pages]
    return links(cast("HttpRequest", context["request"]).path, *shown)


def links(path: str, *pages: tuple[str, str]) -> list[NavItem]:
    """The pages that exist, the one `path` belongs to marked: of several, the one with the longest address."""
    there = [(label, url) for label, url in pages if url]
    current = max((url for _, url in there if path.startswith(url)), key=len, default=None)
    return [NavItem(label, url, is_current=url == current) for label, url in there]


@lru_cache(maxsize=1024)
def address_of(name: str, *args: str) -> str:
    """The address of a named page; empty where the site map has no such page, so that a bar leaves it out.

    Each is looked up once: the bar of every page asks for a dozen of them, and they never change.
    """
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def this_page(context: Context) -> str:
    """Where to come back to after a choice that any page offers: an address that answers a GET."""
    request = cast("HttpRequest | None", context.get("request"))
    if request is None:
        return "/"
    return request.get_full_path() if request.method == "GET" else came_from(request)


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Codes and names of the languages, each name in its own words: that is the one its readers look for."""
    return list(settings.LANGUAGES)


@register.simple_tag
@cache
def sheet(name: str) -> SafeString:
    """`{% sheet "css/desk.css" %}`: a style sheet of ours. Every page begins with six; their addresses never change."""
    return format_html('<link rel="stylesheet" href="{}">', static(name))


@register.simple_tag
@cache
def script(name: str) -> SafeString:
    """`{% script "js/queue.js" %}`: a script of ours, run once the page is there."""
    return format_html('<script src="{}" defer></script>', static(name))


@register.simple_tag
def address(name: str) -> str:
    """As `address_of`, for templates."""
    return address_of(name)
