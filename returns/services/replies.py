"""Reply templates: managers write them, and every wording is kept; filled in at the desk, they are sent by people."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from returns.domain import replies
from returns.domain.replies import LONGEST, Placeholder, Use
from returns.models import ReplyTemplate, ReplyTemplateChange, ReturnRequest, Storefront
from returns.services.errors import AlreadyDecided, Refused
from returns.services.transition import By
from returns.wording.orders import units_of


@dataclass(frozen=True, slots=True)
class Wording:
    """What a manager wrote: for which use, in which language, what staff find it by, and the text."""

    use: Use
    language: str
    name: str
    body: str


def write_template(*, storefront: Storefront, wording: Wording, by: By, now: datetime) -> ReplyTemplate:
    """A new template. Raises Refused for an unknown placeholder, a text that is too long, or a name that is taken."""
    _refuse_unusable(storefront, wording)
    with transaction.atomic():
        template = ReplyTemplate(storefront=storefront)
        _save(template, wording, by, now)
        return template


def change_template(
    *, template_id: uuid.UUID, seen: int, wording: Wording, by: By, now: datetime, put_away: bool = False
) -> ReplyTemplate:
    """Another wording, or put away, or brought back. `seen` is the number of the wording on the page.

    Raises Refused as `write_template` does, AlreadyDecided where somebody changed it in the meantime.
    """
    with transaction.atomic():
        template = ReplyTemplate.objects.select_for_update(of=("self",)).get(public_id=template_id)
        if template.changes != seen:
            who = template.changed_by.get_short_name()
            raise AlreadyDecided(f"{who} changed “{template.name}” in the meantime. You changed nothing.")
        _refuse_unusable(template.storefront, wording)
        _save(template, wording, by, now, put_away=put_away)
        return template


def _save(template: ReplyTemplate, wording: Wording, by: By, now: datetime, *, put_away: bool = False) -> None:
    template.use, template.language = wording.use.value, wording.language
    template.name, template.body = wording.name, wording.body
    template.changes, template.changed_by, template.changed_at = template.changes + 1, by.person, now
    template.put_away_at = now if put_away else None
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise Refused("Another template of this use has this name.", field="name") from error
    ReplyTemplateChange.objects.create(
        template=template,
        number=template.changes,
        use=template.use,
        language=template.language,
        name=template.name,
        body=template.body,
        put_away=put_away,
        by=by.person,
        at=now,
    )


def _refuse_unusable(storefront: Storefront, wording: Wording) -> None:
    if unknown := replies.unknown_in(wording.body):
        raise Refused(f"{', '.join(unknown)} isn't one of the placeholders below.", field="body")
    if len(wording.body) > LONGEST[wording.use]:
        raise Refused(f"At most {LONGEST[wording.use]:,} characters for this use.", field="body")
    known = {Placeholder.PHONE: storefront.phone, Placeholder.EMAIL: storefront.email}
    for placeholder, value in known.items():
        if not value and placeholder.value in replies.placeholders_in(wording.body):
            raise Refused(f"{storefront.name} has no {placeholder.value} that could stand there.", field="body")


def filled(template: ReplyTemplate, request: ReturnRequest) -> str:
    """The template as the customer of this return would read it."""
    return replies.fill(template.body, values_of(request))


def values_of(request: ReturnRequest) -> Mapping[Placeholder, str]:
    """What the placeholders stand for in this return."""
    shop = request.storefront
    lines = request.lines.select_related("order_line").order_by("position")
    return {
        Placeholder.CUSTOMER: request.contact_name,
        Placeholder.NUMBER: request.number,
        Placeholder.ORDER: request.order.number,
        Placeholder.PRODUCTS: ", ".join(units_of(line.requested_quantity, line.order_line.title) for line in lines),
        Placeholder.SHOP: shop.name,
        Placeholder.PHONE: shop.phone,
        Placeholder.EMAIL: shop.email,
    }
