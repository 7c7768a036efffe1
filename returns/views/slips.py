"""The return slip: a page to print, and the same as a PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from returns.domain.workflow import Status
from returns.models import ReturnRequest, Storefront
from returns.services.errors import Refused
from returns.slips.contents import Slip, slip_of
from returns.slips.pdf import PAPERS, slip_pdf
from returns.slips.sheets import mark_rows, sheets
from returns.views.storefront_pages import own_page, own_return
from returns.wording.help import how_to_reach

TO_SEND = (Status.AUTHORIZED, Status.SHIPPED)


@own_page
@never_cache
@require_safe
def slip(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """One half for the box, one for its outside; black on white when printed, on A4 and on Letter."""
    rma = own_return(request, storefront, reference)
    found = _slip(rma)
    context = {"storefront": storefront, "policy_version": rma.policy_version, "rma": rma, "slip": found}
    context |= {"sheets": sheets(found), "mark_rows": mark_rows(found.mark)}
    return render(request, "portal/slip.html", context)


@own_page
@never_cache
@require_safe
def pdf(request: HttpRequest, storefront: Storefront, reference: str) -> HttpResponse:
    """The slip as a file: `?paper=a4` or `?paper=letter`, else what is usual where the shop is."""
    rma = own_return(request, storefront, reference)
    paper = request.GET.get("paper", "")
    content = slip_pdf(_slip(rma), paper=paper if paper in PAPERS else _usual_paper(storefront))
    disposition = f'inline; filename="{rma.number}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _usual_paper(storefront: Storefront) -> str:
    return "letter" if storefront.timezone.startswith("America/") else "a4"


def _slip(rma: ReturnRequest) -> Slip:
    """The slip of a return that is still to be sent. Raises Refused where there is nothing to send, or nowhere to."""
    if rma.rma_number is None:
        raise Refused(_("There is a slip as soon as the return is authorized. Please don't ship anything before."))
    if rma.status not in TO_SEND:
        raise Refused(_("Nothing is to be sent for %(number)s any more, so there is no slip.") % {"number": rma.number})
    if not rma.goods_come_back:
        raise Refused(_("Nothing has to come back for %(number)s, so there is no slip.") % {"number": rma.number})
    if not rma.storefront.can_authorize:
        words = {"reach": how_to_reach(rma.storefront)}
        raise Refused(_("The address for packages is missing here, so there is no slip yet. %(reach)s") % words)
    return slip_of(rma)
