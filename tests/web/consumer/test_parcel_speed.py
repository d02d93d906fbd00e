"""How many statements a stranger's look at a parcel takes, whatever stands in the tables."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.shipments.tracking import event, take

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000088"
KINDS = [
    "accepted",
    "departed_origin_outlet",
    "arrived_hub",
    "departed_hub",
    "in_transit",
    "arrived_at_outlet",
]
# the page counts the address and the number, reads parcel, outlet, people, scans, estimate, carriers
MOST_OF_PAGE, MOST_OF_API = 12, 8


def statements(path):
    Client().get(path)
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(path).status_code == 200
    return [each["sql"] for each in asked.captured_queries]


def tell(events, parcels):
    for parcel in range(parcels):
        number = NUMBER if not parcel else f"YT61900001{parcel:05d}"
        scans = [
            event(number, KINDS[n % len(KINDS)], minutes=n, place={"city": "南京市"}, carrier="yuantong")
            for n in range(events)
        ]
        take(*scans)


@pytest.mark.parametrize("path", [f"/t/{NUMBER}", f"/api/v1/public/shipments/{NUMBER}"])
def test_as_many_statements_for_a_long_story_among_many(world, path):
    tell(events=2, parcels=1)
    few = statements(path)
    tell(events=60, parcels=20)
    many = statements(path)
    assert len(few) == len(many), "\n".join(many)
    assert len(many) <= (MOST_OF_PAGE if path.startswith("/t/") else MOST_OF_API), "\n".join(many)
    assert sum("shipments_lane_time" in each for each in many) <= 1
