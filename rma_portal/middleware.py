"""What every request passes through, besides Django's own and the libraries'. The order is told in settings.py."""

import logging
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_structlog.middlewares import RequestMiddleware

from returns.services.errors import Refused
from rma_portal import errors

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Features of browsers that no page of ours uses, so that no injected script can either; the dock uses the camera.
UNUSED_FEATURES = [
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
]


def permissions(*used: str) -> str:
    """The Permissions-Policy of a page that uses these features itself, and no others."""
    return ", ".join(f"{feature}={'(self)' if feature in used else '()'}" for feature in UNUSED_FEATURES)


# What Django's SecurityMiddleware, XFrameOptionsMiddleware and django-csp do not set themselves (M12).
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": permissions(),
}
LONGEST_QUERY = 8 * 1024  # bytes; the desk's longest filter needs a few hundred
NUL = "\x00"
MALFORMED = "rma_portal.malformed"  # set in the WSGI environment of a request that Django could not build


class HeadersMiddleware:
    """Sets HEADERS on every response: outermost, so that static files, redirects and errors have them too (B43)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response with HEADERS, whoever made it."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class BodyMiddleware:
    """Answers 413 to a body larger than its form needs, before a byte of it is read (B16).

    Only the routes with photos take more than LARGEST_FORM, and only from whoever is signed in or came by a link. What
    is taken waits on the disk until the request ends; where there is no room for that, the answer is a 507.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """413, or what comes from further in."""
        if _length(request) > settings.LARGEST_BODY:
            return errors.too_large(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Read the form here, where too many files or a full disk can still be answered in words (C23)."""
        if _length(request) > settings.LARGEST_FORM:
            if request.resolver_match is None or request.resolver_match.view_name not in settings.PHOTO_ROUTES:
                return errors.too_large(request)
            if not request.session.keys():  # nobody's: neither signed in nor come by a link
                return errors.csrf_failure(request)
        try:
            request.POST  # noqa: B018  reading it is what may fail
        except (TooManyFilesSent, RequestDataTooBig):
            logger.info("More files or text than a form takes.")
            return errors.too_large(request)
        except TooManyFieldsSent:
            logger.info("More fields than a form has.")
            return errors.bad_request(request)
        except UnreadablePostError:  # whoever sent it has gone
            raise
        except OSError:
            logger.exception("A form's files can't be stored.")
            return errors.no_room(request)
        return None


def _length(request: HttpRequest) -> int:
    """Bytes of the body, as far as it says."""
    length: str = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isdecimal() and length.isascii()):
        return 0
    return int(length[:20])  # so many digits are too large anyway


class MalformedRequestMiddleware:
    """Answers 400 to what no browser sends and what would be a 500 further in (B41, B42).

    PostgreSQL refuses NUL in any text, a session key from a cookie included; Django trusts the charset it is told.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """400, or what comes from further in."""
        if is_malformed(request):
            return errors.bad_request(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Form fields and their names too, before any view keeps one in the database or looks it up there."""
        if request.method == "POST" and has_nul(
            text for name, values in request.POST.lists() for text in (name, *values)
        ):
            return errors.bad_request(request)
        return None


def is_malformed(request: HttpRequest) -> bool:
    """Whether path, query, cookies or charset are such that no browser sent them."""
    query: str = request.META.get("QUERY_STRING", "")
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    return (
        MALFORMED in request.META
        or len(query) > LONGEST_QUERY
        or charset.lower() != "utf-8"
        or has_nul([request.path_info, query.replace("%00", NUL), *request.COOKIES.values()])
    )


def has_nul(texts: Iterable[str]) -> bool:
    """Whether any of the texts contains the NUL character."""
    return any(NUL in text for text in texts)


class RequestLogMiddleware(RequestMiddleware):
    """Logs each request under an id of its own, which the error pages show and the worker's tasks carry on."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path. The query is left out: what people look for are names and addresses."""
        return f"{request.method} {request.path}"


class PersonalPagesMiddleware:
    """Keeps pages made for one person out of every cache: the shared proxy's and the back button's (B44).

    A page is personal as soon as a session cookie came or goes with it; whether it names the person makes no
    difference. Static files are answered further out and stay cacheable.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, with what caches must know."""
        response = self.get_response(request)
        if getattr(response, "is_for_everybody", False):  # a storefront's colors: they name nobody, and never change
            return response
        patch_vary_headers(response, ["Cookie"])
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
            response.headers["Cache-Control"] = "no-store"
        return response


class ErrorPagesMiddleware:
    """Pages for two errors that Django has no page for.

    A service's no that the view did not handle is a 409 that says why, never a silent nothing; a form's address opened
    by itself is a 405 that leads back.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, with a page where it is an empty 405."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return errors.wrong_method(request, response.headers["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The 409 page for Refused; anything else is somebody else's."""
        if isinstance(exception, Refused):
            return errors.conflict(request, exception.message)
        return None
