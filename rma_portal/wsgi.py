"""What gunicorn serves: `gunicorn --config python:rma_portal.serving rma_portal.wsgi`."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from rma_portal.middleware import MALFORMED

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rma_portal.settings")


class Application(WSGIHandler):
    """Django's WSGI application, except that a request it cannot even build becomes our 400 page (B42).

    Building one decodes the query in whatever charset the Content-Type names, and raises for a charset that is no
    text encoding or for too many parameters: outside of every handler, so that the server would answer a bare 500.
    """

    def request_class(self, environ: dict[str, Any]) -> WSGIRequest:  # type: ignore[override]
        """The request; without its Content-Type, and marked, where Django cannot read it."""
        try:
            return WSGIRequest(environ)
        except Exception:  # noqa: BLE001  whatever it was, the client sent it
            return WSGIRequest(environ | {"CONTENT_TYPE": "", MALFORMED: True})


django.setup(set_prefix=False)
application = Application()

# gunicorn runs no system checks by itself.
from rma_portal.checks import refuse_unsafe_start  # noqa: E402  needs the settings loaded

refuse_unsafe_start()
