"""J&T's scan types in our words. 出仓 and 出库 differ by one character and mean the opposite."""

KIND_OF: dict[str, tuple[str, str]] = {
    "快件揽收": ("accepted", ""),
    "发件扫描": ("departed_hub", ""),
    # at a hub or at an outlet: only the site's code tells
    "到件扫描": ("arrived_hub", ""),
    # leaves the outlet with the courier
    "出仓扫描": ("out_for_delivery", ""),
    "入库扫描": ("stored_at_pickup_point", "station"),
    "代理点收入扫描": ("stored_at_pickup_point", "agent"),
    "快件取出扫描": ("retrieved_by_courier", ""),
    # leaves the pick-up point with its consignee
    "出库扫描": ("delivered", "pickup_point"),
    "快件签收": ("delivered", "unknown"),
    "问题件扫描": ("exception", ""),
}

# pushes may name the scan by its number in the subscription instead
WORD_OF_NUMBER: dict[str, str] = {
    "1": "快件揽收",
    "3": "发件扫描",
    "4": "到件扫描",
    "5": "出仓扫描",
    "6": "入库扫描",
    "7": "代理点收入扫描",
    "8": "快件取出扫描",
    "9": "出库扫描",
    "10": "快件签收",
    "11": "问题件扫描",
}
KIND_OF |= {number: KIND_OF[word] for number, word in WORD_OF_NUMBER.items()}
