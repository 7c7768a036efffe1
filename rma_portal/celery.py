"""The Celery application and the whole beat schedule.

Redis is only a doorbell. What has to be done stands in the database, and the sweeps find it there; so a lost message
costs seconds, and a broker that is down, frozen or emptied costs no mail and no reminder (C1-C5).
"""

import gc
import logging
import os

from celery import Celery, signals
from celery.schedules import crontab
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rma_portal.settings")

logger = logging.getLogger(__name__)

app = Celery("rma_portal")
app.conf.update(
    broker_url=settings.REDIS_URL or None,
    broker_transport="rma_portal.broker:Transport",
    # Without these a publish to a Redis that accepts but does not answer hangs for ever (M6).
    broker_transport_options={
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        "max_retries": 0,
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # the worker waits for its broker as long as it takes
    task_publish_retry=False,  # the sweep is the retry
    # JSON only: with pickle, whoever reaches Redis could run code in the worker (B46).
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    event_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    # A ring that was heard is gone: nothing is acknowledged, so nothing is left to be given back when the broker dies
    # under a worker. (Giving back is what kombu 5.7 then trips over, and the worker with it; C6.) What a killed worker
    # had in hand, the sweep takes over from the database.
    task_queues=[Queue("celery", no_ack=True)],
    worker_prefetch_multiplier=1,
    task_soft_time_limit=60,  # seconds
    task_time_limit=90,
    task_always_eager=False,
    timezone="UTC",
    # In memory: when something is due is read from the database, so beat has nothing to remember.
    beat_scheduler="celery.beat:Scheduler",
    # A ring that nobody heard in time is dropped; the next one does its work.
    beat_schedule={
        "sweep the outbox": {"task": "returns.tasks.sweep_outbox", "schedule": 10.0, "options": {"expires": 10}},
        "send due reminders": {
            "task": "returns.tasks.send_due_reminders",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "run drafts of policies over real requests": {
            "task": "returns.tasks.run_policy_replays",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "fold the queue's counters": {
            "task": "returns.tasks.fold_queue_counts",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "add up the reports": {
            "task": "returns.tasks.refresh_reports",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
        "write the exports": {"task": "returns.tasks.write_exports", "schedule": 5.0, "options": {"expires": 5}},
        "owe the week's figures": {
            "task": "returns.tasks.owe_weekly_reports",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "sweep old exports": {
            "task": "returns.tasks.sweep_exports",
            "schedule": crontab(hour="8", minute="10"),
            "options": {"expires": 3600},
        },
        "sweep old drafts": {
            "task": "returns.tasks.sweep_drafts",
            "schedule": crontab(hour="7", minute="20"),
            "options": {"expires": 3600},
        },
        "sweep photos without a row": {
            "task": "returns.tasks.sweep_photos",
            "schedule": crontab(hour="7", minute="40"),
            "options": {"expires": 3600},
        },
        "forget old mails": {
            "task": "returns.tasks.forget_old_mails",
            "schedule": crontab(hour="8", minute="0"),
            "options": {"expires": 3600},
        },
        "show that beat and a worker live": {
            "task": "returns.tasks.beat_heartbeat",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
    },
)
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@signals.setup_logging.connect
def keep_django_logging(**_kwargs: object) -> None:
    """Celery sets up logging of its own unless somebody listens here; ours scrubs, its does not."""


@signals.worker_ready.connect
def warn_of_eviction(**_kwargs: object) -> None:
    """A full Redis should refuse a ring, which is noticed, rather than forget one, which is not (C5)."""
    from rma_portal import health

    if health.broker_evicts():
        logger.warning("Redis evicts keys when its memory is full; set maxmemory-policy to noeviction.")


@signals.task_failure.connect
def forget_earlier_failures(**_kwargs: object) -> None:
    """Frames and exceptions of a failed task hold each other; while the database is away they add up to many MiB."""
    gc.collect()


@signals.celeryd_init.connect
@signals.beat_init.connect
def refuse_unsafe_start(**_kwargs: object) -> None:
    """The worker and beat start under the same rules as the web server."""
    from django.core.exceptions import ImproperlyConfigured

    from rma_portal import checks

    try:
        checks.refuse_unsafe_start()
    except ImproperlyConfigured as error:
        # Celery swallows a signal's exceptions, but not this one.
        raise SystemExit(str(error)) from None
