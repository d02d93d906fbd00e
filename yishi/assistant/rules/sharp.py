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
    # about whom and for what; where to complain is another question
    (
        "attitude_complaint",
        r"投诉(?!.*(?:电话|哪|怎么|渠道|途径|结果|进度|找谁|几))"
        r".{0,6}(?:快递员|派件员|派送员|配送员|小哥|师傅|客服|驿站|站点|[他她]).{0,6}(?:态度|骂|凶|吼|侮辱|威胁)",
    ),
    ("send_parcel", r"(?:我要|我想|怎么|预约)寄(?:快递|件|东西|包裹)|上门取件|预约取件|上门揽收"),
    ("damaged", r"破损|摔坏|压坏|压扁|碎了|漏液"),
    # somebody is to ring him; 让他回电话他不回 is a complaint
    (
        "contact_courier",
        r"^(?:帮我|能不能|能否|可以)?(?:让|叫|请|喊|通知)(?!.*(?:没|不[回接打来]|负责人|领导|经理|主管|老板)).*(?:回|打)(?:个|一个|一下)?电(?:话)?",
    ),
    ("not_received_signed", r"(?:显示|说|写)?(?:已)?签收.{0,3}(?:没|未)(?:有)?收到|谁签收|被谁签|谁签的"),
)
_PATTERNS = tuple((intent, re.compile(pattern)) for intent, pattern in _SHARP)
# what turns such a word round, or makes it one of two things
_DOUBT = re.compile(
    r"不是|没有|没拒|别|不要|不用|怎么不|没有?用|如果|要是|退款|退货|投诉.*(?:赔|拒)|没人|机器"
)


# whether we deliver there, of a line that names a place and nothing of a parcel of his
_THERE = re.compile(
    r"(?:能不能|能否|可不可以|可以|能|会).{0,2}(?:送|派|寄|发|到).{0,3}\[地址x\]"
    r"|\[地址x\].{0,3}(?:能不能|能否|可不可以|可以|能|送不送|派不派|送得到|在.{0,4}范围)"
)
_OF_HIS = re.compile(
    r"改|换|我的|帮|给我|[这那]个|[这那]件|快递|包裹|[取收寄]件|单号|[今明后]天|点|时|放|退|错"
)
_LONGEST_QUESTION = 30


def asks_for_place(line: str) -> bool:
    """Whether a normalised line asks if an address is served at all."""
    is_short = len(line) <= _LONGEST_QUESTION
    return is_short and bool(_THERE.search(line)) and not _OF_HIS.search(line)


_SOUNDS = re.compile(r"(?:叽里|[啊吧呜啦嘿哈哼哦嗯呃咕噜叽哇呀呐嘛嗷咯喔嗨呵嘻嘎吱喵汪嘟噼啪]){3,}")


def is_noise(core: str) -> bool:
    """Mere sounds: whatever weights make of them is no understanding."""
    return _SOUNDS.fullmatch(core) is not None


def sharp(core: str) -> str:
    """The intent of a short core with exactly one sharp word and nothing that turns it round, else ""."""
    if len(core) > LONGEST or _DOUBT.search(core):
        return ""
    found = {intent for intent, pattern in _PATTERNS if pattern.search(core)}
    return found.pop() if len(found) == 1 else ""
