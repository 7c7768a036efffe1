"""Optional mail on and off: by the link at the foot of such a mail, for whoever got it (CON-06)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from returns.models import Notification, Storefront
from returns.notices import OPTIONAL
from returns.preferences import wants_optional
from returns.services import preferences
from returns.tokens import mailed_id_of
from returns.views.storefront_pages import public_page

ON = "on"


# Mail programs post here by themselves, from no page of ours (RFC 8058); who has no token can do nothing.
@csrf_exempt
@never_cache
@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choice(request: HttpRequest, storefront: Storefront, mail_token: str) -> HttpResponse:
    """Reminders off, and on again. Following the link changes nothing, for mail scanners follow it too (B9)."""
    mailed_id = mailed_id_of(mail_token)
    optional = Notification.objects.filter(storefront=storefront, kind__in=OPTIONAL)
    row = optional.filter(pk=mailed_id).first() if mailed_id else None
    if row is None:
        return render(request, "portal/mail_choice_dead.html", {"storefront": storefront}, status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        is_on = request.POST.get("reminders") == ON
        preferences.change(storefront=storefront, email=row.recipient, wants_optional=is_on, now=timezone.now())
    context = {
        "storefront": storefront,
        "email": row.recipient,
        "is_on": wants_optional(storefront, row.recipient),
        "is_changed": request.method == "POST",
    }
    return render(request, "portal/mail_choice.html", context)
