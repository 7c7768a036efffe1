"""What makes a password good enough: long, not on a guesser's list, not the person's own address (B38).

Django's rules in our words; errors say how to do better.
"""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class LongEnough(password_validation.MinimumLengthValidator):
    """At least `min_length` characters, whatever they are."""

    def get_error_message(self) -> str:
        """How to do better."""
        return _("Use at least %(number)s characters, for example four words that don’t belong together.") % {
            "number": self.min_length
        }


class NotCommon(password_validation.CommonPasswordValidator):
    """Not one of the twenty thousand that everybody tries first."""

    def get_error_message(self) -> str:
        """How to do better."""
        return _("This one is on every guesser’s list. Choose one that only you would think of.")


class NotOneself(password_validation.UserAttributeSimilarityValidator):
    """Not nearly the person's own name or address."""

    def get_error_message(self) -> str:
        """How to do better."""
        return _("This is too much like your email address or name. Choose something else.")
