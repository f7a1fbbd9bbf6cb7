"""The sign of life of the workers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery import heartbeat, worker
from delivery.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_a_working_worker_gives_a_sign_of_life() -> None:
    """Red when: `beat` is no job of the worker."""
    at = timezone.now()
    assert heartbeat.last() is None

    worker.work_off(at)

    assert heartbeat.last() == at


def test_any_number_of_workers_keep_one_row_and_write_seldom(django_assert_num_queries) -> None:
    """Red when: each round of each worker writes."""
    at = timezone.now()
    heartbeat.beat(at)

    with django_assert_num_queries(1):
        heartbeat.beat(at + heartbeat.INTERVAL - timedelta(seconds=1))
    assert heartbeat.last() == at

    heartbeat.beat(at + heartbeat.INTERVAL)
    assert (heartbeat.last(), Heartbeat.objects.count()) == (at + heartbeat.INTERVAL, 1)
