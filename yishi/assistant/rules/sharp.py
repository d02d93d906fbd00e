"""Words that settle a short line alone: 发票, 取件码, 拦截, 转人工. Cheap and sure, or silent."""

import re

# a longer line tells a story in which such a word may be beside the point
LONGEST = 14

_SHARP: tuple[tuple[str, str], ...] = (
    ("human_agent", r"转?人工|真人客服|找(?:个)?人工|人工客服|转接?客服|客服电话"),
    ("pickup_code", r"取件码|取货码|提货码|开柜码"),
    ("intercept_return", r"拦截|截回|追回快递|退回(?:寄件|发件)"),
    ("refuse", r"拒收|拒签"),
    ("invoice_or_fee", r"发票|专票|普票|开票|抬头"),
    ("compensation", r"赔偿|赔付|理赔|赔钱|赔多少|怎么赔|索赔"),
    (
        "complaint_progress",
        r"投诉(?:的)?(?:进度|结果|处理得?怎么样|怎么样了|有结果)|(?:工单|理赔).*(?:进度|结果|怎么样)",
    ),
    ("which_carrier", r"(?:什么|哪个|哪家|啥)(?:快递|物流)(?:公司)?$|发的?(?:什么|哪个|哪家)快递"),
    ("send_parcel", r"(?:我要|我想|怎么|预约)寄(?:快递|件|东西|包裹)|上门取件|预约取件|上门揽收"),
    ("damaged", r"破损|摔坏|压坏|压扁|碎了|漏液"),
    ("not_received_signed", r"(?:显示|说|写)?(?:已)?签收.{0,3}(?:没|未)(?:有)?收到|谁签收|被谁签|谁签的"),
)
_PATTERNS = tuple((intent, re.compile(pattern)) for intent, pattern in _SHARP)
# what turns such a word round, or makes it one of two things
_DOUBT = re.compile(
    r"不是|没有|没拒|别|不要|不用|怎么不|没有?用|如果|要是|退款|退货|投诉.*(?:赔|拒)|没人|机器"
)


def sharp(core: str) -> str:
    """The intent of a short core with exactly one sharp word and nothing that turns it round, else ""."""
    if len(core) > LONGEST or _DOUBT.search(core):
        return ""
    found = {intent for intent, pattern in _PATTERNS if pattern.search(core)}
    return found.pop() if len(found) == 1 else ""
