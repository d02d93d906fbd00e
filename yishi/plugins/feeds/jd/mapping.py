"""JD's categories in our words. 700 is little sure: its only source calls it 退款."""

KIND_OF: dict[str, tuple[str, str]] = {
    "100": ("created", ""),
    "390": ("pickup_pending", ""),
    "420": ("accepted", ""),
    "430": ("in_transit", ""),
    "440": ("out_for_delivery", ""),
    "510": ("delivered", "unknown"),
    "530": ("refused", ""),
    "690": ("cancelled", ""),
    "700": ("returning", ""),
}
