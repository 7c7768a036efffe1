"""The components as template tags and filters: `{% load house %}`. templates/components/README.md shows each of them.

A tag draws what it is handed (`returns.components`) and decides nothing; the words and amounts are finished.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode
from zlib import crc32
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.forms.formsets import BaseFormSet
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from returns import field_markup, markup
from returns.components import (
    KIND_ICONS,
    STATUS_LOOKS,
    BarChart,
    CheckRow,
    ColumnChart,
    Difference,
    Due,
    Kind,
    Ledger,
    MessageView,
    PhotoView,
    Promise,
    Ruler,
    Stage,
    StatusLook,
    Turn,
    VerdictStrip,
)
from returns.domain.workflow import Status
from returns.field_markup import How
from returns.paging import Page
from returns.wording import phrases

register = template.Library()

Form = BaseForm | BaseFormSet  # type: ignore[type-arg]  # the class takes no parameter at run time

# -------------------------------------------------------------------------------------------------------------- words


@register.filter
def money(amount: Decimal, currency: str = "USD") -> str:
    """`{{ line.amount|money:line.currency }}`: `$1,234.50`, minus as U+2212."""
    return phrases.money(amount, currency)


@register.filter
def day(value: date, zone: ZoneInfo | None = None) -> str:
    """`Friday, December 4, 2026`. An instant needs the storefront's zone: `{{ at|day:storefront.zone }}`."""
    return phrases.long_date(_local(value, zone))


@register.filter
def short_day(value: date, zone: ZoneInfo | None = None) -> str:
    """`Fri, Dec 4`, for lists; the year is left to the page."""
    return phrases.brief_date(_local(value, zone))


@register.filter
def fact_day(value: date) -> str:
    """`December 4, 2026`: a date that is a fact, such as an expiration date."""
    return phrases.plain_date(value)


figure = register.filter("figure", phrases.figure)


@register.filter
def moment(at: datetime, zone: ZoneInfo) -> str:
    """`Wednesday, November 18, 2026, 9:52 am` by the storefront's clock."""
    return phrases.moment(at, zone)


@register.filter
def short_moment(at: datetime, zone: ZoneInfo) -> str:
    """`Wed, Nov 18, 9:52 am` by the storefront's clock."""
    return phrases.brief_moment(at, zone)


def _local(value: date, zone: ZoneInfo | None) -> date:
    # The date of an instant is its date in the storefront's zone, never the server's (GEN-01).
    if not isinstance(value, datetime):
        return value
    if zone is None:
        raise template.TemplateSyntaxError("the day of an instant needs a time zone")
    return value.astimezone(zone).date()


# ----------------------------------------------------------------------------------------------------- icons and pills


icon = register.simple_tag(markup.icon)
unbroken = register.filter(markup.unbroken)


@register.simple_tag
def pill(kind: str, word: str, icon_name: str = "") -> SafeString:
    """`{% pill "ok" "2 eligible" %}`: color, icon and word, always all three."""
    sign = icon_name or KIND_ICONS[Kind(kind)]
    return format_html('<span class="pill pill-{}">{}<span>{}</span></span>', Kind(kind).value, icon(sign), word)


@register.simple_tag
def status_pill(status: StatusLook | Status | str, audience: str = "customer", word: str = "") -> SafeString:
    """`{% status_pill request.status %}`; `audience="staff"` for staff's words; `word` where the end has its own."""
    look = status if isinstance(status, StatusLook) else STATUS_LOOKS[Status(status)]
    return pill(look.kind, word or look.word(staff=audience == "staff"), look.icon)


@register.simple_tag
def storefront_mark(look: str, name: str) -> SafeString:
    """`{% storefront_mark storefront.look storefront.short_name %}`, for staff: shape and color differ by look."""
    return format_html('<span class="shop"><span class="shop-mark" data-shop="{}"></span>{}</span>', look, name)


# ----------------------------------------------------------------------------------------------------- the four pieces


@register.inclusion_tag("components/ledger.html")
def ledger(ledger: Ledger, audience: str = "customer") -> dict[str, Any]:
    """The sum: `{% ledger quote_ledger %}`; staff also see each line's clause."""
    return {"ledger": ledger, "staff": audience == "staff"}


@register.inclusion_tag("components/day_ruler.html")
def day_ruler(ruler: Ruler, key: str = "") -> dict[str, Any]:
    """The days: `{% day_ruler ruler %}`. `key` tells two equal rulers of one page apart (`line-2`)."""
    return {"ruler": ruler, "hatch": f"hatch-{crc32(f'{key} {ruler}'.encode()):x}"}


@register.inclusion_tag("components/verdict_strip.html")
def verdict_strip(verdict: VerdictStrip, audience: str = "customer", *, in_form: bool = False) -> dict[str, Any]:
    """The answer to one line: `{% verdict_strip verdict %}`; staff see the clause's id.

    `in_form=True` opens the clause in a new tab: reading it must not cost what was filled in.
    """
    return {"verdict": verdict, "staff": audience == "staff", "in_form": in_form}


@register.inclusion_tag("components/rma_tag.html")
def rma_tag(number: str) -> dict[str, Any]:
    """The luggage tag with an RMA number. A reference is never shown as a tag: nobody may write it on a box."""
    return {"number": number}


@register.inclusion_tag("components/box_mark.html")
def box_mark(text: str) -> dict[str, Any]:
    """Exactly what to write on the box: the RMA number, or the order number where the policy says so."""
    return {"text": text}


# ---------------------------------------------------------------------------------------------- turn, promise and path


@register.simple_block_tag(end_name="end_turn_box")
def turn_box(content: str, turn: Turn) -> SafeString:
    """`{% turn_box turn %} steps, one primary button {% end_turn_box %}`: the first box of a status page."""
    return render_to_string("components/turn_box.html", {"turn": turn, "content": content})


@register.inclusion_tag("components/promise.html")
def promise(promise: Promise) -> dict[str, Any]:
    """The calendar leaf with the fixed date, or with the duration before it is fixed."""
    return {"promise": promise}


@register.inclusion_tag("components/path.html")
def path(stages: Sequence[Stage]) -> dict[str, Any]:
    """Where a return is: at most six stages, done, now and next."""
    return {"stages": stages}


@register.inclusion_tag("components/due.html")
def due(due: Due) -> dict[str, Any]:
    """The due column of the queue: meter and words, or solid red once overdue."""
    return {"due": due, "solo": due.kind is Kind.LATE or (due.kind is Kind.WAIT and due.gone is None)}


def drawn_due(value: Due) -> SafeString:
    """The due column as HTML."""
    return render_to_string("components/due.html", due(value))


# ------------------------------------------------------------------------------------------------------ parts of pages


@register.inclusion_tag("components/check_list.html")
def check_list(rows: Iterable[CheckRow]) -> dict[str, Any]:
    """Questions with their answers, each with its way back to change it."""
    return {"rows": rows}


@register.inclusion_tag("components/difference.html")
def difference(difference: Difference) -> dict[str, Any]:
    """Two cells: what the customer told us, what we found."""
    return {"difference": difference}


@register.inclusion_tag("components/message.html")
def message(message: MessageView) -> dict[str, Any]:
    """One message or internal note."""
    return {"message": message}


@register.inclusion_tag("components/photos.html")
def photos(photos: Iterable[PhotoView]) -> dict[str, Any]:
    """Thumbnails that open in full size: `{% photos found_photos %}`; nothing where there are none."""
    return {"photos": list(photos)}


@register.inclusion_tag("components/stepper.html")
def stepper(step: int, of: int) -> dict[str, Any]:
    """Bars below a heading; the words "step 1 of 3" stand in the heading's own line, so these are only drawn."""
    return {"steps": [number <= step for number in range(1, of + 1)]}


@register.inclusion_tag("components/page_links.html")
def page_links(
    page: Page, query: str = "", *, first: str = "First page", following: str = "Next", **kept: str
) -> dict[str, str]:
    """The foot of a list: to its first and its next page. Their addresses keep `query`, or the names given."""
    query = query or urlencode(kept)
    after = urlencode({"after": page.next})
    return {
        "first": first,
        "first_url": "" if page.is_first else f"?{query}",
        "following": following,
        "next_url": f"?{query}&{after}".replace("?&", "?") if page.next else "",
    }


@register.simple_block_tag(end_name="end_empty")
def empty(content: str, heading: str, icon_name: str = "package-done") -> SafeString:
    """`{% empty "No damage reports" %} why, and the way out {% end_empty %}`."""
    return render_to_string("components/empty.html", {"heading": heading, "icon": icon_name, "content": content})


@register.simple_block_tag(end_name="end_notice")
def notice(content: str, kind: str, heading: str, icon_name: str = "") -> SafeString:
    """`{% notice "wait" "Please don't ship anything yet" %} … {% end_notice %}`: a tinted box with a bar."""
    sign = icon_name or KIND_ICONS[Kind(kind)]
    context = {"kind": Kind(kind).value, "heading": heading, "icon": sign, "content": content}
    return render_to_string("components/notice.html", context)


# -------------------------------------------------------------------------------------------------------------- charts


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(chart: BarChart) -> dict[str, Any]:
    """Bars from zero with their figures; a table that is drawn."""
    return {"chart": chart}


@register.inclusion_tag("components/column_chart.html")
def column_chart(chart: ColumnChart) -> dict[str, Any]:
    """Columns from zero, stacked by series, with the numbers as a table below."""
    return {"chart": chart, "hatch": f"hatch-{crc32(repr(chart).encode()):x}"}


# --------------------------------------------------------------------------------------------------------------- forms


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """One field outside a crispy layout: `{% field form.email %}`, with the pack's label, hint and error.

    `css_class` is put on the wrapper; the other options are those of `field_markup.How`.
    """
    return field_markup.field(bound, How(wrapper_class=options.pop("css_class", ""), **options))


@register.simple_tag
def segmented(bound: BoundField, **options: Any) -> SafeString:
    """Two to four exclusive decisions on one line; a radio group underneath."""
    return field_markup.segmented(bound, How(**options))


@register.simple_tag(takes_context=True)
def field_part(context: Context, part: str, **options: Any) -> SafeString:
    """The context's `field`, or a part of it, as a crispy layout wants it: `{% field_part "label" %}`."""
    how = How.of({**cast("dict[str, Any]", context.flatten()), **options})
    return FIELD_PARTS[part](context["field"], how)


FIELD_PARTS: Mapping[str, Callable[[BoundField, How], SafeString]] = {
    "field": field_markup.field,
    "group": field_markup.group,
    "label": field_markup.label,
    "hint and errors": field_markup.hint_and_errors,
    "errors": field_markup.errors,
}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Form | Iterable[Form] | None) -> dict[str, Any]:
    """The head of a page whose form came back: every error in the field's own words, linked to its field.

    Takes forms, formsets and other collections of forms in the order of the page; shows nothing while none of them
    has an error. A form is summed up once: after this tag, `{% crispy form %}` further down doesn't say it again.
    """
    return {"problems": [problem for form in forms if form is not None for problem in problems(form)]}


def problems(form: Form | Iterable[Form]) -> list[tuple[str, str]]:
    """(id of the control, or empty; the error's words), in the order of the page; empty for a form summed up before."""
    if getattr(form, "is_summed_up", False):
        return []
    with suppress(AttributeError):  # a collection may refuse the mark; then it is summed up wherever it is asked for
        form.is_summed_up = True  # type: ignore[union-attr]  # our own mark
    if isinstance(form, BaseForm):
        return [*((("", str(error))) for error in form.non_field_errors()), *field_problems(form)]
    own = [("", str(error)) for error in form.non_form_errors()] if isinstance(form, BaseFormSet) else []
    return own + [problem for part in form for problem in problems(part)]


def field_problems(form: BaseForm) -> Iterator[tuple[str, str]]:
    """What is wrong field by field. A hidden field has nothing to link to."""
    for bound in form:
        for error in bound.errors:
            yield "" if bound.is_hidden else control_id(bound), str(error)


@register.filter
def control_id(bound: BoundField) -> str:
    """The id of the control that takes focus; of a group, its first."""
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple | MultiWidget):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or str(bound.auto_id)


@register.simple_tag(takes_context=True)
def has_errors(context: Context) -> bool:
    """Whether the page's `form`, `formset` or `forms` came back with errors: then its title starts with "Error: "."""
    values = cast("dict[str, Any]", context.flatten())
    candidates = [values.get("form"), values.get("formset"), *(values.get("forms") or [])]
    return any(
        getattr(form, "is_bound", False) and not form.is_valid()
        for form in candidates
        if isinstance(form, BaseForm | BaseFormSet)
    )
