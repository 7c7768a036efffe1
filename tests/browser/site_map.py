"""Every address of the portal by its name, so that a test can tell which ones nobody looked at."""

from collections.abc import Iterator

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

MAILS = "/mail/"  # of `make run` alone, whose settings this process hasn't

NOT_PAGES = {
    "accounts:home": "leads on to where a person's work begins",
    "accounts:staff_disable": "leads back to the person",
    "accounts:staff_enable": "leads back to the person",
    "accounts:staff_invite_again": "leads back to the person",
    "language": "takes a choice and leads back",
    "portal:link_again": "sends a mail and leads on",
    "portal:look": "a file",
    "portal:photo": "a file",
    "portal:photo_small": "a file",
    "portal:photo_remove": "leads back to the photos",
    "portal:slip_pdf": "a file",
    "portal:answer": "leads back to the return; its form stands there",
    "portal:shipped": "leads back to the return; its form stands there",
    "portal:tracking": "leads back to the return; its form stands there",
    "portal:message": "leads back to the return; its form stands there",
    "portal:difference": "leads back to the return; its form stands there",
    "desk:previous": "leads on to another request",
    "desk:next": "leads on to another request",
    "desk:csv": "a file",
    "desk:take_chosen": "leads back to the queue",
    "desk:hand_over_chosen": "leads back to the queue",
    "desk:view_remove": "leads back to the queue",
    "desk:photo": "a file",
    "desk:photo_small": "a file",
    "desk:take": "leads back to the request",
    "desk:message": "leads back to the request; its form stands there",
    "desk:authorize": "leads back to the request; its form stands there",
    "desk:authorize_check": "computes the sum on the page of the request",
    "desk:inspect_check": "computes the sum on the page of the inspection",
    "desk:settle_propose": "leads back to the settlement; its form stands there",
    "desk:payout_sent": "leads back to the refund; its form stands there",
    "desk:payout_confirmed": "leads back to the refund",
    "desk:payout_failed": "leads back to the refund; its form stands there",
    "desk:held_try": "leads back to the held package; its form stands there",
    "desk:held_end": "leads back to the held packages; its form stands with the package",
    "desk:held_photos": "leads back to the held package; its form stands there",
    "reports:catalogue": "leads on to the catalogue of a storefront",
    "reports:policy_words": "the words beside the form of a policy",
    "reports:policy_publish": "leads back to the version; its form stands there",
    "reports:policy_replay": "leads back to the draft; its form stands there",
    "reports:policy_changed_csv": "a file",
    "reports:policy_drop": "leads back to the version; its form stands there",
    "reports:lines": "a file",
    "reports:export_file": "a file",
    "desk:mail_resend": "leads back to the request; its form stands there",
    "reports:mail_resend": "leads back to the mails; its form stands there",
    "reports:mail_lift": "leads back to the mails; its form stands there",
    "reports:mail_sample_html": "a part of the page of its message",
    "desk:license_grant": "leads back to the license",
    "reports:reply_template_put_away": "leads back to the template; its form stands there",
    "reports:storefront_limit_agree": "leads back to the storefront; its form stands with the limit",
    "reports:storefront_limit_refuse": "leads back to the storefront; its form stands with the limit",
    "desk:license_refuse": "leads back to the license; its form stands there",
}
"""Addresses that answer nobody's look with a page of their own, and why."""


def name_of(path: str) -> str:
    """The name of the address in the site map, `portal:order`; empty where there is none."""
    if path.startswith(MAILS):
        return ""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def pages() -> set[str]:
    """The names of all addresses that show a page."""
    return set(_names(get_resolver().url_patterns)) - NOT_PAGES.keys()


def _names(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLPattern):
            yield f"{before}{one.name}"
        else:
            space = f"{one.namespace}:" if one.namespace else ""
            yield from _names(one.url_patterns, before + space)
