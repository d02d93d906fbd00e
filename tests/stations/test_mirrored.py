"""A station in mirror mode follows its brand's scans, twice the same; it writes nothing of its own."""

import pytest

from tests.shipments.tracking import event, take
from tests.stations.making import card_of, keeper, shelves
from tests.world import START
from yishi.shipments.models.parcels import Shipment
from yishi.stations.actions.floor import Working, set_working
from yishi.stations.actions.mirrored import is_any_mirrored, mirror_parcels
from yishi.stations.models.parcels import StationParcel
from yishi.stations.queries.stays import list_stays, story_of
from yishi.stations.rules.mirror import Scan, stay_of

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000001"
STORED = "快件已存放至东山驿站，请及时取件"


def scan(kind, minute, text=STORED):
    take(event(NUMBER, kind, minute, carrier="yuantong", place={"outlet": "025101"}, text=text))
    return mirror_parcels(shipment_ids=[Shipment.objects.get().pk], at=START)


def test_it_follows_in_and_out(world):
    shelves()
    by = keeper()
    assert not is_any_mirrored() and scan("stored_at_pickup_point", 1) == 0
    set_working(station="ST01", working=Working(mode="MIRROR", template="{tail:4}"), by=by, at=START)
    assert is_any_mirrored() and scan("stored_at_pickup_point", 1) == 1
    scan("stored_at_pickup_point", 1)
    (line,) = list_stays(card_of(by), at=START).items
    assert (line.state, line.waybill_no) == ("INSIDE", NUMBER)
    scan("delivered", 90, "已从东山驿站取走")
    stay = StationParcel.objects.get()
    assert (stay.state, stay.hand_out.how) == ("HANDED_OUT", "MIRROR")
    assert [step.kind for step in story_of(stay.pk)] == ["HANDED_OUT", "BOOKED_IN"]


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), None),
        (("delivered",), None),
        (("stored",), "INSIDE"),
        (("stored", "delivered"), "HANDED_OUT"),
        (("stored", "returning", "returned"), "RETURNED"),
        (("stored", "retrieved_by_courier", "stored"), "INSIDE"),
    ],
)
def test_what_the_scans_say(kinds, state):
    words = {"stored": "stored_at_pickup_point"}
    scans = [Scan(words.get(kind, kind), START, "", STORED) for kind in kinds]
    found = stay_of(scans, {7: ("ST01", "东山驿站")})
    assert (found.state if found else None) == state
    assert stay_of(scans, {8: ("ST02", "西山驿站")}) is None
