"""What a browser sends for the forms of a policy, as they are shown for some terms."""

from typing import Any

from django.forms import MultipleChoiceField
from django.http import QueryDict

from returns.domain.policy import PolicyTerms
from returns.forms.policy.whole import PolicyForms


def typed(terms: PolicyTerms, **instead: Any) -> QueryDict:
    """The forms of these terms as sent, some fields filled in otherwise: `tiers__0__until_day="14"`."""
    data = QueryDict(mutable=True)
    forms = PolicyForms(terms)
    for rows in forms.lists.values():
        _send(data, rows.management_form)
    for form in forms.forms:
        _send(data, form)
    for name, value in instead.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def _send(data: QueryDict, form: Any) -> None:
    for bound in form:
        value = bound.field.prepare_value(bound.value())
        if isinstance(value, bool):
            value = ["on"] if value else []
        elif isinstance(bound.field, MultipleChoiceField):
            value = value or []
        sent = value if isinstance(value, list) else [value]
        data.setlist(bound.html_name, ["" if one is None else str(one) for one in sent])
