"""What feeds call the carriers, and the one name under which parcels are kept: 快递100's."""

# by name as kept: codes of 快递鸟, Cainiao, WeChat and the carriers themselves, and what people write
_CALLED = {
    "shunfeng": "sf sfexpress sf-express 顺丰 顺丰速运 顺丰快递",
    "yuantong": "yto ytoexpress 圆通 圆通速递 圆通快递",
    "zhongtong": "zto zto-express ztoexpress 中通 中通快递 中通速递",
    "shentong": "sto stoexpress 申通 申通快递 申通速递",
    "yunda": "yd yundaex yunda-express yundaexpress 韵达 韵达快递 韵达速递",
    "jtexpress": "jtsd jt j&t jt-express jitu 极兔 极兔速递 极兔快递",
    "jd": "jdl jdkd jdwl jingdong jd-logistics 京东 京东快递 京东物流",
    "huitongkuaidi": "htky bsht best best-express baishi baishihuitong 百世 百世快递 百世汇通",
    "ems": "ems-express china-ems chinaems 邮政特快 中国邮政ems",
    "youzhengguonei": "yzpy postb china-post chinapost 邮政 中国邮政 邮政包裹",
    "debangkuaidi": "dbl dbkd debang 德邦 德邦快递",
    "tiantian": "hhtt ttkdex 天天 天天快递",
    "danniao": "cnsd dnex 丹鸟",
    "fengwang": "fwx 丰网 丰网速运",
    "youshuwuliu": "uc uce 优速 优速快递",
    "zhaijisong": "zjs 宅急送",
    "kuayue": "kysy ky-express 跨越 跨越速运",
    "annengwuliu": "ane 安能 安能物流",
}
_NAME_OF = {word: name for name, words in _CALLED.items() for word in words.split()}


def carrier_of(said: str) -> str:
    """The name under which a carrier's parcels are kept; one that nobody knows stays as it was sent, in small
    letters."""
    plain = said.strip().lower()
    return _NAME_OF.get(plain, plain)
