"""Cainiao's codes in our words: states of the logistics report, and what was done at a locker or station."""

# `logisticsStatus` of SmartLogisticsReport
KIND_OF: dict[str, tuple[str, str]] = {
    "WAIT": ("created", ""),
    "ACCEPT": ("pickup_pending", ""),
    "GOT": ("accepted", ""),
    "MODIFY_WEIGHT": ("weight_changed", ""),
    "TRANSPORT": ("in_transit", ""),
    "DELIVERING": ("out_for_delivery", ""),
    "SIGN": ("delivered", "unknown"),
}

_REMINDERS = frozenset({"TIMEOUT", "OVERTIME", "OVERDUE", "EXPIRE", "EXPIRED", "REMIND", "REMINDER"})
_TAKEN = frozenset({"TAKE", "TAKEN", "GET", "PICKUP", "FETCH", "OUT"})
_PUT = frozenset({"POST", "PUT", "DEPOSIT", "IN"})
_OWNERS = frozenset({"GUEST", "USER", "CONSIGNEE", "RECEIVER", "GETTER", "CUSTOMER"})
_COURIERS = frozenset({"POSTMAN", "COURIER"})


def kind_of_action(code: str) -> tuple[str, str]:
    """Kind and detail of an `action_code`: one deposit, three ways of taking out, one reminder.

    Only POSTMAN_POST stands in the public documentation. The others are read by their words, who did what;
    where these leave it open (a keeper took it out: for whom?) it stays unknown until an operator maps it.
    """
    words = frozenset(code.upper().split("_"))
    if words & _REMINDERS:
        return "pickup_overdue", ""
    if words & _PUT and not words & _TAKEN:
        return "stored_at_pickup_point", "locker_or_station"
    if words & _TAKEN and not words & _PUT:
        if words & _OWNERS:
            return "delivered", "pickup_point"
        if words & _COURIERS:
            return "retrieved_by_courier", ""
    return "unknown", ""
