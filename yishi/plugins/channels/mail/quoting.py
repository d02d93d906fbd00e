"""What a person wrote, without what he answers and without his signature, in Chinese and English."""

import re
from dataclasses import dataclass

# what lies beyond is in the raw letter; a mark of a program is never longer than a line of a page
MOST_SIGNS = 200_000
_LONGEST_MARK = 300
# programs' own marks of a letter below: what follows is not his
_BELOW = re.compile(
    r"[>\s]*(?:[-_—=*]{2,}\s*(?:原始邮件|原邮件|原始信件|原始郵件|原始訊息|回复的原邮件|原始メッセージ"
    r"|Original Message|Original|Reply Message|Replied Message)\s*[-_—=*]{2,})\s*",
    re.I,
)
_FORWARDED = re.compile(
    r"\s*[-_—=*]{2,}\s*(?:转发邮件信息|转发的邮件|转发邮件|轉寄郵件|转发信息|Forwarded message)"
    r"\s*[-_—=*]{2,}\s*"
    r"|\s*Begin forwarded message:\s*|\s*开始转发的邮件[：:]\s*",
    re.I,
)
# "On …, somebody wrote:", with a day or an address, so that a person's own 写道： stays
_WROTE = re.compile(
    r"(?:(?:On|At|Am|Le)\b.{4,300}?\b(?:wrote|writes|schrieb|a écrit)\s*[：:]"
    r"|.{0,300}?(?:写道|寫道|写到|來信|来信|wrote)\s*[：:])\s*$",
    re.I | re.DOTALL,
)
_DATED = re.compile(
    r"[12][09]\d\d\s?[-/.年]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|\d{1,2}:\d{2}|\b\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|[\w.+-]+@[\w-]+\.",
    re.I,
)
_FROM_LINE = re.compile(r"[*>\s]*(?:发件人|發件人|寄件者|寄件人|From|De|差出人)[*\s]*[：:]", re.I)
_DAY_LINE = re.compile(
    r"[*>\s]*(?:发送时间|发送日期|日期|时间|寄件日期|傳送時間|發送時間|Sent|Date|送信日時)[*\s]*[：:]",
    re.I,
)
_SUBJECT_LINE = re.compile(r"[*>\s]*(?:主题|主旨|主題|标题|Subject|件名)[*\s]*[：:]", re.I)
_QUOTED = re.compile(r"\s{0,3}(?:>|＞|&gt;)")
_SIGNATURE = re.compile(r"-- ?")
_SENT_FROM = re.compile(
    r"\s*(?:(?:发自|發自|来自|來自)\s?(?:我的)?\s?.{0,30}"
    r"(?:iPhone|iPad|手机|手機|邮箱|郵箱|邮件|Mac|Outlook|华为|小米|网易邮箱大师|客户端|Android|安卓)\S{0,12}"
    r"|Sent from (?:my |Mail|Outlook|Yahoo|Samsung|Foxmail).{0,60}|Get Outlook for .{0,40}"
    r"|获取\s?Outlook.{0,30}|Sent with .{2,40}|从我的.{1,12}发送)\s*",
    re.I,
)
_LEGAL = re.compile(
    r"\s*(?:本邮件及其附件|本电子邮件|免责声明|保密声明|This e-?mail (?:and any|message|is confidential)"
    r"|CONFIDENTIALITY NOTICE|DISCLAIMER)",
    re.I,
)
_LONGEST_SIGNATURE = 15


@dataclass(frozen=True)
class Stripped:
    """What he wrote himself; `quoted` says whether there was anything else."""

    text: str
    has_quote: bool = False


def strip_quotes(text: str) -> Stripped:
    """What is new in a letter; of one that is handed on, also what is handed on."""
    lines = text[:MOST_SIGNS].replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    kept = _without_quotes(lines)
    own = "\n".join(_without_signature(kept)).strip()
    has_quote = sum(map(bool, map(str.strip, kept))) < sum(map(bool, map(str.strip, lines)))
    return Stripped(re.sub(r"\n{3,}", "\n\n", own), has_quote)


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    marks = [line if len(line) <= _LONGEST_MARK else "" for line in lines]
    place, size = 0, len(lines)
    while place < size:
        line = marks[place]
        if _BELOW.fullmatch(line) or _is_header_block(marks, place):
            break
        if _FORWARDED.fullmatch(line):
            # handed on: that is what he wants to show
            return [*kept, *lines[place:]]
        if _QUOTED.match(line):
            place += 1
            continue
        if count := _attribution(marks, place):
            after = _next_written(lines, place + count)
            if after is None or not _QUOTED.match(lines[after]):
                break
            place = after
            continue
        kept.append(lines[place])
        place += 1
    while kept and re.fullmatch(r"[\s_]*", kept[-1]):
        kept.pop()
    return kept


def _attribution(lines: list[str], place: int) -> int:
    """How many lines from here say who wrote what follows: 1 to 3, else 0."""
    if not lines[place].strip():
        return 0
    for count in (1, 2, 3):
        some = [line.strip() for line in lines[place : place + count]]
        if not some[-1].endswith((":", "：")):
            continue
        said = " ".join(some)
        if len(said) > 400 or not all(some) or (count > 1 and any(_QUOTED.match(line) for line in some[1:])):
            return 0
        if _WROTE.fullmatch(said) and _DATED.search(said):
            # two lines of his own before it are no part of it
            return (
                count if count == 1 or re.match(r"(?:On|At|在|于|於|Am|Le)\b|.*@|(?:在|于|於)", said) else 0
            )
    return 0


def _is_header_block(lines: list[str], place: int) -> bool:
    """From, day and subject of a letter below, as Outlook, Foxmail and QQ write them. A sender and a receiver
    of a parcel are none: they have no subject."""
    if not _FROM_LINE.match(lines[place]):
        return False
    near = [line for line in lines[place + 1 : place + 12] if line.strip()][:6]
    has_day = any(_DAY_LINE.match(line) for line in near)
    has_subject = any(_SUBJECT_LINE.match(line) for line in near)
    return has_subject and (has_day or "@" in lines[place])


def _next_written(lines: list[str], place: int) -> int | None:
    return next(
        (number for number in range(place, min(place + 4, len(lines))) if lines[number].strip()), None
    )


def _without_signature(lines: list[str]) -> list[str]:
    written = 0
    total = sum(1 for line in lines if line.strip())
    for number, line in enumerate(lines):
        written += bool(line.strip())
        is_end = _SIGNATURE.fullmatch(line) and total - written <= _LONGEST_SIGNATURE
        if is_end or (written > 1 and _LEGAL.match(line[:_LONGEST_MARK])):
            lines = lines[:number]
            break
    return [line for line in lines if len(line) > _LONGEST_MARK or not _SENT_FROM.fullmatch(line)]
