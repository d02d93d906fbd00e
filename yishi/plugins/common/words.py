"""What carriers' texts plainly say, where their codes say nothing: careful, for texts are easily misread."""

import re

# anchored, for it looks through the whole text from where it begins
_STORED = re.compile(
    r"\A(?=.*(?:驿站|快递柜|智能柜|丰巢|代收点|自提|便利店|超市))"
    r"(?=.*(?:代收|存放|放入|投放|投递至|暂存|入柜|入库))",
    re.DOTALL,
)
_DEPARTED = re.compile(r"正?发往|已发出|离开|准备送往|运往")
_ARRIVED = re.compile(r"到达|已到|^到|抵达")
_SAID: tuple[tuple[re.Pattern[str], tuple[str, str]], ...] = (
    (
        re.compile(r"(?:正在|开始|安排|为您)(?:进行)?(?:派件|派送|配送)|(?:派件|派送|配送)中(?!心|转)"),
        ("out_for_delivery", ""),
    ),
    (_STORED, ("stored_at_pickup_point", "locker_or_station")),
    (re.compile(r"已(?:经)?(?:揽收|揽件|收件|收取|取件)|揽收成功"), ("accepted", "")),
    (_DEPARTED, ("in_transit", "")),
)

_HUB = re.compile(r"枢纽|分拨|转运|中转|集散|集配|分拣|处理中心")
_OUTLET = re.compile(r"营业点|营业部|营业厅|网点|服务部|服务点|分部|速运店|顺丰店|驿站|公司|站点")

_WHY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:电话|手机|号码)[^，。,]{0,6}(?:错误|有误|空号|不存在|停机)|空号"), "bad_phone"),
    (
        re.compile(
            r"无法联系|联系不上|无法接通|无人接听|未接|不在家|无人在家|无人签收|不在(?:服务|收件)?地址"
        ),
        "unreachable",
    ),
    (re.compile(r"地址[^，。,]{0,6}(?:不详|不全|错误|有误|不明|不清)"), "bad_address"),
    (re.compile(r"超(?:出)?(?:派送|服务|派件)?(?:范围|区)"), "out_of_area"),
    (re.compile(r"放假|休息|下班|不上班|未营业|停业|歇业"), "business_closed"),
    (re.compile(r"封控|管制|疫情|安检|禁止入内|保安"), "security"),
)


def kind_of_text(text: str) -> tuple[str, str]:
    """(kind, detail) that a text without a code plainly says, else unknown.

    It never makes a parcel delivered: 请准备签收 and 已签收 are a word apart, and a wrong one closes a case.
    """
    for pattern, found in _SAID:
        if pattern.search(text):
            return found
    return (arrival_of(text) or "in_transit", "") if _ARRIVED.search(text) else ("unknown", "")


def arrival_of(place: str) -> str:
    """`arrived_hub` or `arrived_at_outlet` by a place's name or a text with it; '' where neither shows.

    The place that a parcel is sent on to is not where it arrived.
    """
    here = _DEPARTED.split(place)[0]
    if _HUB.search(here):
        return "arrived_hub"
    return "arrived_at_outlet" if _OUTLET.search(here) else ""


def failure_of(text: str) -> str:
    """Why a delivery failed, as the taxonomy's detail of `delivery_failed`; '' where nothing is said."""
    return next((why for pattern, why in _WHY if pattern.search(text)), "")
