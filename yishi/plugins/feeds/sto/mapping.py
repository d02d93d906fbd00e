"""STO's scan types in our words."""

KIND_OF: dict[str, tuple[str, str]] = {
    "收件": ("accepted", ""),
    "装袋": ("in_transit", "bagged"),
    "发件": ("departed_hub", ""),
    # at a hub or at an outlet: only the site's code tells
    "到件": ("arrived_hub", ""),
    "派件": ("out_for_delivery", ""),
    "驿站代收": ("stored_at_pickup_point", "station"),
    "客户签收": ("delivered", "unknown"),
    # more words of STO's own document of pushes; those that are not plain (第三方代派) stay unknown
    "签收": ("delivered", "unknown"),
    "派件入柜": ("stored_at_pickup_point", "locker"),
    "柜机代收": ("stored_at_pickup_point", "locker"),
    "第三方代收": ("stored_at_pickup_point", "agent"),
    "快件取出": ("retrieved_by_courier", ""),
    "留仓件": ("delayed", "retained_at_outlet"),
    "问题件": ("exception", ""),
    "退回件": ("returning", ""),
    "改地址件": ("address_changed", ""),
}
