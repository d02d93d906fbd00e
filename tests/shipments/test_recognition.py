"""Recognition where it is used: the page of a number nobody knows, sources that are asked, staff's view."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.shipments.tracking import AT, event, take
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.recognition import forget_shares, own_shares, recognise

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    forget_shares()
    yield
    forget_shares()


def test_own_parcels_are_counted_once_in_ten_minutes(django_assert_num_queries):
    take(event("310000000000001", carrier="yunda"))
    with django_assert_num_queries(1):
        assert [tuple(each) for each in own_shares(at=AT)] == [("yunda", "31", 15, 1)]
    take(event("310000000000002", carrier="yunda"))
    with django_assert_num_queries(0):
        assert own_shares(at=AT)[0].parcels == 1
    assert own_shares(at=AT + timedelta(minutes=10))[0].parcels == 2


def test_parcels_without_a_carrier_teach_nothing():
    take(event("310000000000001"))
    assert own_shares(at=AT) == []


def test_the_first_scan_confirms_the_carrier():
    take(event("430000000000001"))
    assert {each.carrier for each in recognise("430000000000001", at=AT)} == {"shentong", "yunda"}
    take(event("430000000000001", carrier="shentong", minutes=1))
    assert list(Shipment.objects.filter(merged_into=None).values_list("carrier", flat=True)) == ["shentong"]


def test_the_page_of_an_unknown_number_names_whose_it_may_be(world):
    page = Client().get("/t/430000000000001")
    assert page.status_code == 404
    assert "可能是申通或韵达的件" in page.content.decode()


def test_the_page_of_a_number_that_may_be_anybodys_names_nobody(world):
    assert "可能是" not in Client().get("/t/ABC1234567").content.decode()


@pytest.mark.parametrize("wrong", ["RR473124820GB", "YT0000000000001", "310000000000001"])
def test_wrong_numbers_answer_like_unknown_ones(world, wrong):
    seen = []
    for number in ("RR473124829GB", wrong):
        forget_shares()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = Client().get(f"/api/v1/public/shipments/{number}")
        with CaptureQueriesContext(connection) as asked_by_page:
            page = Client().get(f"/t/{number}")
        shape = sorted(answer.json())
        seen.append((answer.status_code, shape, len(asked), page.status_code, len(asked_by_page)))
    assert seen[0] == seen[1]
    assert seen[0][0] == seen[0][3] == 404
