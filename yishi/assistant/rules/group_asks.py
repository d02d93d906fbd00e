"""What somebody in a group asks for with a few words: 催, 拦, 别放柜, 没收到. Sure words first. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from yishi.assistant.rules.category import category_of
from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.places import places_in
from yishi.assistant.rules.understood import Understanding

Understand = Callable[[str], Understanding]
SURE = 0.8
_LEAST = 0.35


class Ask(StrEnum):
    URGE = "URGE"
    INTERCEPT = "INTERCEPT"
    RETURN = "RETURN"
    WISH = "WISH"  # `value` is the kind of the wish
    RESCHEDULE = "RESCHEDULE"
    REDIRECT = "REDIRECT"
    PICKUP_CODE = "PICKUP_CODE"
    DAMAGED = "DAMAGED"
    SHORT = "SHORT"
    NOT_RECEIVED = "NOT_RECEIVED"
    LOST = "LOST"
    ATTITUDE = "ATTITUDE"
    CLAIM = "CLAIM"
    CALL = "CALL"
    TRACK = "TRACK"  # its state is the answer
    OVER = "OVER"  # 收到了, 不用催了
    OTHER = "OTHER"  # something, and the words tell what


@dataclass(frozen=True)
class Asked:
    """`words` are what it rests on; `category` is what a case about it would be called."""

    ask: Ask
    certainty: float
    words: str
    category: str = ""
    value: str = ""


_SAME_NAME = "URGE INTERCEPT RETURN RESCHEDULE REDIRECT PICKUP_CODE DAMAGED SHORT LOST ATTITUDE"
CATEGORY = {
    **{Ask(name): name for name in _SAME_NAME.split()},
    Ask.NOT_RECEIVED: "SIGNED_NOT_RECEIVED",
    Ask.CALL: "DELIVERY_SERVICE",
    Ask.WISH: "DELIVERY_SERVICE",
    Ask.TRACK: "ENQUIRY",
}

_NO = r"(?:不要|不能|不想|不可以|不许|别|勿|莫|不)"
_SURE: tuple[tuple[Ask, str], ...] = (
    (
        Ask.NOT_RECEIVED,
        r"(?:没|未|沒)(?:有)?(?:收到?|拿到|见到)(?:货|件|快递|包裹)?(?!.{0,3}(?:码|短信|电话))|虚假签收|假签收?"
        r"|(?:被)?谁签(?:收)?的?|(?:不是|非)本人签|签收.{0,8}(?:没|未)(?:有)?(?:收|拿|见)",
    ),
    (Ask.PICKUP_CODE, r"取件码|取货码|提货码|提货号|(?:没|不)(?:收到|给|有|发)码|码(?:发|没|呢)"),
    (Ask.DAMAGED, r"破损|破了|碎了?|压坏|压扁|摔坏|摔烂|漏(?:液|了|油)|烂了|变形|湿了|坏了|包装破"),
    (Ask.SHORT, r"少件|少了|漏发|空包|少一|缺件|短少|错件|发错"),
    (Ask.LOST, r"丢件|丢了|弄丢|丢失|遗失|找不(?:到|着)"),
    (Ask.RETURN, r"拒收|拒签"),
    (
        Ask.INTERCEPT,
        r"拦截|拦(?:一?下|回|住|掉|件|停)|截(?:回|下|件)|追回|召回|退回|退掉|(?:别|不要|不用|先别|暂停)(?:派|送)(?:了|送|件|$)"
        r"|停止派送|停派",
    ),
    (
        Ask.REDIRECT,
        r"改(?:一?下)?地址|改址|换(?:个|一?下)?地址|地址(?:写|填|发)?错|转寄|改派到|改送到?"
        r"|送到新地址|更改地址|修改地址",
    ),
    (Ask.CLAIM, r"理赔|赔偿|赔付|赔钱|索赔|怎么赔"),
    (Ask.ATTITUDE, r"态度(?:太|很|好|非常|极)?(?:差|恶劣|不好)|骂人|骂客户|吼|挂客户电话"),
    (
        Ask.URGE,
        r"催|加急|急件|急用|很急|着急|急需|抓紧|快点|速派|优先(?:派|送|安排)|尽快|赶紧|赶快"
        r"|(?:还|一直|怎么|都)(?:没|不|未|没有)(?:有)?(?:到|送|派|动|更新|走|出仓)|不动了|没动静|不更新|没(?:有)?更新|停滞"
        r"|卡(?:在|住)|滞留|今[天日](?:必须|一定|务必|要)(?:派|送|到)|安排(?:一?下)?(?:派|送)|(?:几|[\d一二三两四五六七])天(?:了)?(?:没|不)",
    ),
    (
        Ask.CALL,
        r"联系(?:一?下)?(?:客户|顾客|买家|收件人|他|她)|(?:给|跟)?.{0,4}回(?:个|一?下)?电话|打(?:个|一?下)电话",
    ),
    (
        Ask.TRACK,
        r"查(?:一|件|询|下|查|看|个)|查$|到哪|在哪|什么(?:时候|情况|问题|原因)|啥(?:时候|情况)|看(?:一?下|看)|怎么回事|进度"
        r"|跟进|核实|几点(?:到|派|送)|今天能(?:到|送|派)|能到吗|到(?:了)?没",
    ),
    (
        Ask.OVER,
        r"(?<![没未有])(?:收到了|拿到了|签收了|取到了|找到了)(?!吗|没|么|？|\?)|不(?:用|要|需要)(?:再)?(?:催|拦|查|管|处理)"
        r"|解决了|取消拦截|撤销拦截|别(?:催|拦)了|已经?到了",
    ),
)
_PATTERNS = tuple((ask, re.compile(pattern)) for ask, pattern in _SURE)
_BEFORE_NEGATED = re.compile(r"(?:不用|不要|不需要|无需|别|不是|没有|没|取消|不再|无)(?:再|去|给我|要)?$")
_BEFORE_DOUBT = re.compile(
    r"(?:如果|要是|万一|假如|是不是|有没有|会不会|怕|以防|是否|会|可能)[^,，。;；]{0,6}$"
)
_CALL_FIRST = re.compile(
    r"(?:派|送)(?:件|货|送)?(?:之)?前.{0,6}(?:打|联系|电话|通知)|先(?:打|联系|电话)|提前.{0,4}(?:打|联系|电话|通知)|电联"
)
_NO_PLACE = re.compile(
    rf"{_NO}(?:再|给我|要|随便|总)*(?:放|投|进|入|送|存|丢|扔|搁)?(?:到|在|进|去)?.{{0,4}}"
    r"(?:(?P<locker>柜|丰巢)|(?P<station>驿站|代收|菜鸟|自提|超市|门店))"
)
_DOOR = re.compile(r"送货上门|送上门|送上楼|送到家|上门派送|必须上门|要上门|需要上门|当面(?:签|交)")
_RESCHEDULE = re.compile(
    r"改(?:一?下)?时间|改约|改期|改天|(?:再|才|之?后|以后|晚点|过后)(?:派|送|配)|晚点(?:再)?(?:派|送)|延(?:后|迟|期)(?:派|送)"
    r"|(?:改|推|延|约|放)(?:迟|后)?到[^,，。]{0,10}(?:[天号日点周上下晚]|星期)|不在家|没人(?:在家|收)|(?:明|后)天(?:再)?(?:送|派)"
    r"|(?:以后|之后|后)(?:再)?(?:送|派)"
)
_DONE = re.compile(
    r"(?:已经?|在|正在|帮您?你?|给您?你?|马上|这就)(?:帮您?你?|给您?你?|在)?(?:催|拦截?|安排|处理|联系|登记|上报|通知|反馈|核实|跟进|查|转|派送?|送)"
    r"|(?:安排|催|拦|登记|反馈|上报|联系)(?:上|好|过|住)?了|^(?:收到|好的?|嗯+|ok|okk?|1|\+1|在的?|谢谢.{0,6}|辛苦.{0,4}|多谢|稍等|好滴|明白|了解|没问题|行|哦+)[!！。.~～]*$",
    re.IGNORECASE,
)
_STILL = re.compile(r"不用|不要|不需|别|吗|没|怎么|在哪|\?")
_FROM_INTENT = {
    "track_parcel": Ask.TRACK,
    "when_arrive": Ask.TRACK,
    "delay_complaint": Ask.URGE,
    "not_received_signed": Ask.NOT_RECEIVED,
    "lost": Ask.LOST,
    "damaged": Ask.DAMAGED,
    "wrong_item_or_short": Ask.SHORT,
    "pickup_code": Ask.PICKUP_CODE,
    "pickup_where_when": Ask.TRACK,
    "no_locker_preference": Ask.WISH,
    "change_address_or_time": Ask.RESCHEDULE,
    "intercept_return": Ask.INTERCEPT,
    "refuse": Ask.RETURN,
    "compensation": Ask.CLAIM,
    "attitude_complaint": Ask.ATTITUDE,
    "complaint_progress": Ask.TRACK,
    "contact_courier": Ask.CALL,
    **dict.fromkeys(("misroute", "complaint_channel", "human_agent"), Ask.OTHER),
}


def is_done(words: str) -> bool:
    """Whether this is an answer (已催, 收到, 好的) and asks nothing."""
    plain = folded(words)
    return _DONE.search(plain) is not None and not _STILL.search(plain)


def asks_in(words: str, understand: Understand | None = None) -> list[Asked]:
    """What these words ask for, the weightiest first; a cheap sure word, else what was understood."""
    plain = folded(words)
    found = _wishes(words, plain)
    found += [asked for ask, pattern in _PATTERNS if (asked := _sure(ask, pattern, words, plain)) is not None]
    found = _apart(found)
    if found and any(one.certainty >= _LEAST for one in found):
        return found
    return _understood(words, understand) if understand is not None and len(plain) >= 2 else found


def _sure(ask: Ask, pattern: re.Pattern[str], words: str, plain: str) -> Asked | None:
    for found in pattern.finditer(plain):
        before = plain[max(0, found.start() - 10) : found.start()]
        if ask not in (Ask.OVER, Ask.NOT_RECEIVED) and _BEFORE_NEGATED.search(before):
            continue
        doubtful = ask is not Ask.TRACK and _BEFORE_DOUBT.search(before)
        certainty = 0.5 if doubtful else 0.9 if ask in (Ask.TRACK, Ask.CALL) else 0.95
        return Asked(
            ask, certainty, words[found.start() : found.end()], CATEGORY.get(ask) or _category(words)
        )
    return None


def _wishes(words: str, plain: str) -> list[Asked]:
    found: dict[str, Asked] = {}

    def add(kind: str, span: tuple[int, int]) -> None:
        said = words[span[0] : span[1]]
        found.setdefault(kind, Asked(Ask.WISH, 0.95, said, CATEGORY[Ask.WISH], kind))

    for place in _NO_PLACE.finditer(plain):
        add("NO_LOCKER" if place["locker"] else "NO_STATION", place.span())
    for wish in places_in(plain):
        kind = {"LOCKER": "NO_LOCKER", "STATION": "NO_STATION"} if wish.is_refused else _PLACES
        if wish.place in kind:
            add(kind[wish.place], wish.span)
    if door := _DOOR.search(plain):
        add("DOOR", door.span())
    if call := _CALL_FIRST.search(plain):
        add("CALL_FIRST", call.span())
    asked = list(found.values())
    if moved := _RESCHEDULE.search(plain):
        said = words[moved.start() : moved.end()]
        asked.append(Asked(Ask.RESCHEDULE, 0.9, said, CATEGORY[Ask.RESCHEDULE]))
    return asked


_PLACES = {"GUARD": "GUARD", "NEIGHBOUR": "NEIGHBOUR", "DOOR": "DOOR"}


def _apart(found: list[Asked]) -> list[Asked]:
    """What one word settles the other does not say again: 没收到 is no urging, 收到了 ends it."""
    asks = {one.ask for one in found}
    drop: set[Ask] = set()
    if asks - {Ask.TRACK, Ask.CALL}:
        drop.add(Ask.TRACK)
    if {Ask.NOT_RECEIVED, Ask.LOST} & asks:
        drop.add(Ask.OVER)
    if Ask.OVER in asks and not drop & {Ask.OVER}:
        drop |= {Ask.URGE, Ask.INTERCEPT, Ask.TRACK}
    if Ask.RESCHEDULE in asks or Ask.REDIRECT in asks:
        drop |= {Ask.URGE} if not any(one.ask is Ask.URGE and "催" in one.words for one in found) else set()
    if Ask.RESCHEDULE in asks:
        # 明天再送 stops nothing for good
        stops = [one for one in found if one.ask is Ask.INTERCEPT]
        drop |= {Ask.INTERCEPT} if stops and not re.search("[拦截退追召]", stops[0].words) else set()
    if Ask.CALL in asks and any(one.value == "CALL_FIRST" for one in found):
        drop.add(Ask.CALL)
    if Ask.RETURN in asks:
        drop.add(Ask.NOT_RECEIVED)
    return [one for one in found if one.ask not in drop]


def _understood(words: str, understand: Understand) -> list[Asked]:
    understood = understand(words)
    found = []
    for guess in understood.intents:
        ask = _FROM_INTENT.get(guess.intent)
        if ask is None or guess.confidence < _LEAST:
            continue
        value = "NO_LOCKER" if ask is Ask.WISH else ""
        certainty = guess.confidence if understood.is_sure else min(guess.confidence, 0.5)
        category = CATEGORY.get(ask) or _category(words)
        # what no word of the table says is never done unseen
        found.append(Asked(ask, round(min(certainty, 0.79), 2), words[:60], category, value))
    return found


def _category(words: str) -> str:
    return category_of(words).category
