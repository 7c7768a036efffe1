"""Django's entry to the accounts package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
