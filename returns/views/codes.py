"""The HTTP codes of pages that come back: to be mended, or because a step isn't possible any more."""

CONFLICT, UNPROCESSABLE = 409, 422
