"""Exports and replays of drafts take minutes; a worker is always left for mail."""

import threading
from unittest import mock

import pytest
from django.db import connection

from returns import tasks
from returns.services import exports, long_work, policy_replays


@pytest.mark.django_db(transaction=True)
def test_one_piece_of_long_work_is_done_at_a_time() -> None:
    begun, done = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with long_work.alone() as is_free:
                assert is_free
                begun.set()
                done.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    with mock.patch.object(exports, "write_next") as written, mock.patch.object(policy_replays, "run_waiting") as run:
        assert begun.wait(10)
        tasks.write_exports()
        tasks.run_policy_replays()
        assert not written.called
        assert not run.called
        done.set()
        thread.join()
        tasks.write_exports()
        tasks.run_policy_replays()
        assert written.called
        assert run.called


@pytest.mark.django_db
def test_work_that_breaks_off_is_nobodys() -> None:
    with pytest.raises(ZeroDivisionError), long_work.alone():
        raise ZeroDivisionError
    with long_work.alone() as is_free:
        assert is_free
