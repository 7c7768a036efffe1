"""Django's entry to the project package."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Nothing but the checks: the project has no models."""

    name = "rma_portal"

    def ready(self) -> None:
        """Register the combinations that must not start."""
        from rma_portal import checks  # noqa: F401  importing registers
