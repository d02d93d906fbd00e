"""How urgent a message is, and why: 药, 生鲜, 考试, 机票, 手术, 婚礼, with the moment it names. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.times import Tense, TimeSaid, times_in

SOON = timedelta(hours=72)


class Level(IntEnum):
    """HURRY: 尽快. NEED: a hurry, and a reason or a near moment. NEED_SOON: a reason and a near moment."""

    NONE = 0
    HURRY = 1
    NEED = 2
    NEED_SOON = 3


class Reason(StrEnum):
    MEDICINE = "MEDICINE"
    SURGERY = "SURGERY"
    FRESH = "FRESH"
    EXAM = "EXAM"
    TRAVEL = "TRAVEL"
    WEDDING = "WEDDING"
    FUNERAL = "FUNERAL"
    PAPERS = "PAPERS"


@dataclass(frozen=True)
class Urgency:
    """`words` with their places; `when` is the nearest moment named that lies ahead."""

    level: Level
    reasons: tuple[Reason, ...]
    words: tuple[tuple[str, tuple[int, int]], ...]
    when: TimeSaid | None


_REASONS = {
    Reason.MEDICINE: r"救命药|药品?(?!店|房|水|都|膏店|大|学院|科)|胰岛素|疫苗|试剂|透析|血袋|奶粉断|断药"
    r"|断粮|氧气|急救|吸入剂|处方",
    Reason.SURGERY: r"手术|住院|开刀|抢救|化疗|病危|病人等|出院|产检|待产",
    Reason.FRESH: r"生鲜|海鲜|大闸蟹|螃蟹|活[鱼虾蟹体物]|鲜[花奶肉果]|蛋糕|冰[袋块鲜激]|冷[链冻]|母乳|水果"
    r"|草莓|荔枝|樱桃|杨梅|车厘子|桃子|会坏|要坏|易坏|会烂|要化|化了|变质|小动物|宠物活",
    Reason.EXAM: r"考试|准考证|高考|中考|考研|公考|答辩|面试|开学|比赛|演出|开庭",
    Reason.TRAVEL: r"机票|登机|火车票|护照|签证|出国|赶飞机|赶火车|航班|港澳通行证|出境|旅游出发",
    Reason.WEDDING: r"婚礼|结婚|请柬|婚纱|订婚|喜糖|伴娘|敬酒服",
    Reason.FUNERAL: r"葬礼|追悼会|出殡|丧事|奔丧|骨灰|头七",
    Reason.PAPERS: r"标书|投标|开标|合同原件|签合同|公章|营业执照|身份证原件|报到证|档案|录取通知书|房产证",
}
_ANY = re.compile("|".join(f"(?P<{reason.value}>{words})" for reason, words in _REASONS.items()))
_HURRY = re.compile(
    r"十万火急|火急|加急|特急|紧急|着急|很急(?!躁)|急[需用着等]|比较急|急急|好急|急死|等着[用要]|等用"
    r"|赶时间|来不及|误事|耽误|尽快|赶紧|赶快|马上要|务必|必须.{0,4}(?:到|送)"
    r"|(?<![不别着焦])急(?![诊救忙性躁])"
)
_CALM = re.compile(r"(?:不|别|不用|不要|没那么|不太|不是很)(?:着急|急|赶)|慢慢来|不耽误")


def urgency_in(text: str, *, at: datetime, zone: str) -> Urgency:
    """The urgency of a message at a moment; 不急 takes back a hurry, never a reason with a near moment."""
    plain = _CALM.sub(lambda found: "\ue000" * len(found[0]), folded(text[:2_000]))
    needs = [(Reason(found.lastgroup or ""), found.span()) for found in _ANY.finditer(plain)]
    hurries = [found.span() for found in _HURRY.finditer(plain)]
    when = _nearest(times_in(text, at=at, zone=zone)) if needs or hurries else None
    is_near = (
        when is not None and when.start is not None and min(when.start, when.end or when.start) <= at + SOON
    )
    is_calm = "\ue000" in plain and not hurries
    if needs:
        level = (
            Level.NEED_SOON if is_near else Level.NONE if is_calm else Level.NEED if hurries else Level.HURRY
        )
    elif hurries:
        level = Level.NEED if is_near else Level.HURRY
    else:
        level = Level.NONE
    spans = sorted([*(span for _, span in needs), *hurries])
    words = tuple((text[begin:end], (begin, end)) for begin, end in spans)
    return Urgency(level, tuple(dict.fromkeys(reason for reason, _ in needs)), words, when)


def _nearest(said: list[TimeSaid]) -> TimeSaid | None:
    ahead = [each for each in said if each.tense is Tense.FUTURE and each.fault is None and each.start]
    return min(ahead, key=lambda each: str(each.end or each.start), default=None)
