"""What an agent's draft had better not say, or forgets to: remarks with their place and a plain reason. Pure.

Help, never a bar: the agent sends what he thinks right.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.slots import Kind, slots_in
from yishi.assistant.rules.times import Tense, TimeSaid, times_in

SMS_SIGNS = 70
"""Signs of one short message in Chinese; a longer one is sent, and paid, in parts of 67."""
LONGEST_TEXT = 4_000


class Remark(StrEnum):
    BLAMING = "BLAMING"
    IMPERATIVE = "IMPERATIVE"
    PROMISE = "PROMISE"
    PERSONAL_DATA = "PERSONAL_DATA"
    EMPTY_PHRASE = "EMPTY_PHRASE"
    INTERNAL_WORD = "INTERNAL_WORD"
    TOO_LONG = "TOO_LONG"
    NO_ANSWER = "NO_ANSWER"
    NO_NEXT_TIME = "NO_NEXT_TIME"


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogue of translations; rules do not know Django, the page translates."""
    return text


REASONS: dict[Remark, str] = {
    Remark.BLAMING: gettext_noop("听起来像在责怪对方：改说发生了什么、我们怎么办"),
    Remark.IMPERATIVE: gettext_noop("语气像命令：改用“请您…”“可以…吗”，或由我们来做"),
    Remark.PROMISE: gettext_noop("记录里没有这个承诺：改说预计时间和依据，或约定下次回复时间"),
    Remark.PERSONAL_DATA: gettext_noop("含个人信息：确认对方身份前不要写出，或只写尾号"),
    Remark.EMPTY_PHRASE: gettext_noop("套话：换成已经做了什么、接下来做什么"),
    Remark.INTERNAL_WORD: gettext_noop("内部用语：客户看不懂，换成平常话"),
    Remark.TOO_LONG: gettext_noop("超过一条短信的 70 个字：会拆成多条发送"),
    Remark.NO_ANSWER: gettext_noop("没有回答客户问的问题"),
    Remark.NO_NEXT_TIME: gettext_noop("说了会去办，没有说什么时候再回复"),
}


@dataclass(frozen=True)
class ToneRemark:
    """A remark on `words` at `span`; what is missing or too long concerns the whole draft."""

    kind: Remark
    words: str
    span: tuple[int, int]

    @property
    def reason(self) -> str:
        """Why, as a Chinese msgid."""
        return REASONS[self.kind]


_YOU = r"(?:你们?|您)"
_PATTERNS: list[tuple[Remark, re.Pattern[str]]] = [
    (Remark.BLAMING, re.compile(
        rf"{_YOU}自己(?:没|不|填|写|要|选|的(?:问题|责任|原因|错))|(?:是|都是){_YOU}的?(?:问题|责任|错"
        rf"|原因)|怪{_YOU}|谁让{_YOU}"
        rf"|{_YOU}(?:怎么|为什么|干嘛)(?:不|没|现在才|早不)|早干(?:嘛|什么)|{_YOU}没(?:看清?|注意|听清"
        rf"|说清)|{_YOU}(?:又)?不接电话|{_YOU}误会"
        rf"|(?:不是|不关|非)我们的?(?:问题|责任|事|错)|(?:跟|和|与)我们(?:没|无)(?:有)?关|我们没有?责任"
        rf"|{_YOU}搞错|{_YOU}应该早"
    )),
    (Remark.IMPERATIVE, re.compile(
        rf"{_YOU}(?:必须|得|给我|只能)|自己去|自己来?(?:看|查|找|联系|想办法|处理|拿|取(?!件码)|问)(?!了)"
        rf"|(?<!让您)等着|别催|不要再?催|不要再?(?:问|打电话|来电)|别再"
        r"|赶紧(?:去|把|来)|听着|少(?:废话|来)|立即提供|马上提供|不然就|否则(?:后果|不予|我们不)|爱(?:要"
        r"|取|等)不"
    )),
    (Remark.EMPTY_PHRASE, re.compile(
        r"(?:由此)?(?:给|对)您(?:带来|造成)(?:的)?(?:诸多)?不便[^.!?;\n]{0,12}?(?:谅解|见谅|歉意|抱歉)"
        r"|敬请谅解|敬请理解|感谢您的?理解(?:与|和)支持|您的心情我们?(?:非常|十分|完全)?(?:能)?理解"
        r"|(?:我们)?会?尽快(?:为您)?(?:处理|核实|解决)|已(?:经)?(?:帮您)?反馈(?:给)?(?:到)?相关(?:部门"
        r"|人员)|稍安勿躁|请?(?:您)?耐心等待|祝您生活愉快|高度重视|正在核实中|亲亲|么么哒"
    )),
    (Remark.INTERNAL_WORD, re.compile(
        r"仲裁(?!委)|定责|虚签|双签|问题件|滞留件|有单无件|派签率|考核(?!期)|客诉|网点责任|进港|出港"
        r"|一频次|积压倍数|留仓|签收率|二次进线|首问"
    )),
]  # fmt: skip
_SURE = re.compile(
    r"(?:一定|保证|肯定|绝对|百分之?百|100%|必定|包您|我担保|放心[,]?)[^,.;!?\n]{0,12}?(?:到|送|派|解决"
    r"|处理好|赔|退|找到|找回|没问题|不会)"
)
_NOT_SURE = re.compile(r"(?:不能|无法|不敢|没法|没有办法|未必|不)(?:向您)?$")
_FIRM = re.compile(r"(?:会|能|可以|就)?(?:送到|送达|派送|派件|到达|到货|解决|赔付|到账|退款|签收|收到)")
_HEDGED = re.compile(
    r"预计|大概|大约|争取|尽量|可能|通常|一般|系统显示|记录显示|计划|根据|如果|吗|了|不能|无法|没法|不会"
)
_CLAUSE = re.compile(r"[^,.;!?\n]+")
_ID_CARD = re.compile(r"(?<!\d)\d{17}[\dx](?![\da-z])")
_WILL = re.compile(
    r"(?:会|将|正在|马上|稍后|在|帮您|为您|给您)[^,.;!?\n]{0,8}?(?:处理|核实|回复|回电|联系"
    r"|跟进|反馈|查|催|落实|安排|确认)"
)
_QUESTIONS: list[tuple[re.Pattern[str], re.Pattern[str]]] = [
    (re.compile(r"什么时候|啥时候|几点|多久|哪天|几天|何时"),
     re.compile(r"今[天晚日]|明[天早晚日]|后天|昨[天日]|[上下]午|晚上|\d\s?[点时号日天]"
                r"|[一二两三四五六七八九十]\s?[点号日天]|周|月|小时|分钟|时间.{0,4}(?:没有|不能)")),
    (re.compile(r"在哪|到哪|哪里|什么地方|哪个(?:驿站|网点)"),
     re.compile(r"[在到从于往].{1,16}|驿站|网点|柜|门口|路上|中转|分拨|没有|未")),
    (re.compile(r"多少钱|怎么赔|赔多少|赔偿|费用"), re.compile(r"元|块|免费|不收|赔|费")),
    (re.compile(r"为什么|为啥|怎么回事|什么原因"), re.compile(r"因|由于|原因|是.{0,10}(?:造成|导致)|查到"
        r"|情况|误|漏|错|爆仓|天气")),
    (re.compile(r"(?:电话|号码)(?:是)?(?:多少|给我|发我)"), re.compile(r"\d{5,}|电话|转接|联系")),
    (re.compile(r"取件码"), re.compile(r"取件码|短信|\d")),
]  # fmt: skip


def remarks_on(
    draft: str,
    *,
    at: datetime,
    zone: str,
    asked: str = "",
    is_sms: bool = False,
    promised_at: datetime | None = None,
    may_name: Collection[str] = (),
) -> list[ToneRemark]:
    """The remarks on a draft, in the order of their places, those on the whole last.

    `asked` is what the customer wrote last. `promised_at` is the record's own promise: a time not before it
    may be said. `may_name` are values that this reader may be told (his own pickup code,
    the outlet's number).
    """
    draft = draft[:LONGEST_TEXT]
    plain = folded(draft)
    times = times_in(draft, at=at, zone=zone)
    found = [
        ToneRemark(kind, draft[each.start() : each.end()], each.span())
        for kind, pattern in _PATTERNS
        for each in pattern.finditer(plain)
    ]
    found += _promises(draft, plain, times, promised_at)
    found += _personal(draft, plain, may_name)
    whole = [
        (Remark.TOO_LONG, is_sms and len(draft) > SMS_SIGNS),
        (Remark.NO_ANSWER, _leaves_open(plain, folded(asked[:LONGEST_TEXT]))),
        (Remark.NO_NEXT_TIME, _WILL.search(plain) is not None and not _says_when(times)),
    ]
    found.sort(key=lambda remark: remark.span)
    return found + [ToneRemark(kind, "", (0, len(draft))) for kind, is_so in whole if is_so and draft.strip()]


def _says_when(times: list[TimeSaid]) -> bool:
    """稍后 is no time."""
    return any(said.tense is Tense.FUTURE and said.certainty > 0.5 for said in times)


def _promises(
    draft: str, plain: str, times: list[TimeSaid], promised_at: datetime | None
) -> list[ToneRemark]:
    """一定今天到, and 明天送到 said flatly, unless the record promises no later."""
    found = []
    for clause in _CLAUSE.finditer(plain):
        said = [time for time in times if clause.start() <= time.span[0] < clause.end()]
        if promised_at and any(time.end and time.end >= promised_at for time in said):
            continue
        sure = _SURE.search(clause[0])
        if sure and not _NOT_SURE.search(clause[0][: sure.start()]):
            begin, end = clause.start() + sure.start(), clause.start() + sure.end()
        elif _flatly(clause[0], clause.start(), said):
            begin, end = clause.span()
        else:
            continue
        found.append(ToneRemark(Remark.PROMISE, draft[begin:end], (begin, end)))
    return found


def _flatly(clause: str, start: int, said: list[TimeSaid]) -> bool:
    ahead = [time for time in said if time.tense is Tense.FUTURE]
    if not ahead or _HEDGED.search(clause):
        return False
    return _FIRM.search(clause[ahead[0].span[1] - start :]) is not None


def _personal(draft: str, plain: str, may_name: Collection[str]) -> list[ToneRemark]:
    """A mobile number, an address, a pickup code, an identity number; a name in 王女士 is courtesy."""
    shown = [
        slot.span
        for slot in slots_in(draft)
        if slot.kind in (Kind.PHONE, Kind.ADDRESS, Kind.PICKUP_CODE)
        and slot.certainty >= 0.6
        and not (slot.kind is Kind.PHONE and slot.value.startswith("0"))
        and slot.value not in may_name
    ]
    shown += [each.span() for each in _ID_CARD.finditer(plain)]
    return [ToneRemark(Remark.PERSONAL_DATA, draft[begin:end], (begin, end)) for begin, end in shown]


def _leaves_open(plain: str, asked: str) -> bool:
    return any(question.search(asked) and not answer.search(plain) for question, answer in _QUESTIONS)
