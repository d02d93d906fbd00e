"""ZTO's scan types in our words: Chinese words, and two English ones from its pick-up points."""

KIND_OF: dict[str, tuple[str, str]] = {
    "收件": ("accepted", ""),
    "发件": ("departed_hub", ""),
    # at a hub or at an outlet: only the site's code tells
    "到件": ("arrived_hub", ""),
    "派件": ("out_for_delivery", ""),
    "签收": ("delivered", "unknown"),
    "第三方签收": ("delivered", "pickup_point"),
    # came to a pick-up point; not an arrival at a hub
    "ARRIVAL": ("stored_at_pickup_point", "station"),
    "SIGNED": ("delivered", "pickup_point"),
    "问题件": ("exception", ""),
    "退件": ("returning", ""),
    "退件签收": ("returned", ""),
}
