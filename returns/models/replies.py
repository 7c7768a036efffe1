"""Reply templates of a storefront, and every wording they have had."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from returns.models.storefronts import Storefront
from returns.querysets.replies import ReplyTemplateQuerySet


class ReplyTemplate(models.Model):
    """What staff often write to customers, with placeholders (returns/domain/replies.py); put away, it stays."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    storefront = models.ForeignKey(Storefront, on_delete=models.PROTECT, related_name="reply_templates")
    use = models.CharField(max_length=10)
    language = models.CharField(max_length=10, default="en", help_text="Of the customers it is written for")
    name = models.CharField(max_length=80)
    body = models.CharField(max_length=2000)
    changes = models.PositiveIntegerField(default=0, help_text="How many wordings it has had")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True, blank=True, help_text="Not offered at the desk since")

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["storefront", "use", "name"],
                condition=Q(put_away_at__isnull=True),
                name="reply_template_name_once",
            ),
            models.CheckConstraint(
                condition=Q(use__in=["ask", "reject", "message"]), name="reply_template_use_is_known"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(body=""), name="reply_template_says_something"),
        ]

    def __str__(self) -> str:
        return self.name


class ReplyTemplateChange(models.Model):
    """One wording of a template, or that it was put away or brought back; who did it, and when. Never edited."""

    template = models.ForeignKey(ReplyTemplate, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    use = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    body = models.CharField(max_length=2000)
    put_away = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["template", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["template", "number"], name="reply_template_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.template}, wording {self.number}"
