"""The words of files: what columns are called in Chinese and English, and what their states mean."""

from yishi.plugins.common.states import KIND_WORDS as KIND_WORDS

EVENT_COLUMNS: dict[str, tuple[str, ...]] = {
    "waybill_no": ("waybill_no", "waybill", "tracking_no", "tracking_number", "运单号", "快递单号",
                   "物流单号", "单号", "运单编号", "面单号", "运单号码"),
    "carrier": ("carrier", "快递公司", "物流公司", "承运商", "品牌", "快递品牌"),
    "kind": ("kind", "status", "event", "状态", "物流状态", "轨迹类型", "扫描类型", "操作类型", "事件"),
    "detail": ("detail", "明细", "细分状态"),
    "happened_at": ("happened_at", "time", "event_time", "scan_time", "发生时间", "扫描时间", "操作时间",
                    "时间", "轨迹时间"),
    "city": ("city", "城市", "所在城市", "地点"),
    "outlet": ("outlet", "outlet_code", "site", "网点", "网点编码", "网点代码", "扫描网点", "操作网点"),
    "courier": ("courier", "courier_no", "快递员", "快递员编号", "业务员", "派件员", "工号"),
    "text": ("text", "description", "remark", "轨迹内容", "描述", "内容", "物流信息", "轨迹描述"),
    "source_code": ("source_code", "code", "原始代码", "状态码", "状态代码"),
    "signed_by": ("signed_by", "签收人"),
}  # fmt: skip

SHIPMENT_COLUMNS: dict[str, tuple[str, ...]] = {
    "waybill_no": EVENT_COLUMNS["waybill_no"],
    "carrier": EVENT_COLUMNS["carrier"],
    "product": ("product", "产品", "产品类型", "时效产品"),
    "merchant": ("merchant", "商家", "客户编码", "商家编码"),
    "shipper.name": ("shipper_name", "寄件人", "寄件人姓名", "发件人"),
    "shipper.phone": ("shipper_phone", "寄件人电话", "寄件人手机", "寄件电话"),
    "shipper.address": ("shipper_address", "寄件地址", "寄件人地址"),
    "consignee.name": ("consignee_name", "收件人", "收件人姓名", "收货人"),
    "consignee.phone": ("consignee_phone", "收件人电话", "收件人手机", "收件电话", "收货人电话"),
    "consignee.address": ("consignee_address", "收件地址", "收件人地址", "收货地址"),
    "consignee.email": ("consignee_email", "收件人邮箱"),
    "goods": ("goods", "物品", "内件", "内件品名", "托寄物"),
    "platform": ("platform", "平台", "订单来源"),
    "promised_at": ("promised_at", "承诺送达", "承诺时间", "应签收时间", "承诺送达时间"),
    "origin_outlet": ("origin_outlet", "寄件网点", "揽收网点"),
    "destination_outlet": ("destination_outlet", "派件网点", "目的网点"),
    "freight_fen": ("freight_fen", "运费分"),
    "declared_value_fen": ("declared_value_fen", "声明价值分"),
    "cash_on_delivery_fen": ("cash_on_delivery_fen", "代收货款分"),
}  # fmt: skip

# a column that only one of the two kinds of file has
ONLY_EVENTS = frozenset({"kind", "happened_at"})
