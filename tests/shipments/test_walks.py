"""Neighbouring numbers: a shop's twenty are free, a walk is slowed more and more, and told once an hour."""

from datetime import timedelta

import pytest

from tests.shipments.tracking import AT
from yishi.kit.errors import TooMany
from yishi.kit.models import FactRow
from yishi.shipments.actions.walks import watch_look_up
from yishi.shipments.queries.walks import count_walks
from yishi.shipments.rules.walks import FREE, TOLD, block_of, wait_s


@pytest.mark.parametrize(
    ("seen", "wait"), [(0, 0), (1, 0), (FREE, 0), (FREE + 1, 15), (FREE + 6, 30), (FREE + 11, 60), (999, 600)]
)
def test_the_further_the_longer(seen, wait):
    assert wait_s(seen) == wait


def test_neighbours_share_all_but_three_places():
    assert block_of("YT1234567890001") == block_of("YT1234567890999") != block_of("YT1234567891000")


def walk(count, start=0, address="198.51.100.7", at=AT):
    """Asks for one number after the other; how many were refused."""
    refused = 0
    for number in range(start, start + count):
        try:
            watch_look_up(address=address, number=f"YT77001{number:04d}", at=at)
        except TooMany:
            refused += 1
    return refused


@pytest.mark.django_db
def test_a_shop_with_its_own_numbers_goes_on_and_sees_them_again():
    assert walk(FREE) == 0
    assert walk(FREE) == 0


@pytest.mark.django_db
def test_a_walk_is_slowed_and_what_was_seen_before_is_not():
    assert walk(FREE + 5) == 5
    assert walk(FREE) == 0
    assert not FactRow.objects.filter(fact="shipments.EnumerationSuspected").exists()


@pytest.mark.django_db
def test_who_goes_on_is_reported_once_an_hour_without_his_address():
    walk(TOLD + 20)
    (row,) = FactRow.objects.filter(fact="shipments.EnumerationSuspected")
    assert "198.51" not in str(row.body)
    assert count_walks(since=AT - timedelta(days=1)) == 1


@pytest.mark.django_db
def test_another_address_and_another_quarter_of_an_hour_begin_anew():
    walk(FREE + 5)
    assert walk(FREE, start=500, address="198.51.100.8") == 0
    assert walk(FREE, start=500, at=AT + timedelta(minutes=15)) == 0


@pytest.mark.django_db
def test_what_is_no_number_is_not_counted():
    for _ in range(FREE + 9):
        watch_look_up(address="198.51.100.7", number="我的快递呢", at=AT)
