"""The table of retention knows every table of the product, and its columns are there."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import models

from yishi.config.retention import KEPT, RETENTION
from yishi.kit.retention import sweep_retention

OURS = {
    model._meta.label
    for model in apps.get_models()
    if model.__module__.startswith("yishi.") and not model._meta.auto_created
}


def test_every_table_has_its_time_or_its_reason() -> None:
    swept = {entry.model for entry in RETENTION}
    assert OURS - swept - KEPT.keys() == set(), "say in config/retention.py how long these are kept"
    assert (swept | KEPT.keys()) - OURS == set(), "these tables are no more"
    assert swept & KEPT.keys() == set()


@pytest.mark.parametrize("entry", RETENTION, ids=lambda entry: entry.model)
def test_its_column_is_a_moment(entry) -> None:
    model = apps.get_model(entry.model)
    *path, last = entry.column.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    assert isinstance(model._meta.get_field(last), models.DateTimeField)


@pytest.mark.django_db
def test_a_sweep_over_all_tables_runs() -> None:
    assert set(sweep_retention(table=RETENTION, at=datetime(2026, 11, 22, tzinfo=UTC)).values()) == {0}


@pytest.mark.django_db
def test_events_go_and_their_parcels_with_them() -> None:
    """Events lie in partitions and have a key of two columns: the sweep must manage them too."""
    shipment = apps.get_model("shipments.Shipment")
    event = apps.get_model("shipments.TrackingEvent")
    seen = datetime(2026, 11, 1, tzinfo=UTC)
    row = shipment.objects.create(waybill_no="YT0000000001", carrier="yto", last_event_at=seen)
    event.objects.create(
        identity=b"i" * 16, happened_at=seen, received_at=seen, shipment=row, source_id=1, kind="accepted"
    )
    young = sweep_retention(table=RETENTION, at=datetime(2027, 11, 1, tzinfo=UTC))
    assert (young["shipments.TrackingEvent"], young["shipments.Shipment"]) == (0, 0)
    old = sweep_retention(table=RETENTION, at=datetime(2028, 1, 1, tzinfo=UTC))
    assert (old["shipments.TrackingEvent"], old["shipments.Shipment"]) == (1, 1)
