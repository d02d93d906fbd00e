"""Learning from the network's own past: a reduced sample of fixed seed, measured on later parcels."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.feeds.actions.sources import ensure_source
from yishi.sample.load import take_parcels
from yishi.sample.routes import make_parcel
from yishi.shipments.actions.training import own_history, train_eta
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.models.promises import EtaTraining, LaneTime
from yishi.shipments.queries.eta import find_estimate, find_last_training

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SEED, COUNT = 11, 2_500


def a_month(count=COUNT):
    source = ensure_source(code="sample", plugin="generic", label="示例", at=AT)
    parcels = (make_parcel(seed=SEED, number=n, total=count, at=AT) for n in range(count))
    take_parcels(parcels, source, SEED, AT)


def test_the_stated_share_arrives_within_the_interval():
    a_month()
    learnt = train_eta(at=AT)
    assert learnt.measured is not None and learnt.measured.count > 500
    assert 0.75 <= learnt.measured.coverage <= 0.87
    assert learnt.measured.mean_error < learnt.measured.baseline_error
    said = find_last_training()
    assert said is not None and said.coverage == pytest.approx(learnt.measured.coverage)
    assert LaneTime.objects.count() == learnt.groups
    assert set(LaneTime.objects.values_list("opens", "closes")) == {(480, 1200)}
    under_way = Shipment.objects.filter(milestone="ACCEPTED", details__city__gt="").first()
    assert under_way is not None and find_estimate(under_way, at=AT) is not None


def test_a_new_night_replaces_the_old_one():
    a_month(300)
    first = train_eta(at=AT)
    again = train_eta(at=AT + timedelta(minutes=1))
    assert (first.groups, LaneTime.objects.count()) == (again.groups, again.groups)
    assert EtaTraining.objects.count() == 2


def test_too_little_history_teaches_nothing_and_says_so():
    learnt = train_eta(at=AT)
    assert (learnt.parcels, learnt.groups, learnt.measured) == (0, 0, None)
    said = find_last_training()
    assert said is not None and said.coverage is None


def test_young_parcels_are_left_out_of_whom_only_the_quick_have_arrived():
    a_month(300)
    past = own_history(since=AT - timedelta(days=40), until=AT - timedelta(days=5))
    everything = own_history(since=AT - timedelta(days=40), until=AT)
    assert 0 < past.parcels < everything.parcels
    assert 0 < past.kept <= past.promised < past.parcels
