"""How a message is felt: calm, upset or angry, praise or not, with the words it rests on. Pure.

A lexicon with what turns it: negation (没有不满意), degree, 但是, what was once (以前…). No model.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.mood_words import DELIGHT, DISPLEASED, FURIOUS, INDIGNANT, PLEASED

LONGEST_TEXT = 2_000


class Mood(StrEnum):
    CALM = "CALM"
    UPSET = "UPSET"
    ANGRY = "ANGRY"


@dataclass(frozen=True)
class Felt:
    """`score` is below 0 for displeasure, above for praise; `words` are what it rests on, and weights."""

    mood: Mood
    score: float
    words: tuple[tuple[str, tuple[int, int], float], ...]

    @property
    def is_praise(self) -> bool:
        return self.mood is Mood.CALM and self.score >= _PRAISE

    @property
    def is_abusive(self) -> bool:
        """Abuse and threats, or indignation more than once; one word of it is how a matter is told."""
        if self.mood is not Mood.ANGRY:
            return False
        furious = {folded(words) for words, _, weight in self.words if weight <= _ANGRY}
        # 我要投诉 is a wish that can be carried out, however often it is said
        said = {word for word in furious if "投诉" not in word}
        return len(said) > 1 or not said <= _INDIGNANT

    @property
    def is_negative(self) -> bool:
        return self.mood is not Mood.CALM


_PRAISE, _UPSET, _ANGRY = 0.6, -0.45, -3.0
_INDIGNANT = frozenset(INDIGNANT.split())
_WEIGHTS: dict[str, float] = {
    **dict.fromkeys(PLEASED.split(), 1.0),
    **dict.fromkeys(DELIGHT.split(), 2.0),
    **dict.fromkeys(DISPLEASED.split(), -1.0),
    **dict.fromkeys(INDIGNANT.split(), -4.0),
    **dict.fromkeys(FURIOUS.split(), -4.0),
}
# what holds such a word and means nothing by it: taken out first
_EMPTY = re.compile(
    r"你好|您好|(?:(?<=[,.;!? ])|^)好的|好吧|好了吗|好吗|好几|好多[天次]|好久|好像|好些|好不好|正好"
    r"|最好(?=[是在能别今明后送放下上]|不要)|只好|刚好|要好|好歹|还好吗|"
    r"(?<!破)快递|快件|快点|快些|尽快|赶快|快要|快到|特快|快用|快到了吗|谢谢[!。.~ ]*$|谢谢(?=[,，])"
    r"|(?<![真太很好])麻烦(?!死|透)|慢慢来|就好了|就好(?=$|[,.;! ])|好好|不管怎[么样]|不用道歉|没有?怪"
    r"|说好(?=[了的今明昨上下周星\d])|好(?=[慢烦差坑久气难贵远乱失])|"
    r"投诉(?:电话|热线|渠道|方式|入口)|(?:不会|不用|没)(?:去)?投诉|高兴为您|"
    r"方便(?=[吗的时接送取联]|请)|客气了|送货上门吗|可以送货上门|送货上门(?=吗|的?服务吗)|多谢您|怎么投诉"
    r"|放心$|安全(?:码|帽)|满意度|"
    r"操作|草[莓莓原地]|猪[肉蹄]|垃圾[桶袋箱]|差[额价]|差不多|破[壳壁]|湿[巾纸]|错过|错峰|拖[鞋把]"
    r"|冲[锋洗泡]|摔跤|出差|时差|差几|差一|贱卖|丢[在到](?:门|驿)|"
    r"一直用|一直都?很|不错过|联系我(?:一下|吧|$)|帮我(?=查|改|催|看|拦|退|备注|转|叫|找|联系|问|放|送|开"
    r"|取消|留)|帮忙(?=查|改|催|看|拦|退|备注)|可以的话|打电话给我|给我打电话"
)
_NOT = (
    r"不太|不怎么|(?<!是)不是很|(?<!是)不是|并不|毫不|毫无|一点都?不|一点也不|一点儿?都?不|一点|没有一点"
    r"|没一点|不会|不够|不算|不能|没有|没看出|没出过|从来没有?|从不|从没|从未|绝不|谈不上|称不上|说不上|"
    r"看不出|不觉得|没觉得|不要|不用|不|没|别|无|未|非|不怕|没有怪|没怪"
)
_NOT_AT_ALL = re.compile(r"(?:哪里|什么|哪有)(?:那么|这么)?$")
_NEGATED = re.compile(
    rf"(?:{_NOT})(?:任何|什么|那么|这么|让我|太|很|再|有|被|去|你们|过|觉得|感到|乱|出"
    rf"|怎么|特别|半点|一点|因此|是|的|得|到|会|给人)*$"
)
_DOUBLE = re.compile(
    r"(?:没有?|不会|从不|从来没有?|未|无|绝不|不是)(?:任何|什么|过|觉得|因此|感到)*(?:不"
    r"|没)(?:太|够|怎么)?$"
)
_STRONG = re.compile(r"(?:太|极|非常|特别|超级?|最|十分|真|相当|格外|尤其|实在|极其|很是|挺|好)$")
_WEAK = re.compile(r"(?:有点儿?|有些|稍微|略|一般般?)$")
_TURN = re.compile(r"但是|但|不过|然而|可是|就是|只是(?!说)|现在")
_ONCE = re.compile(r"以前|之前总|从前|原来|别家|别的快递|谁说|虽然|虽说|尽管|不像")
_CLAUSE = re.compile(r"[^,.;!?\s]+")
_BETTER = re.compile(
    r"比(?:以前|之前|原来|别家?|别的|其他|预计|想象)[^,.;!?]{0,6}?(?:好|快|强|早|靠谱"
    r"|负责)|没想到[^,.;]{0,5}快|不能更满意|没有之一|好快|一点都不慢|不怕麻烦|不厌其烦"
    r"|没有怨言|没差错|没出过差错|没有一次让我失望"
)
_WORSE = re.compile(
    r"(?:没有?|不如)(?:以前|之前|原来|别家)[^,.;]{0,3}好|好什么好|哪里好|好几天|能不能靠谱|一点(?:也"
    r"|都)不(?:方便|好|快|负责|专业|准时|客气)|谈不上|(?:并)?不快|说话不好听|不好|没看出|不怎么样|"
    r"不能送|就不能|跟宣传|不一样|急死|让人着急|让我等|一般般 ?太|连个?[^,.;!?]{0,5}都(?:没|不)"
)
_LOUD = re.compile(r"!{3,}|！{3,}")
_ASKS_ONLY = re.compile(r"^[^,.;!?]{0,12}(?:吗|呢|多少|怎么|几点)\??$")


def _table() -> re.Pattern[str]:
    words = sorted(_WEIGHTS, key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in words))


_WORDS = _table()


def felt_in(text: str) -> Felt:
    """The mood of a message. Abuse and threats are ANGRY, other displeasure UPSET; asking, praise CALM."""
    plain = folded(text[:LONGEST_TEXT])
    cleared = _EMPTY.sub(lambda found: "\ue000" * len(found[0]), plain)
    words = [*_sentences(_BETTER, text, plain, 2.0), *_sentences(_WORSE, text, plain, -2.0)]
    taken = [span for _, span, _ in words]
    factor = _factors(plain)
    for found in _WORDS.finditer(cleared):
        if any(begin < found.end() and found.start() < end for begin, end in taken):
            continue
        weight = _weighed(cleared, found) * factor(found.start())
        words.append((text[found.start() : found.end()], found.span(), round(weight, 2)))
    score = sum(weight for _, _, weight in words)
    if _LOUD.search(plain):
        score *= 2 if score < 0 else 1
    worst = min((weight for _, _, weight in words), default=0.0)
    return Felt(_mood(score, worst), round(score, 2), tuple(sorted(words, key=lambda word: word[1])))


def _mood(score: float, worst: float) -> Mood:
    if worst <= _ANGRY and score < 0:
        return Mood.ANGRY
    if score <= _ANGRY * 2:
        return Mood.ANGRY
    return Mood.UPSET if score <= _UPSET else Mood.CALM


Word = tuple[str, tuple[int, int], float]


def _sentences(pattern: "re.Pattern[str]", text: str, plain: str, weight: float) -> list[Word]:
    return [(text[found.start() : found.end()], found.span(), weight) for found in pattern.finditer(plain)]


def _weighed(plain: str, found: "re.Match[str]") -> float:
    weight = _WEIGHTS[found[0]]
    before = plain[max(0, found.start() - 9) : found.start()].replace("是不是", "")
    if strength := _STRONG.search(before):
        before, weight = before[: strength.start()], weight * 1.4
    elif weakness := _WEAK.search(before):
        before, weight = before[: weakness.start()], weight * 0.6
    if _DOUBLE.search(before):
        return weight
    if _NEGATED.search(before) or (weight > 0 and _NOT_AT_ALL.search(before)):
        # not bad is less than good; not good is bad
        return -weight if weight > 0 else min(0.7, -weight * 0.7)
    return weight


def _factors(plain: str) -> "_Factors":
    turns = [found.start() for found in _TURN.finditer(plain)]
    clauses = [(found.start(), found.end()) for found in _CLAUSE.finditer(plain) if _ONCE.search(found[0])]
    return _Factors(turns, clauses)


@dataclass(frozen=True)
class _Factors:
    """What stands behind 但是 weighs more; what was once, or is said of others, hardly at all."""

    turns: list[int]
    once: list[tuple[int, int]]

    def __call__(self, place: int) -> float:
        if any(begin <= place < end for begin, end in self.once):
            return 0.2
        if not self.turns:
            return 1.0
        return 1.6 if place >= self.turns[-1] else 0.7
