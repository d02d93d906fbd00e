"""Yunda's actions in our words: (kind, detail) by `action`, and what a text adds to an open one."""

from yishi.plugins.common.words import arrival_of, failure_of, kind_of_text

KIND_OF: dict[str, tuple[str, str]] = {
    "ACCEPT": ("accepted", ""),
    "GOT": ("accepted", ""),
    "ARRIVAL": ("arrived_hub", ""),
    "DEPARTURE": ("departed_hub", ""),
    "SENT": ("out_for_delivery", ""),
    "INBOUND": ("stored_at_pickup_point", "station"),
    # the courier took it out of the station again: by no means a signature, whatever other readers say
    "OUTBOUND": ("retrieved_by_courier", ""),
    "SIGNED": ("delivered", "unknown"),
    "SIGNFAIL": ("delivery_failed", ""),
    "RETURN": ("returning", ""),
    "ISSUE": ("exception", ""),
    "REJECTION": ("refused", ""),
    "TRANSFER": ("forwarded", "other_carrier"),
    "OVERSEA_IN": ("in_transit", "oversea"),
    "OVERSEA_OUT": ("in_transit", "oversea"),
    "OVERSEA_ARRIVAL": ("in_transit", "linehaul"),
    "OVERSEA_DEPARTURE": ("in_transit", "linehaul"),
    "CLEARANCE_START": ("customs", "processing"),
    "CLEARANCE_FINISH": ("customs", "released"),
    "CLEARANCE_FAIL": ("customs", "exception"),
    "OTHER": ("unknown", ""),
}


def meaning(code: str, text: str) -> tuple[str, str]:
    """(kind, detail) of an action; its text decides where there is none, or none that says what happened."""
    if code in ("", "OTHER"):
        return kind_of_text(text)
    kind, detail = KIND_OF.get(code, ("unknown", ""))
    if kind == "arrived_hub":
        return arrival_of(text) or kind, detail
    return kind, detail or (failure_of(text) if kind == "delivery_failed" else "")
