"""The HTTP codes of pages that come back: to be mended, or because a step isn't possible any more."""

from django.http import HttpRequest

CONFLICT, UNPROCESSABLE = 409, 422


def preview_code(request: HttpRequest) -> int:
    """The code of a preview that can't be computed yet: 422, except for script, which puts only a 200 in place."""
    return 200 if request.htmx else UNPROCESSABLE  # type: ignore[attr-defined]
