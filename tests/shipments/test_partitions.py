"""The months' partitions of events."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests.shipments.tracking import event, take
from yishi.config.retention import RETENTION
from yishi.kit.retention import sweep_retention
from yishi.shipments.jobs import sweep_partitions
from yishi.shipments.models.parcels import TrackingEvent

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


def test_a_month_that_is_over_goes_at_once_and_the_rest_of_a_month_row_by_row():
    sweep_partitions(at=datetime(2025, 1, 5, tzinfo=UTC))
    for day in ("2025-01-31T12:00:00+08:00", "2025-02-01T12:00:00+08:00", "2025-02-03T12:00:00+08:00"):
        take(event() | {"happened_at": day})
    (kept,) = [entry for entry in RETENTION if entry.is_partitioned]
    at = datetime(2025, 2, 2, 12, tzinfo=UTC) + timedelta(days=kept.days)
    assert sweep_retention(table=[kept], at=at) == {"shipments.TrackingEvent": 2}
    assert partition_of_all() == {"shipments_event_2025_02"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('shipments_event_2025_01')")
        assert cursor.fetchone() == (None,)


def test_made_once():
    at = datetime(2031, 12, 31, 23, 59, tzinfo=UTC)
    assert sweep_partitions(at=at) == 4
    assert sweep_partitions(at=at) == 0
