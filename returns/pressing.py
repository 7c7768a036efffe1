"""What presses at a storefront today: late or due promises and decisions, packages nobody could place, failed mails."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q

from returns.domain.holding import HoldingState
from returns.domain.workflow import PROCESSING, Status
from returns.models import HeldPackage, Notification, ReturnRequest, Storefront

PROCESSING_VALUES = sorted(status.value for status in PROCESSING)
TO_DECIDE = (Status.SUBMITTED.value, Status.IN_REVIEW.value)


def figures(storefront: Storefront, today: date) -> Mapping[str, int]:
    """What a manager should know of: how many of each, by the name of the figure."""
    running = Q(status__in=PROCESSING_VALUES, answer_due_on__isnull=True)
    deciding = Q(status__in=TO_DECIDE)
    pressing = (running & Q(due_on__lte=today)) | (deciding & Q(decision_due_on__lte=today))
    counted = ReturnRequest.objects.filter(pressing, storefront=storefront).aggregate(
        overdue=Count("pk", filter=running & Q(due_on__lt=today)),
        due_today=Count("pk", filter=running & Q(due_on=today)),
        late_decisions=Count("pk", filter=deciding & Q(decision_due_on__lt=today)),
        decisions_today=Count("pk", filter=deciding & Q(decision_due_on=today)),
    )
    held = HeldPackage.objects.filter(storefront=storefront, state=HoldingState.HELD.value, next_step_on__lte=today)
    failed = Notification.objects.filter(storefront=storefront, state=Notification.FAILED)
    return {**counted, "held": held.count(), "failed": failed.count()}
