"""SF's operation codes in our words: (kind, detail) by `opCode`, and what its remark adds to open codes."""

import re

from yishi.plugins.common.words import arrival_of, failure_of, kind_of_text

KIND_OF: dict[str, tuple[str, str]] = {
    "50": ("accepted", ""),
    "54": ("accepted", ""),
    "30": ("departed_hub", "loading"),
    # "arrived" at a hub or at an outlet: the remark may say, else the site's code against our outlets
    "31": ("arrived_hub", ""),
    "36": ("in_transit", "departed"),
    "3036": ("in_transit", ""),
    "407": ("in_transit", ""),
    "501": ("in_transit", ""),
    # documented as out for delivery; in real traces often only the choice of a courier, 204 being the start
    "44": ("out_for_delivery", ""),
    "204": ("out_for_delivery", ""),
    "123": ("in_transit", "to_store"),
    "130": ("stored_at_pickup_point", "sf_store"),
    "607": ("stored_at_pickup_point", "agent"),
    "80": ("delivered", "unknown"),
    "8000": ("proof_available", ""),
    "33": ("delivery_failed", ""),
    "70": ("delivery_failed", ""),
    "99": ("forwarded", "customer_request"),
    "648": ("returning", ""),
}

_ASSIGNING = re.compile(r"分配|指派|安排(?!派)[^，。,]{0,4}快递员|派单")


def meaning(code: str, text: str) -> tuple[str, str]:
    """(kind, detail) of an operation code and its remark; the remark alone where there is no code."""
    if not code:
        return kind_of_text(text)
    kind, detail = KIND_OF.get(code, ("unknown", ""))
    if code == "31":
        return arrival_of(text) or kind, detail
    if code == "44" and _ASSIGNING.search(text):
        return "delivery_scheduled", "assigning"
    if code == "648":
        return ("forwarded", "new_address") if "转寄" in text and "退" not in text else (kind, detail)
    return kind, detail or (failure_of(text) if kind == "delivery_failed" else "")
