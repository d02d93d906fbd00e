"""The vocabulary of tracking: every kind of event a feed may report, as the domain's taxonomy names them."""

KINDS = frozenset(
    {
        "created", "pickup_pending", "pickup_failed", "accepted", "departed_origin_outlet", "arrived_hub",
        "departed_hub", "in_transit", "arrived_destination_city", "arrived_at_outlet", "delivery_scheduled",
        "out_for_delivery", "delivery_failed", "redelivery_scheduled", "stored_at_pickup_point",
        "retrieved_by_courier", "pickup_overdue", "delivered", "proof_available", "refused", "intercepted",
        "returning", "returned", "forwarded", "address_changed", "missorted", "damaged", "lost", "delayed",
        "stalled", "no_info", "weight_changed", "customs", "cancelled", "destroyed", "exception", "unknown",
    }
)  # fmt: skip

# details of a kind that plug-ins give (domain.md 1.11)
DETAILS: dict[str, tuple[str, ...]] = {
    "delivery_failed": (
        "unreachable", "out_of_area", "bad_address", "bad_phone", "business_closed", "security", "other",
    ),
    "stored_at_pickup_point": ("locker", "station", "agent", "sf_store", "locker_or_station"),
    "delivered": ("self", "proxy", "pickup_point", "after_exception", "cod", "unknown"),
    "customs": ("pending", "processing", "released", "exception"),
    "forwarded": ("new_address", "other_carrier"),
}  # fmt: skip

USUAL_DETAILS = frozenset({"", *(detail for details in DETAILS.values() for detail in details)})

# what an operator may say that a code means: anything but that nobody knows
MAPPABLE = KINDS - {"unknown"}

# a source's name stands in addresses and on the command line
SOURCE_CODE = r"[a-z0-9][a-z0-9-]{0,39}"

PAUSED = "PAUSED"
QUIET = "QUIET"
WELL = "WELL"
TROUBLED = "TROUBLED"


def health_of(*, is_paused: bool, quarantined: int, taken: int) -> str:
    """How a source stands over the period looked at: PAUSED, TROUBLED (something unreadable), QUIET or
    WELL."""
    if is_paused:
        return PAUSED
    if quarantined:
        return TROUBLED
    return WELL if taken else QUIET
