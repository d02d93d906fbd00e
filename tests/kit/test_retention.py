"""Retention: what is old enough goes, in batches; what is younger, or protected, stays."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.kit import retention
from yishi.kit.models import FactRow, RateCount
from yishi.kit.retention import Retention, sweep_retention

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
COUNTS = [Retention(model="kit.RateCount", column="window_start", days=2)]


def count_row(number: int, age: timedelta) -> None:
    RateCount.objects.create(key_hash=number.to_bytes(16, "big"), window_start=AT - age, count=1)


def test_exactly_at_its_age_a_row_still_stays() -> None:
    count_row(1, timedelta(days=2))
    count_row(2, timedelta(days=2, seconds=1))
    assert sweep_retention(table=COUNTS, at=AT) == {"kit.RateCount": 1}
    assert RateCount.objects.count() == 1


def test_many_rows_go_in_batches_and_not_more_than_asked(monkeypatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    for number in range(10):
        count_row(number, timedelta(days=9))
    assert sweep_retention(table=COUNTS, at=AT, most=6) == {"kit.RateCount": 6}
    assert sweep_retention(table=COUNTS, at=AT) == {"kit.RateCount": 4}


def test_only_the_rows_that_are_meant() -> None:
    old = AT - timedelta(days=100)
    FactRow.objects.create(fact="cases.CaseOpened", body={}, announced_at=old, due_at=old)
    FactRow.objects.create(fact="cases.CaseOpened", body={}, announced_at=old)
    done = Retention(model="kit.FactRow", column="announced_at", days=90, only={"due_at__isnull": True})
    assert sweep_retention(table=[done], at=AT) == {"kit.FactRow": 1}
    assert FactRow.objects.get().due_at == old


def test_a_protected_row_does_not_hold_up_the_others(monkeypatch) -> None:
    for number in range(3):
        count_row(number, timedelta(days=9 - number))
    real = retention._delete
    kept = (0).to_bytes(16, "big")
    monkeypatch.setattr(
        retention,
        "_delete",
        lambda entry, batch: (
            ({kept} & set(map(bytes, batch))) | real(entry, [k for k in batch if bytes(k) != kept])
        ),
    )
    monkeypatch.setattr(retention, "BATCH", 1)
    assert sweep_retention(table=COUNTS, at=AT) == {"kit.RateCount": 2}
    assert bytes(RateCount.objects.get().key_hash) == kept
