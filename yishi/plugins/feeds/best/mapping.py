"""Best's scan types in our words."""

KIND_OF: dict[str, tuple[str, str]] = {
    "入库/入柜": ("stored_at_pickup_point", "locker_or_station"),
    "用户提货": ("delivered", "pickup_point"),
    "代理点签收": ("delivered", "pickup_point"),
    "快递员取出包裹": ("retrieved_by_courier", ""),
    "管理员取出包裹": ("retrieved_by_courier", "admin"),
    # handed on to another carrier; little sure
    "转同行": ("forwarded", "other_carrier"),
    "客户拒收": ("refused", ""),
    "二次派件": ("redelivery_scheduled", ""),
    "货物破损": ("damaged", ""),
    "更改派送地址": ("address_changed", ""),
    "退件": ("returning", ""),
    # the plain words of every carrier, which Best has too
    "收件": ("accepted", ""),
    "发件": ("departed_hub", ""),
    "到件": ("arrived_hub", ""),
    "派件": ("out_for_delivery", ""),
    "签收": ("delivered", "unknown"),
}
