"""The months' partitions of events."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from tests.shipments.tracking import event, take
from yishi.shipments.jobs import sweep_partitions
from yishi.shipments.models import TrackingEvent

pytestmark = pytest.mark.django_db


def partition_of_all():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM shipments_event")
        return {row[0] for row in cursor.fetchall()}


def test_events_far_off_fall_into_the_default_partition_and_move_to_their_month():
    long_ago = event() | {"happened_at": "2024-05-02T15:10:00+08:00"}
    take(long_ago)
    assert partition_of_all() == {"shipments_event_default"}
    assert sweep_partitions(at=datetime(2024, 5, 20, tzinfo=UTC)) == 4
    assert partition_of_all() == {"shipments_event_2024_05"}
    assert take(long_ago).duplicate == 1
    assert TrackingEvent.objects.count() == 1


def test_made_once():
    at = datetime(2031, 12, 31, 23, 59, tzinfo=UTC)
    assert sweep_partitions(at=at) == 4
    assert sweep_partitions(at=at) == 0
