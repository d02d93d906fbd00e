"""17TRACK's sub-statuses in our words, and the stages that single events carry."""

KIND_OF: dict[str, tuple[str, str]] = {
    "NotFound_*": ("no_info", ""),
    "InfoReceived": ("created", ""),
    "InTransit_PickedUp": ("accepted", ""),
    "InTransit_Departure": ("in_transit", "departed_origin_country"),
    "InTransit_Arrival": ("in_transit", "arrived_destination_country"),
    "InTransit_CustomsProcessing": ("customs", "processing"),
    "InTransit_CustomsReleased": ("customs", "released"),
    "InTransit_CustomsRequiringInformation": ("customs", "exception"),
    "InTransit_Other": ("in_transit", ""),
    "AvailableForPickup_Other": ("stored_at_pickup_point", ""),
    "OutForDelivery_Other": ("out_for_delivery", ""),
    "DeliveryFailure_NoBody": ("delivery_failed", "unreachable"),
    "DeliveryFailure_Rejected": ("refused", ""),
    "DeliveryFailure_InvalidAddress": ("delivery_failed", "bad_address"),
    "DeliveryFailure_Security": ("delivery_failed", "security"),
    "DeliveryFailure_Other": ("delivery_failed", ""),
    "Delivered_Other": ("delivered", "unknown"),
    "Expired_Other": ("stalled", "expired"),
    "Exception_Returning": ("returning", ""),
    "Exception_Returned": ("returned", ""),
    "Exception_Damage": ("damaged", ""),
    "Exception_Lost": ("lost", ""),
    "Exception_Delayed": ("delayed", ""),
    "Exception_Destroyed": ("destroyed", ""),
    "Exception_Cancel": ("cancelled", ""),
    "Exception_NoBody": ("pickup_overdue", ""),
    "Exception_Rejected": ("refused", ""),
    "Exception_Security": ("exception", "security"),
    "Exception_Other": ("exception", ""),
}

CODE_OF_STAGE: dict[str, str] = {
    "InfoReceived": "InfoReceived",
    "PickedUp": "InTransit_PickedUp",
    "Departure": "InTransit_Departure",
    "Arrival": "InTransit_Arrival",
    "AvailableForPickup": "AvailableForPickup_Other",
    "OutForDelivery": "OutForDelivery_Other",
    "Delivered": "Delivered_Other",
    "Returning": "Exception_Returning",
    "Returned": "Exception_Returned",
}
KIND_OF |= {stage: KIND_OF[code] for stage, code in CODE_OF_STAGE.items()}

CARRIER_OF_NAME: dict[str, str] = {
    "sfexpress": "shunfeng",
    "ytoexpress": "yuantong",
    "ztoexpress": "zhongtong",
    "stoexpress": "shentong",
    "yundaexpress": "yunda",
    "chinapost": "youzhengguonei",
    "chinaems": "ems",
}
