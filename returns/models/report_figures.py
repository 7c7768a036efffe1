"""The managers' figures, added up for days and months, and the days that have to be added up again."""

from typing import ClassVar

from django.db import models

from returns.models.storefronts import Storefront


class ReportFigure(models.Model):
    """The sum of one figure (see returns/reports/facts.py) over a day or a month of a storefront.

    `by` says which date puts a return there. Written by services/rollups.py alone, and always possible to make anew.
    """

    storefront = models.ForeignKey(
        Storefront, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    by = models.CharField(max_length=10)
    span = models.CharField(max_length=5)
    starts_on = models.DateField()
    figure = models.CharField(max_length=20)
    detail = models.CharField(max_length=200)
    number = models.BigIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["storefront", "by", "span", "figure", "starts_on", "detail"], name="report_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.detail} by {self.by}, {self.span} of {self.starts_on}"


class ReportMark(models.Model):
    """Something changed that counts into this day: it is added up again. Triggers only add rows; the sweep takes them.

    While a day is marked, reports add it up for themselves, so no figure is ever older than the page it stands on.
    """

    storefront = models.ForeignKey(
        Storefront, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    by = models.CharField(max_length=10)
    day = models.DateField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["storefront", "by", "day"], name="report_mark_day"),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.day}"
