"""What customer accounts are called: their types, and the fields that people change."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

TYPE_WORDS: Mapping[str, str] = {
    "consumer": N_("consumer"),
    "student": N_("student"),
    "professional": N_("professional"),
    "business": N_("business"),
}

FIELD_WORDS: Mapping[str, str] = {
    "name": "name",
    "phone": "phone",
    "address": "address",
    "email": "email",
    "main_contact_name": "main contact",
    "main_contact_email": "main contact's email",
    "type": "type",
}
"""For staff, who read which fields were changed."""


def type_word(account_type: str) -> str:
    """`professional`: the type inside a sentence."""
    return _(TYPE_WORDS[account_type])
