"""AfterShip's subtags in our words. Tags and subtags are open: others are `unknown`, never refused."""

KIND_OF: dict[str, tuple[str, str]] = {
    "Pending_*": ("no_info", ""),
    "InfoReceived_001": ("created", ""),
    "InTransit_002": ("accepted", ""),
    "InTransit_003": ("arrived_hub", ""),
    "InTransit_007": ("departed_hub", ""),
    "InTransit_001": ("in_transit", ""),
    "InTransit_004": ("in_transit", "arrived_destination_country"),
    "InTransit_006": ("customs", "processing"),
    "InTransit_005": ("customs", "released"),
    "InTransit_008": ("in_transit", "exception_cleared"),
    "InTransit_009": ("forwarded", "new_address"),
    "OutForDelivery_001": ("out_for_delivery", ""),
    "OutForDelivery_003": ("delivery_scheduled", "contacted"),
    "OutForDelivery_004": ("delivery_scheduled", "appointment"),
    "AvailableForPickup_001": ("stored_at_pickup_point", ""),
    "AttemptFail_001": ("delivery_failed", ""),
    "AttemptFail_002": ("delivery_failed", "unreachable"),
    "AttemptFail_003": ("delivery_failed", "business_closed"),
    "Delivered_001": ("delivered", "unknown"),
    "Delivered_002": ("delivered", "pickup_point"),
    "Delivered_003": ("delivered", "self"),
    "Delivered_004": ("delivered", "cod"),
    "Exception_003": ("refused", ""),
    "Exception_004": ("customs", "exception"),
    "Exception_007": ("delivery_failed", "bad_address"),
    "Exception_008": ("pickup_overdue", ""),
    "Exception_010": ("returning", ""),
    "Exception_011": ("returned", ""),
    "Exception_012": ("damaged", ""),
    "Exception_013": ("lost", ""),
    "Expired_001": ("stalled", "30d"),
}

# a tag without a subtag means what the general subtag (001) of that tag means
KIND_OF |= {code[:-4]: kind for code, kind in KIND_OF.items() if code.endswith("_001")}
