"""Managers read every message the portal sends, with sample data: the list, and each as its recipient sees it."""

import re
from dataclasses import dataclass

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from returns.models import Storefront
from returns.notices import BY_KIND, CATALOGUE, STAFFED, TODAY, Notice
from returns.samples import NeverSent, sample_of
from returns.viewer import Viewer
from returns.views.access import manager_required

LANGUAGES = (("en", "English"), ("es", "Spanish"))
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of message, as the list shows it."""

    notice: Notice
    words: str
    why: str
    is_urgent: bool


@manager_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All of them: who gets it, when and why."""
    shops = list(Storefront.objects.staffed_by(Viewer(request.user)))
    rows = [
        Row(notice, words_of(notice.kind), without_ids(notice.why), notice.priority <= TODAY) for notice in CATALOGUE
    ]
    return render(request, "reports/mail_catalogue.html", {"rows": rows, "shop": shops[0] if shops else None})


@manager_required
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # it types views that take nothing but the request
def sample(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """One of them, as this storefront would send it."""
    shop, notice, language = _wanted(request, slug, kind)
    context = {
        "shop": shop,
        "shops": Storefront.objects.staffed_by(Viewer(request.user)),
        "notice": notice,
        "words": words_of(kind),
        "chosen": language,
        "languages": LANGUAGES if notice.audience not in STAFFED else (),
        "sandbox": SANDBOX,
    }
    try:
        message = _sample(request, shop, notice)
    except NeverSent as why:
        return render(request, "reports/mail_sample.html", {**context, "never": str(why)})
    headers = [(name, value) for name, value in message.message().items() if name not in _UNTOLD]
    read = [header for header in headers if header[0] in _READ]
    beneath = [header for header in headers if header[0] not in _READ]
    shown = {"headers": read, "technical": beneath, "text": message.body}
    return render(request, "reports/mail_sample.html", {**context, **shown})


_UNTOLD = frozenset({"Content-Type", "MIME-Version", "Date"})
_READ = frozenset({"Subject", "From", "To", "Reply-To"})
"""What a mailbox shows; the rest is for whoever looks after the mail."""


@manager_required
@require_safe
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # as above
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "form-action": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": SANDBOX.split(),
    }
)
def sample_html(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The HTML part alone, for the frame: the one page of the portal with styles of its own, and nothing else."""
    shop, notice, _ = _wanted(request, slug, kind)
    try:
        [part] = _sample(request, shop, notice).alternatives
    except NeverSent as why:
        raise Http404 from why
    return HttpResponse(str(part[0]).replace("<head>", '<head><base target="_blank">', 1))


_IDS = re.compile(r" \((?:[A-Z]{3}-[0-9]+(?:…[0-9]+)?(?:, )?)+\)|(?<=\()[A-Z]{3}-[0-9]+: ")


def without_ids(why: str) -> str:
    """A reason without the requirements it comes from: those are for whoever works on the portal (docs/mails.md)."""
    return _IDS.sub("", why)


def words_of(kind: str) -> str:
    """`Package received`."""
    return kind.replace("_", " ").capitalize()


def _wanted(request: HttpRequest, slug: str, kind: str) -> tuple[Storefront, Notice, str]:
    shop = get_object_or_404(Storefront.objects.staffed_by(Viewer(request.user)), slug=slug)
    if kind not in BY_KIND:
        raise Http404
    return shop, BY_KIND[kind], _language(request)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in dict(LANGUAGES) else "en"


def _sample(request: HttpRequest, shop: Storefront, notice: Notice) -> EmailMultiAlternatives:
    language = "en" if notice.audience in STAFFED else _language(request)
    return sample_of(notice.kind, shop, now=timezone.now(), language=language)
