"""Milestones as contracts.md has them, kind by kind."""

import pytest

from yishi.feeds.rules import KINDS
from yishi.shipments.rules.milestones import (
    MILESTONE_OF,
    RANK,
    kind_with_text,
    milestone_of_event,
)

LITERAL = {
    "CREATED": "created pickup_pending pickup_failed",
    "ACCEPTED": "accepted",
    "IN_TRANSIT": "departed_origin_outlet arrived_hub departed_hub in_transit arrived_destination_city"
    " customs forwarded missorted address_changed intercepted",
    "AT_OUTLET": "arrived_at_outlet delivery_scheduled redelivery_scheduled",
    "OUT_FOR_DELIVERY": "out_for_delivery retrieved_by_courier",
    "AT_PICKUP_POINT": "stored_at_pickup_point",
    "DELIVERED": "delivered",
    "DELIVERY_FAILED": "delivery_failed refused",
    "RETURNING": "returning",
    "RETURNED": "returned",
    "CANCELLED": "cancelled destroyed",
    "LOST": "lost",
}
NEVER = "delayed stalled pickup_overdue no_info damaged weight_changed proof_available exception unknown"


@pytest.mark.parametrize(("milestone", "kinds"), LITERAL.items())
def test_each_kind_moves_to_its_milestone(milestone, kinds):
    assert {MILESTONE_OF[kind] for kind in kinds.split()} == {milestone}


def test_every_kind_is_placed_once():
    moving = " ".join(LITERAL.values()).split()
    assert sorted([*moving, *NEVER.split()]) == sorted(KINDS)
    assert set(MILESTONE_OF) == set(RANK) == set(moving)


@pytest.mark.parametrize("kind", NEVER.split())
def test_judgements_and_notes_never_move(kind):
    assert milestone_of_event(plugin="generic", source_code="", kind=kind) == ""


@pytest.mark.parametrize(
    ("plugin", "code", "expected"),
    [
        ("kuaidi100", "304", "AT_PICKUP_POINT"),
        ("kdniao", "311", "AT_PICKUP_POINT"),
        ("kuaidi100", "301", "DELIVERED"),
        ("kuaidi100", "3", "DELIVERED"),
        ("kdniao", "304", "DELIVERED"),
        ("generic", "304", "DELIVERED"),
    ],
)
def test_put_into_a_locker_is_not_taken_by_the_person(plugin, code, expected):
    assert milestone_of_event(plugin=plugin, source_code=code, kind="delivered") == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("in_transit", "快件正在退回寄件人途中", "returning"),
        ("in_transit", "包裹已退回，正发往苏州", "returning"),
        ("exception", "因拒收，快件退回寄件地", "returning"),
        ("unknown", "退件途中，到达南京转运中心", "returning"),
        ("arrived_hub", "快件开始退回商家", "returning"),
        ("in_transit", "如需退回请联系寄件人", "in_transit"),
        ("in_transit", "客户申请退回寄件人", "in_transit"),
        ("in_transit", "快件离开南京，发往苏州", "in_transit"),
        ("delivered", "退回件已签收，退回寄件人", "delivered"),
        ("returned", "已退回寄件人并签收", "returned"),
        ("out_for_delivery", "正在退回寄件人", "out_for_delivery"),
    ],
)
def test_a_plain_text_makes_returning_where_the_code_is_silent(kind, text, expected):
    assert kind_with_text(kind, text) == expected
