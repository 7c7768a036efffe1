"""The colors of a storefront, served as a file that never changes: another color has another name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from returns.domain.accents import mark_of
from returns.looks import sheet
from returns.models import Storefront
from returns.views.storefront_pages import public_page

FOR_EVER = "public, max-age=31536000, immutable"


@public_page
@require_safe
def look(_request: HttpRequest, storefront: Storefront, mark: str) -> HttpResponse:
    """The style sheet with this mark; there is no other one."""
    text = sheet(storefront.look, storefront.accent)
    if mark != mark_of(text):
        raise Http404
    answer = HttpResponse(text, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER})
    answer.is_for_everybody = True  # type: ignore[attr-defined]  # read by PersonalPagesMiddleware
    return answer
