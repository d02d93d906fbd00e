"""What a consumer may want: the 28 intents, and which answers count as right in figures."""

OTHER = "other"

INTENTS = (
    "track_parcel", "when_arrive", "delay_complaint", "not_received_signed", "lost", "damaged",
    "wrong_item_or_short", "pickup_code", "pickup_where_when", "no_locker_preference",
    "change_address_or_time", "intercept_return", "refuse", "send_parcel", "which_carrier",
    "compensation", "attitude_complaint", "complaint_progress", "invoice_or_fee", "human_agent",
    "praise_thanks", "greeting_chitchat", "contact_courier", "service_hours", "coverage",
    "complaint_channel", "misroute", OTHER,
)  # fmt: skip

# so near to "anything else" that figures take either for the other
NEAR_OTHER = frozenset({"contact_courier", "service_hours", "coverage", "complaint_channel", "misroute"})


def is_right(said: str, *, expected: str, second: str = "") -> bool:
    """Whether an answer counts, as the contract of figures has it."""
    if said in {expected, second}:
        return True
    return (expected == OTHER and said in NEAR_OTHER) or (said == OTHER and expected in NEAR_OTHER)
