"""Probes: alive, ready, and nothing given away (B48)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from returns.models import Heartbeat, Notification
from returns.services import delivery, gate
from tests.mail_server import MailServer
from tests.outbox import mail_goes_to, owed

READY = {"database": "ok", "broker": "ok", "migrations": "ok", "beat": "ok", "mail": "ok"}


@pytest.fixture
def beating(db: None) -> Heartbeat:
    """Beat has just rung."""
    return Heartbeat.objects.create(name="beat", at=timezone.now())


def test_alive_asks_nobody(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.usefixtures("beating")
def test_a_probe_needs_no_login_no_known_host_and_no_https(client: Client, settings: Settings, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(path, headers={"host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("beating")
def test_ready_names_what_it_asked_and_nothing_else(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, READY)


@pytest.mark.usefixtures("beating")
def test_not_ready_without_the_broker(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://:secret@127.0.0.1:9/0"
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, READY | {"broker": "fail"})


@pytest.mark.usefixtures("beating")
def test_not_ready_with_a_migration_still_to_run(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="returns").delete()
    assert client.get("/readyz").json() == READY | {"migrations": "fail"}


def test_not_ready_once_beat_or_its_worker_is_silent(client: Client, beating: Heartbeat) -> None:
    beating.at = timezone.now() - timedelta(minutes=3)
    beating.save()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, READY | {"beat": "fail"})


@pytest.mark.django_db
def test_not_ready_before_the_first_beat(client: Client) -> None:
    assert client.get("/readyz").json() == READY | {"beat": "fail"}


def test_not_ready_without_the_database_and_the_rest_is_not_asked(client: Client) -> None:
    # No database is allowed in this test, so that every query fails.
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"broker": "ok", "database": "fail", "migrations": "fail", "beat": "fail", "mail": "fail"}


@pytest.mark.usefixtures("beating")
def test_not_ready_while_urgent_mail_waits_for_long_unless_it_is_held(client: Client) -> None:
    now = timezone.now()
    owed(now - timedelta(minutes=20), priority=8)
    assert client.get("/readyz").json() == READY
    owed(now - timedelta(minutes=20), priority=1)
    assert client.get("/readyz").json() == READY | {"mail": "fail"}
    gate.hold(because="We move.", now=now)
    assert client.get("/readyz").json() == READY


@pytest.mark.usefixtures("beating")
def test_a_full_mailbox_is_no_trouble_of_ours_unless_nobody_tries_again(client: Client, settings: Settings) -> None:
    began = timezone.now() - timedelta(minutes=20)
    (row,) = owed(began, priority=1)
    with mail_goes_to(settings, MailServer(replies={"RCPT": "452 4.2.2 Mailbox full"})):
        delivery.deliver(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("retry", "Not for this address now: 452 4.2.2 Mailbox full")
    assert client.get("/readyz").json() == READY
    Notification.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=16))
    assert client.get("/readyz").json() == READY | {"mail": "fail"}


@pytest.mark.usefixtures("beating")
def test_a_server_that_takes_nothing_is_trouble_of_ours(client: Client) -> None:
    now = timezone.now()
    told: dict[str, Any] = {"state": "retry", "last_error": "451 Try later.", "created_at": now - timedelta(minutes=20)}
    owed(now + timedelta(minutes=5), priority=1, **told)
    assert client.get("/readyz").json() == READY | {"mail": "fail"}


@pytest.mark.usefixtures("beating")
def test_the_figures_are_for_who_has_the_token(client: Client, settings: Settings) -> None:
    owed(timezone.now(), 2, priority=8)
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "figures"
    assert client.get("/metrics", headers={"authorization": "Bearer other"}).status_code == 404
    response = client.get("/metrics", headers={"authorization": "Bearer figures"})
    assert response.status_code == 200
    text = response.content.decode()
    assert 'rma_outbox_due{urgent="no"} 2\n' in text
    assert 'rma_heartbeat_age_seconds{name="beat"} ' in text
