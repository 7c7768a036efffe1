"""Which language a page speaks: the one its reader chose, else the one their browser asks for, else English."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from rma_portal import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Staff work in English, whatever their browser asks for: what they read to customers has to be what the policy says.
STAFF_ONLY = ("/desk/", "/reports/", "/mail/")


class LanguageMiddleware:
    """Speaks one language from here on inwards, error pages included, and forgets it with the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, with what caches must know about its language."""
        for_staff = request.path_info.startswith(STAFF_ONLY)
        language = settings.LANGUAGE_CODE if for_staff else translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not for_staff:
            patch_vary_headers(response, ["Accept-Language"])
        return response


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the reader's choice in a cookie and show the page again; nothing about them is stored here."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return errors.bad_request(request)
    response = redirect(safe_path(request.POST.get("next", "")))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def safe_path(address: str) -> str:
    """The address if it is one of this site's own paths, the start page otherwise."""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else "/"
