"""What an event says about where a parcel stands: the milestone of every kind, and their ranks."""

import re
from enum import StrEnum


class Milestone(StrEnum):
    """The normal phases of a parcel."""

    CREATED = "CREATED"
    ACCEPTED = "ACCEPTED"
    IN_TRANSIT = "IN_TRANSIT"
    AT_OUTLET = "AT_OUTLET"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    AT_PICKUP_POINT = "AT_PICKUP_POINT"
    DELIVERED = "DELIVERED"
    DELIVERY_FAILED = "DELIVERY_FAILED"
    RETURNING = "RETURNING"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    LOST = "LOST"
    UNKNOWN = "UNKNOWN"


_KINDS_BY_MILESTONE = {
    Milestone.CREATED: ("created", "pickup_pending", "pickup_failed"),
    Milestone.ACCEPTED: ("accepted",),
    Milestone.IN_TRANSIT: (
        "departed_origin_outlet", "arrived_hub", "departed_hub", "in_transit", "arrived_destination_city",
        "customs", "forwarded", "missorted", "address_changed", "intercepted",
    ),
    Milestone.AT_OUTLET: ("arrived_at_outlet", "delivery_scheduled", "redelivery_scheduled"),
    Milestone.OUT_FOR_DELIVERY: ("out_for_delivery", "retrieved_by_courier"),
    Milestone.AT_PICKUP_POINT: ("stored_at_pickup_point",),
    Milestone.DELIVERED: ("delivered",),
    Milestone.DELIVERY_FAILED: ("delivery_failed", "refused"),
    Milestone.RETURNING: ("returning",),
    Milestone.RETURNED: ("returned",),
    Milestone.CANCELLED: ("cancelled", "destroyed"),
    Milestone.LOST: ("lost",),
}  # fmt: skip

# judgements and notes (delayed, stalled, damaged, exception, unknown …) are missing: they never move a parcel
MILESTONE_OF: dict[str, str] = {
    kind: milestone.value for milestone, kinds in _KINDS_BY_MILESTONE.items() for kind in kinds
}

_ORDER = (
    "created", "pickup_pending", "pickup_failed", "accepted", "departed_origin_outlet", "arrived_hub",
    "departed_hub", "in_transit", "forwarded", "missorted", "address_changed", "intercepted", "customs",
    "arrived_destination_city", "arrived_at_outlet", "delivery_scheduled", "redelivery_scheduled",
    "out_for_delivery", "retrieved_by_courier", "delivery_failed", "refused", "stored_at_pickup_point",
    "delivered", "returning", "returned", "cancelled", "destroyed", "lost",
)  # fmt: skip
# of two events in the same millisecond the one further along the usual way counts
RANK: dict[str, int] = {kind: rank for rank, kind in enumerate(_ORDER, start=1)}

# codes that call a parcel signed although it was only put into a locker or station (domain.md 0.1, 1.1, 1.2)
PUT_NOT_TAKEN = frozenset({("kuaidi100", "304"), ("kdniao", "311")})

_SAYS_RETURNING = re.compile(
    r"(?:正在|开始|已|准备|安排|做)(?:退回|退件|返回)(?:寄件|发件|途中|中|处理|原寄|商家|发货|$|[，。,.！!])"
    r"|(?:退回|退件|返程)(?:途中|运输|在途)|退往(?:寄件|发件|商家)|退回(?:给)?(?:寄件人|发件人|商家|寄件地|发货地)"
)
_NOT_YET = re.compile(r"(?:如需|可|若|请勿|不要|拒绝|申请|是否|将|要求|取消|退回(?:失败|取消))")
# only a code that says "on its way" or nothing at all gives way to the text
_SILENT = frozenset(
    {
        "unknown", "exception", "in_transit", "departed_origin_outlet", "arrived_hub", "departed_hub",
        "arrived_destination_city", "arrived_at_outlet", "forwarded",
    }
)  # fmt: skip


def kind_with_text(kind: str, text: str) -> str:
    """`returning` where the code is silent but the text plainly says that the parcel is on its way back."""
    if "退" not in text and "返" not in text:
        return kind
    if (
        kind in _SILENT
        and (found := _SAYS_RETURNING.search(text))
        and not _NOT_YET.search(text[: found.end()])
    ):
        return "returning"
    return kind


def milestone_of_event(*, plugin: str, source_code: str, kind: str) -> str:
    """The milestone that one event moves its parcel to; '' when it does not move it."""
    if kind == "delivered" and (plugin, source_code) in PUT_NOT_TAKEN:
        return Milestone.AT_PICKUP_POINT.value
    return MILESTONE_OF.get(kind, "")
