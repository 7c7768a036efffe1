"""Django's entry to the returns package."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def fill_transitions(using: str = "default", **_: Any) -> None:
    """Copy the workflow table into the database after each migration, so that the database refuses what it refuses."""
    from returns.domain.workflow import pairs
    from returns.models import WorkflowTransition

    WorkflowTransition.objects.using(using).bulk_create(
        [
            WorkflowTransition(id=f"{source.value}>{target.value}", source=source.value, target=target.value)
            for source, target in sorted(pairs())
        ],
        ignore_conflicts=True,
    )


class ReturnsConfig(AppConfig):
    """The life of a return."""

    name = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the database's copy of the workflow table up to date."""
        post_migrate.connect(fill_transitions, sender=self)
