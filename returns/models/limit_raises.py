"""A higher limit for settlements of one person, asked for by a manager, until another answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from returns.models.orders import money_field
from returns.models.storefronts import Storefront


class LimitRaise(models.Model):
    """What a manager asks for, in the storefront's currency; the limit in force stays until another manager agrees.

    One at a time for a storefront. Answered, it goes; `StorefrontChange` keeps who asked and who answered.
    """

    storefront = models.OneToOneField(Storefront, on_delete=models.CASCADE, related_name="limit_raise")
    amount = money_field()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="limit_raise_positive"),
        ]

    def __str__(self) -> str:
        return f"limit asked for at {self.storefront}"
