"""Reply templates for managers: the list, one with its history, putting it away and bringing it back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from returns.domain import replies as domain
from returns.domain.replies import EXAMPLES, Use
from returns.forms.replies import PLACEHOLDERS, USES, TemplateForm
from returns.models import ReplyTemplate, Storefront
from returns.services import replies
from returns.services.errors import AlreadyDecided, Refused
from returns.services.replies import Wording
from returns.services.transition import By
from returns.viewer import Viewer
from returns.views.access import manager_required, person
from returns.views.codes import CONFLICT, UNPROCESSABLE


def _storefronts(request: HttpRequest) -> list[Storefront]:
    return list(Storefront.objects.staffed_by(Viewer(request.user)).order_by("position", "pk"))


def _use(use: str) -> str:
    return dict(USES)[use].lower()


@manager_required
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """All templates of the manager's storefronts: those at the desk first, then those put away."""
    found = ReplyTemplate.objects.visible_to(Viewer(request.user)).select_related("storefront", "changed_by")
    rows = list(found.order_by("storefront__position", "use", "name"))
    groups = [
        ("Offered at the desk", [(row, _use(row.use)) for row in rows if row.put_away_at is None]),
        ("Put away", [(row, _use(row.use)) for row in rows if row.put_away_at is not None]),
    ]
    context = {"groups": [group for group in groups if group[1]]}
    return render(request, "reports/reply_templates.html", context)


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new one."""
    shops = _storefronts(request)
    initial = {"storefront": shops[0].slug} if shops else {}
    form = TemplateForm(request.POST if request.method == "POST" else None, storefronts=shops, initial=initial)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE if form.is_bound else 200)
    slug = form.cleaned_data["storefront"] or initial.get("storefront")
    shop = next(one for one in shops if one.slug == slug)
    by, now = By.staff(person(request)), timezone.now()
    try:
        made = replies.write_template(storefront=shop, wording=form.wording, by=by, now=now)
    except Refused as refused:
        return _refused(request, form, refused)
    messages.success(request, f"“{made.name}” is offered at the desk of {shop.name} now.")
    return redirect("reports:reply_templates")


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """One template: its text, how a customer reads it, and its earlier wordings."""
    template = _fetch(request, template_id)
    initial = {name: getattr(template, name) for name in ("use", "language", "name", "body")}
    form = TemplateForm(
        request.POST if request.method == "POST" else None,
        storefronts=[template.storefront],
        fixed=True,
        initial={**initial, "storefront": template.storefront.slug, "seen": template.changes},
    )
    if not form.is_valid():
        return _page(request, form, template, status=UNPROCESSABLE if form.is_bound else 200)
    return _change(request, form, template, form.wording, put_away=template.put_away_at is not None)


@manager_required
@require_POST
def put_away(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Take it from the desk, or bring it back; its wording stays. Pressed twice, it is done once (B30)."""
    template, put_away = _fetch(request, template_id), request.POST.get("to") != "back"
    if put_away == (template.put_away_at is not None):
        messages.info(request, f"“{template.name}” is {_where(put_away=put_away)} already.")
        return redirect("reports:reply_template", template.public_id)
    wording = Wording(Use(template.use), template.language, template.name, template.body)
    return _change(request, None, template, wording, put_away=put_away)


def _where(*, put_away: bool) -> str:
    return "put away" if put_away else "offered at the desk"


def _fetch(request: HttpRequest, template_id: uuid.UUID) -> ReplyTemplate:
    found = ReplyTemplate.objects.visible_to(Viewer(request.user)).select_related("storefront", "changed_by")
    return get_object_or_404(found, public_id=template_id)


def _change(
    request: HttpRequest, form: TemplateForm | None, template: ReplyTemplate, wording: Wording, *, put_away: bool
) -> HttpResponse:
    seen = form.cleaned_data["seen"] if form is not None else template.changes
    try:
        done = replies.change_template(
            template_id=template.public_id,
            seen=seen or 0,
            wording=wording,
            put_away=put_away,
            by=By.staff(person(request)),
            now=timezone.now(),
        )
    except AlreadyDecided as refused:
        return _page(request, form, template, alert=refused.message, status=CONFLICT)
    except Refused as refused:
        return _refused(request, form, refused, template)
    if put_away == (template.put_away_at is not None):
        messages.success(request, f"“{done.name}” is changed.")
    else:
        messages.success(request, f"“{done.name}” is {'put away' if put_away else 'offered at the desk again'}.")
    return redirect("reports:reply_template", template.public_id)


def _refused(
    request: HttpRequest, form: TemplateForm | None, refused: Refused, template: ReplyTemplate | None = None
) -> HttpResponse:
    if form is None:
        return _page(request, None, template, alert=refused.message, status=CONFLICT)
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return _page(request, form, template, status=UNPROCESSABLE)


def _page(
    request: HttpRequest,
    form: TemplateForm | None,
    template: ReplyTemplate | None = None,
    *,
    alert: str = "",
    status: int = 200,
) -> HttpResponse:
    if form is None and template is not None:
        initial = {name: getattr(template, name) for name in ("use", "language", "name", "body")}
        initial |= {"storefront": template.storefront.slug, "seen": template.changes}
        form = TemplateForm(storefronts=[template.storefront], fixed=True, initial=initial)
    context: dict[str, Any] = {"form": form, "template": template, "alert": alert, "placeholders": PLACEHOLDERS}
    if template is not None:
        context |= {
            "example": domain.fill(template.body, EXAMPLES),
            "history": [(one, _use(one.use)) for one in template.history.select_related("by")],
        }
    return render(request, "reports/reply_template.html", context, status=status)
