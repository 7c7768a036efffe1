"""The rows of the queue, and the lists of its filter: `{% load grid %}`.

Fifty rows of fifteen cells are the one place where drawing each cell by a template is what a page mostly does
(docs/decisions/0012-rows-are-joined-strings.md). So a row is one string with places for its cells.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from html import escape

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from returns.components import QueueRow, ViewLink
from returns.forms.queue import Choice, FilterControls, Select
from returns.templatetags.house import icon

register = template.Library()


@register.simple_tag
def grid_rows(rows: Iterable[QueueRow], *, can_choose: bool = False, chosen: Collection[str] = ()) -> SafeString:
    """`{% grid_rows rows can_choose=True %}`: the body of the grid; with boxes to tick, where something can be done.

    `chosen`: references of the rows that are ticked already.
    """
    claim = f'<span class="second">{icon("bolt")} claim</span>'
    drawn = [
        _row(row, claim if row.is_claim else "", can_choose=can_choose, is_chosen=row.reference in chosen)
        for row in rows
    ]
    return mark_safe("".join(drawn))  # noqa: S308  `_row` escapes what people wrote


@lru_cache(maxsize=4096)
def _row(row: QueueRow, claim: str, *, can_choose: bool, is_chosen: bool) -> str:
    """One row; an equal one is drawn once for all pages and colleagues."""
    number, customer = escape(row.number), escape(row.customer)
    hint = f'<span class="second">{escape(row.hint)}</span>' if row.hint else ""
    return f"""
<tr>
  {_tick(escape(row.reference), number, is_chosen=is_chosen) if can_choose else ""}<th scope="row" class="number">\
<a href="{escape(row.url)}">{number}</a>{claim}</th>
  <td class="code">{escape(row.order)}</td>
  <td><div class="cut" title="{customer}">{customer}</div>{hint}</td>
  <td>{row.storefront}</td>
  <td>{row.status}</td>
  <td class="num">{row.age}</td>
  <td class="nowrap">{row.due}</td>
  <td class="activity">{escape(row.activity)}<span class="second">{row.activity_age}</span></td>
  <td class="nowrap{" soft" if row.is_unowned else ""}">{escape(row.owner)}</td>
  <td class="num">{row.units}</td>
  <td class="num">{row.amount}</td>
</tr>"""


def _tick(reference: str, number: str, *, is_chosen: bool) -> str:
    """The box by which a row is chosen; both are escaped already."""
    ticked = " checked" if is_chosen else ""
    return (
        f'<td><label class="tick"><input class="form-check-input" type="checkbox" name="chosen" value="{reference}"'
        f' form="bulk"{ticked}><span class="visually-hidden">Choose {number}</span></label></td>'
    )


@register.simple_tag
def view_links(views: Iterable[ViewLink]) -> SafeString:
    """`{% view_links views %}`: the views, each with how many returns it shows."""
    return _view_links(tuple(views))


@lru_cache(maxsize=512)
def _view_links(views: tuple[ViewLink, ...]) -> SafeString:
    return format_html_join(
        "",
        '<li><a href="{}"{}>{} <span class="num">{}</span></a></li>',
        ((view.url, CURRENT if view.is_current else "", view.name, view.number) for view in views),
    )


CURRENT = SafeString(' aria-current="page"')


@register.simple_tag
@lru_cache(maxsize=256)
def options(choices: tuple[Choice, ...]) -> SafeString:
    """`{% options colleagues %}`: the options of a list in which nothing is chosen yet."""
    return format_html_join("", '<option value="{}">{}</option>', choices)


@register.simple_tag
@lru_cache(maxsize=256)
def filter_form(controls: FilterControls) -> SafeString:
    """`{% filter_form filter %}`: the filter; the same for everybody who chose the same at the same storefronts."""
    return render_to_string("desk/parts/filters.html", {"filter": controls})


@register.simple_tag
@lru_cache(maxsize=1024)
def drop_down(select: Select) -> SafeString:
    """`{% drop_down select %}`: one list of the filter. Equal ones are drawn once: they are the same on every page."""
    return render_to_string("desk/parts/select.html", {"select": select})
