"""A piece of a private group chat as it is pasted: who said what, when; noise left out. Pure.

Read as WeChat, QQ and DingTalk give it: `张三: …`, `张三 11:20` above its words, `2026-11-22 11:20:33 张三`,
a forwarded record with its heading, quotations, and lines that belong to whoever spoke last.
"""

import re
from dataclasses import dataclass

LONGEST_TEXT = 20_000
MOST_LINES = 3_000
LONGEST_NAME = 24


@dataclass(frozen=True)
class ChatLine:
    """`when` as it was written. `turn` counts who-speaks: lines of one turn were said in one breath."""

    who: str
    when: str
    text: str
    turn: int = 0
    quoted: str = ""


_DAY = r"(?:(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?|今天|昨天|前天|(?:星期|周)[一二三四五六日天])"
_CLOCK = r"(?:凌晨|早上|上午|中午|下午|晚上|[AaPp][Mm])?\s?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s?[AaPp][Mm])?"
_WHEN = rf"(?:{_DAY}\s*{_CLOCK}|{_CLOCK}|\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?)"
_RULED = r"[-—–=*·\s]*"
_ONLY_WHEN = re.compile(rf"{_RULED}\[?(?P<when>{_WHEN}|{_DAY})\]?{_RULED}")
_NAME_WHEN = re.compile(rf"(?P<who>[^:：]{{1,{LONGEST_NAME}}}?)\s+[\[(（]?(?P<when>{_WHEN})[\])）]?[:：]?")
_WHEN_NAME = re.compile(
    rf"[\[(（]?(?P<when>{_WHEN})[\])）]?\s*(?P<who>[^:：]{{1,{LONGEST_NAME}}}?)(?:[:：]\s*(?P<text>.*))?"
)
_NAME_TEXT = re.compile(rf"(?P<who>[^:：]{{1,{LONGEST_NAME}}}?)\s?[:：]\s*(?P<text>.*)")
_NAME_WHEN_TEXT = re.compile(
    rf"(?P<who>[^:：]{{1,{LONGEST_NAME}}}?)\s*[\[(（]?(?P<when>{_WHEN})[\])）]?\s*[:：]\s*(?P<text>.+)"
)
# what stands before a colon without being a name
_LABEL = re.compile(
    r"(?:.{0,6}(?:单号?|运单|编号|号码|电话|手机|地址|取件码|取货码|备注|问题|原因|订单|内容|商品|物品|数量"
    r"|金额|要求|诉求|情况|时间|日期|状态|类型|如下|以下|这些|这几[个件票单]|这批|下面|说|催件?|加急|拦截|退回|拒收"
    r"|改址|改地址|破损|没收到|未收到|查件?|急件|签收|派送|快递员?|物流|收[件货]人|姓名|客户名|处理|反馈)"
    r"|https?|.*(?:圆通|中通|申通|韵达|极兔|顺丰|京东|邮政|德邦)(?:快递|速递|速运|物流)?)",
    re.IGNORECASE,
)
_MEDIA = re.compile(
    r"\[(?:图片|照片|视频|语音|表情|动画表情|文件|链接|位置|名片|红包|转账|聊天记录|小程序|动态表情|音乐|Photo|Image"
    r"|Video|Voice|Sticker|File)[^\]]{0,40}\]|【(?:图片|视频|语音|表情|文件)】|<(?:图片|img)[^>]{0,80}>",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r".{0,40}(?:撤回了一条消息|加入了?群聊|邀请.{0,30}(?:加入|进)|移出了?群聊|退出了?群聊|拍了拍|修改群名"
    r"|开启了(?:朋友|群)|领取了.{0,20}红包|以下为新消息|以上是打招呼|群公告|消息已发出"
    r"|recalled a message).{0,40}"
)
_HEADING = re.compile(
    r"(?:.{0,40}的聊天记录|.{0,40}聊天记录如下|-+\s?(?:Forwarded|转发).{0,40}|聊天记录|展开|收起)[:：]?"
)
_EMOJI = re.compile(r"[\U0001F000-\U0001FAFF☀-➿⬀-⯿️‍\U0001F1E6-\U0001F1FF]")
_FACE = re.compile(r"\[[一-鿿A-Za-z]{1,6}\]")
_MENTION = re.compile(
    r"@(?:所有人|全体成员|[^\s@,，:：。;；\d]{1,24}?(?=[\s,，:：。;；\d]|$|催|拦|查|退|帮|麻烦|请|这|看|加急|尽快|怎么|别|不要))\s?"
)
_QUOTED = re.compile(r"[「“\"](?P<quoted>[^」”\"]{1,400})[」”\"]|(?:引用|回复)\s?(?P<said>[^\n]{2,400})")
_RULE = re.compile(r"[-—–=_*·.\s]{5,}")
_SIGN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00]")


def lines_of(text: str) -> list[ChatLine]:
    """The lines that say something, in order, each with its speaker ('' where nobody is named)."""
    return _Reader().read(text[:LONGEST_TEXT])


class _Reader:
    def __init__(self) -> None:
        self.who, self.when, self.day, self.turn = "", "", "", 0
        self.quoted = ""
        self.lines: list[ChatLine] = []

    def read(self, text: str) -> list[ChatLine]:
        for raw in text.splitlines()[:MOST_LINES]:
            line = _SIGN.sub("", raw).replace("\u2005", " ").strip()
            if not line or _SYSTEM.fullmatch(line) or _HEADING.fullmatch(line):
                continue
            if _RULE.fullmatch(line):
                continue
            self._line(line)
        return self.lines

    def _line(self, line: str) -> None:
        if found := _ONLY_WHEN.fullmatch(line):
            self.when = found["when"]
            return
        head = _head(line)
        if head is not None:
            self.quoted = self.quoted if head.who == self.who else ""
            self.who, said = head.who, head.text
            self.when = head.when or self.when
            self.turn += 1
        else:
            said = line
        if (quote := _quote_of(said)) is not None:
            self.quoted, said = quote
        said = said_of(said)
        if said:
            self.lines.append(ChatLine(self.who, self.when, said, self.turn, self.quoted))
            self.quoted = ""


def _head(line: str) -> ChatLine | None:
    """A line that names its speaker, with what he says on the same line; None for any other."""
    for pattern in (_NAME_WHEN_TEXT, _WHEN_NAME, _NAME_WHEN, _NAME_TEXT):
        found = pattern.fullmatch(line)
        if found is None:
            continue
        parts = found.groupdict()
        who = _name(parts["who"])
        if who:
            return ChatLine(who, (parts.get("when") or "").strip(), parts.get("text") or "")
    return None


def _name(said: str) -> str:
    """The name, where it can be one: no number, no label, no sentence."""
    name = re.sub(r"[(（<][\w.@-]{4,40}[)）>]$", "", said.strip().lstrip("@")).strip()
    if (
        not re.search(r"[^\W\d_]", name)
        or _LABEL.fullmatch(name)
        or re.search(r"\d{5}|[,，。;；?？!！「“]|//", name)
    ):
        return ""
    return "" if _MEDIA.fullmatch(name) or _FACE.fullmatch(name) else name


def _quote_of(said: str) -> tuple[str, str] | None:
    """What is quoted, and what is said to it on the same line; None where nothing is quoted."""
    if said.startswith((">", "＞")):
        return said.lstrip(">＞ "), ""
    found = _QUOTED.match(said)
    if found is None:
        return None
    if found["said"] is not None and not re.match(r".{0,24}[:：]", found["said"]):
        return None
    quoted = found["quoted"] or found["said"] or ""
    if found["quoted"] is not None and not re.search(r"[:：]|[A-Za-z0-9]{8}", quoted):
        return None
    return quoted, said[found.end() :].strip()


def said_of(text: str) -> str:
    """The words without pictures, faces and who is called; '' where nothing is left to read."""
    words = _MENTION.sub(" ", _FACE.sub(" ", _EMOJI.sub(" ", _MEDIA.sub(" ", text))))
    words = re.sub(r"\s+", " ", words).strip(" ,，:：")
    return words if re.search(r"[\w]", words) else ""
