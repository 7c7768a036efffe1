"""The gate of the outbox: held on purpose, or by itself after a restore; nothing leaves until somebody releases it."""

import logging
from datetime import datetime

from django.db import connection

from returns.models import OutboxGate

logger = logging.getLogger(__name__)

RESTORED = "This database was restored from a backup."
# The cluster, the database and the table: a copy made by restoring differs in one of them at least.
_HOME = """
SELECT (SELECT system_identifier FROM pg_control_system()) || '/'
    || (SELECT oid FROM pg_database WHERE datname = current_database()) || '/'
    || 'returns_notification'::regclass::oid
"""


def is_held(*, now: datetime) -> bool:
    """Whether nothing may leave now. The first to ask in a restored database closes the gate."""
    home, gate = _home(), OutboxGate.objects.first()
    if gate is None:
        OutboxGate.objects.get_or_create(pk=1, defaults={"home": home})
        return False
    if gate.home != home:
        logger.error("The outbox is held: %s Look what it owes, then run `manage.py outbox release`.", RESTORED)
        OutboxGate.objects.filter(pk=1, home=gate.home).update(
            home=home, held_since=gate.held_since or now, because=RESTORED
        )
        return True
    return gate.held_since is not None


def hold(*, because: str, now: datetime) -> OutboxGate:
    """Let nothing leave from now on; a gate that is held already stays held for its old reason."""
    gate, _ = OutboxGate.objects.get_or_create(pk=1, defaults={"home": _home()})
    if gate.held_since is None:
        gate.held_since, gate.because = now, because
        gate.save(update_fields=["held_since", "because"])
    return gate


def release() -> OutboxGate:
    """Let everything leave that is due, most urgent first."""
    gate, _ = OutboxGate.objects.get_or_create(pk=1, defaults={"home": _home()})
    gate.home, gate.held_since, gate.because = _home(), None, ""
    gate.save(update_fields=["home", "held_since", "because"])
    return gate


def _home() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_HOME)
        return str(cursor.fetchone()[0])
