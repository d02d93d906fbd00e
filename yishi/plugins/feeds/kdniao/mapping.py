"""快递鸟's states in our words: (kind, detail) by `Action` or `StateEx`."""

KIND_OF: dict[str, tuple[str, str]] = {
    "0": ("no_info", ""),
    "10": ("pickup_pending", ""),
    "1": ("accepted", ""),
    "2": ("in_transit", ""),
    "206": ("departed_origin_outlet", ""),
    "204": ("arrived_hub", ""),
    "201": ("arrived_destination_city", ""),
    "205": ("arrived_at_outlet", ""),
    "202": ("out_for_delivery", ""),
    "211": ("stored_at_pickup_point", "locker_or_station"),
    "3": ("delivered", "unknown"),
    "301": ("delivered", "self"),
    "302": ("delivered", "after_exception"),
    "304": ("delivered", "proxy"),
    "311": ("delivered", "pickup_point"),
    "5": ("forwarded", "new_address"),
    "4": ("exception", ""),
    "401": ("no_info", "shipped_without_scan"),
    "402": ("delayed", "not_signed_36h"),
    "403": ("stalled", "5d"),
    "404": ("refused", "return_follows"),
    "405": ("delivery_failed", ""),
    "406": ("returned", ""),
    "407": ("returning", "not_signed"),
    "412": ("pickup_overdue", "18h"),
    "413": ("intercepted", ""),
    "414": ("damaged", ""),
    "415": ("cancelled", "by_sender"),
    "416": ("delivery_failed", "unreachable"),
    "417": ("delayed", "carrier"),
    "418": ("retrieved_by_courier", ""),
    "419": ("redelivery_scheduled", ""),
    "420": ("delivery_failed", "bad_address"),
    "421": ("delivery_failed", "bad_phone"),
    "422": ("missorted", ""),
    "423": ("delivery_failed", "out_of_area"),
    "6": ("customs", "unspecified"),
    "601": ("customs", "pending"),
    "602": ("customs", "processing"),
    "603": ("customs", "released"),
    "604": ("customs", "exception"),
}

# kinds of a parcel that is with the outlet or station that delivers: what is said of those is said of these
AT_THE_END = frozenset(
    {
        "arrived_at_outlet", "out_for_delivery", "delivery_failed", "refused", "stored_at_pickup_point",
        "retrieved_by_courier", "pickup_overdue", "redelivery_scheduled", "delivered",
    }
)  # fmt: skip
