"""WeChat's codes in our words: its waybill states, its path actions and its kinds of complaint, and the plain
words of a text that a code contradicts."""

import re

# `ewaybill_push_path`, by `status`; 9 says only that the locker was opened
STATE: dict[str, tuple[str, str]] = {
    "0": ("pickup_pending", ""),
    "1": ("accepted", ""),
    "2": ("in_transit", ""),
    "3": ("out_for_delivery", ""),
    "4": ("stored_at_pickup_point", "locker"),
    "5": ("delivered", "unknown"),
    "6": ("returning", ""),
    "7": ("forwarded", "new_address"),
    "8": ("exception", ""),
    "9": ("retrieved_by_courier", "ambiguous"),
    "99": ("unknown", ""),
}

# `add_express_path`, by `ActionType`
ACTION: dict[str, tuple[str, str]] = {
    "100001": ("accepted", ""),
    "100002": ("pickup_failed", ""),
    "100003": ("pickup_pending", "courier_assigned"),
    "200001": ("in_transit", ""),
    "300002": ("out_for_delivery", ""),
    "300003": ("delivered", "unknown"),
    "300004": ("delivery_failed", ""),
    "400001": ("cancelled", ""),
    "400002": ("delayed", ""),
}

# `waybill_complaint`, by `ComplainType`
CATEGORY: dict[str, str] = {
    "1004": "DELAY",
    "1005": "LOST",
    "1006": "DAMAGED",
    "1007": "ATTITUDE",
    "1008": "OTHER",
}

# the documentation's own sample says state 1 and "您的快件已签收"
_EARLIER = frozenset({"pickup_pending", "accepted", "in_transit", "out_for_delivery", "exception", "unknown"})
_SIGNED = re.compile(r"(?<![未没待])(?:已(?:被|由|经)?[^，。,.未没待请等拒]{0,12}签收|签收成功)(?!失败|异常)")
_TAKEN_OUT = re.compile(r"(?:收件人|取件人|用户|客户|本人|您|凭取件码)[^，。,.]{0,12}(?:取出|取走|取件|签收)")


def kind_of_state(code: str, text: str) -> tuple[str, str]:
    """Kind and detail of a waybill state; where the text plainly says more than the code, the text counts."""
    kind, detail = STATE.get(code, ("unknown", ""))
    if kind in _EARLIER and _SIGNED.search(text):
        return "delivered", "unknown"
    if code == "9" and "快递员" not in text and _TAKEN_OUT.search(text):
        return "delivered", "pickup_point"
    return kind, detail


def kind_of_action(code: str, text: str) -> tuple[str, str]:
    """The same of a path action."""
    kind, detail = ACTION.get(code, ("unknown", ""))
    if kind in _EARLIER and _SIGNED.search(text):
        return "delivered", "unknown"
    return kind, detail
