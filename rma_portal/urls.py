"""The site map, grouped by audience. /healthz and /readyz are answered further out, by `rma_portal.health`."""

from django.conf import settings
from django.urls import include, path

from rma_portal import errors, languages

urlpatterns = [
    path("accounts/language/", languages.choose, name="language"),
    path("accounts/", include("accounts.urls")),
    path("", include("returns.urls")),
]

if settings.MAIL_SINK_DIR:
    # Before the rest, where a storefront could have this name.
    urlpatterns.insert(0, path("mail/", include("returns.mail_sink_urls")))

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
