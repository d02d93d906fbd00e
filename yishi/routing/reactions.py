"""New cases find their place; a person who asks for somebody higher gets him."""

from django.utils.translation import gettext as _

from yishi.cases.facts import CaseEscalated, CaseOpened
from yishi.routing.actions import hand_up, route_case


def on_case_opened(fact: CaseOpened) -> None:
    route_case(
        case_id=fact.case_id,
        waybill_no=fact.waybill_no,
        shipment_id=fact.shipment_id,
        held=fact.held_outlet_id,
        destination=fact.destination_outlet_id,
        at=fact.at,
    )


def on_case_escalated(fact: CaseEscalated) -> None:
    hand_up(case_id=fact.case_id, level=fact.level, reason=_("客户要求升级"), at=fact.at)
