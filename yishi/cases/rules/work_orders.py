"""Work orders of others: what their words mean, whether a row is news, and how they differ from our cases.
Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.status import OPEN_STATUSES

# what head offices and platforms call things (domain.md, 5.2 and 3.5); the operator adds his own
WORDS: Mapping[str, str] = {
    "签收未收到": "SIGNED_NOT_RECEIVED",
    "显示签收未收到": "SIGNED_NOT_RECEIVED",
    "虚假签收": "SIGNED_NOT_RECEIVED",
    "虚签": "SIGNED_NOT_RECEIVED",
    "虚签投诉": "SIGNED_NOT_RECEIVED",
    "他人代签": "SIGNED_NOT_RECEIVED",
    "要求送货上门": "NO_DOOR_DELIVERY",
    "未送货上门": "NO_DOOR_DELIVERY",
    "未按名址投递": "NO_DOOR_DELIVERY",
    "擅自投柜投站": "UNCONSENTED_PLACEMENT",
    "私放快递柜": "UNCONSENTED_PLACEMENT",
    "私放驿站": "UNCONSENTED_PLACEMENT",
    "追究遗失": "LOST",
    "遗失": "LOST",
    "丢件": "LOST",
    "丢失": "LOST",
    "快件丢失": "LOST",
    "遗失仲裁": "LOST",
    "破损": "DAMAGED",
    "损毁": "DAMAGED",
    "快件破损": "DAMAGED",
    "破损仲裁": "DAMAGED",
    "丢件破损": "LOST",
    "少件": "SHORT",
    "短少": "SHORT",
    "丢失短少": "SHORT",
    "多发漏发": "SHORT",
    "错件": "CONTENT_MISMATCH",
    "内件不符": "CONTENT_MISMATCH",
    "送错": "MISDELIVERED",
    "错派": "MISDELIVERED",
    "延误": "DELAY",
    "快件延误": "DELAY",
    "时效延误": "DELAY",
    "延误仲裁": "DELAY",
    "物流停滞": "DELAY",
    "中转或运输延误": "DELAY",
    "服务态度": "ATTITUDE",
    "态度恶劣": "ATTITUDE",
    "取件码": "PICKUP_CODE",
    "驿站服务": "STATION_SERVICE",
    "投递服务": "DELIVERY_SERVICE",
    "无人收货": "DELIVERY_SERVICE",
    "拒签": "DELIVERY_SERVICE",
    "收寄服务": "ACCEPTANCE",
    "虚假揽收": "ACCEPTANCE",
    "重量异常": "ACCEPTANCE",
    "违规收费": "OVERCHARGE",
    "乱收费": "OVERCHARGE",
    "代收货款": "CASH_ON_DELIVERY",
    "信息泄露": "PRIVACY",
    "催件": "URGE",
    "催件派送": "URGE",
    "催派送": "URGE",
    "改地址": "REDIRECT",
    "改派送时间": "RESCHEDULE",
    "拦截": "INTERCEPT",
    "拦截退回": "RETURN",
    "截单退回": "RETURN",
    "退回": "RETURN",
    "咨询": "ENQUIRY",
    "查件": "ENQUIRY",
    "建议": "SUGGESTION",
    "表扬": "PRAISE",
}

_SIGNS = re.compile(r"[\s·:：;；,，、()（）\[\]【】\"'\u200b]+")
LONGEST_WORD = 60


def plain_word(word: str) -> str:
    """A word as it is compared and listed: no width, spaces or signs."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", word))[:LONGEST_WORD]


def category_of(word: str, *, own: Mapping[str, str], card: Mapping[str, str]) -> str | None:
    """The category that a source's word says: the operator's own meaning first, then the plug-in's, then the
    common one; a category's own name is one. None when nobody knows the word.

    A word of parts (`虚签投诉/要求送货上门`) is known by its last part that is known: the closer one.
    """
    for part in [word, *reversed(re.split(r"[/\\|>\-—－]+", word))]:
        plain = plain_word(part)
        found = own.get(plain) or card.get(plain) or WORDS.get(plain)
        if found is None and part.strip() in CATEGORIES:
            found = part.strip()
        if found and CATEGORIES[found].is_claimable:
            return found
    return None


def category_in(text: str) -> str | None:
    """What a text without any type speaks of: the longest word in it that is known. None for none."""
    plain = plain_text(text)
    found = max((word for word in WORDS if len(word) > 1 and word in plain), key=len, default=None)
    return WORDS[found] if found else None


def plain_text(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text[:2_000]))


class News(StrEnum):
    """What a row is beside what its source said of the same work order before."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    OLDER = "OLDER"


def news_of(
    *,
    is_known: bool,
    is_same: bool,
    updated_at: datetime | None,
    known_updated_at: datetime | None,
) -> News:
    """Whether a row is to be taken. A row that the source dates before what is known is older; without dates
    the later hand-in counts."""
    if not is_known:
        return News.NEW
    if is_same:
        return News.SAME
    if updated_at is not None and known_updated_at is not None and updated_at < known_updated_at:
        return News.OLDER
    return News.CHANGED


def added_text(known: list[str], said: str) -> str:
    """What a row says that has not been said yet; '' when there is nothing new. A text that begins with what
    is known adds its rest."""
    text = said.strip()
    if not text or any(text in each for each in known):
        return ""
    begins = max((each.strip() for each in known if text.startswith(each.strip())), key=len, default="")
    rest = text[len(begins) :].strip()
    return "" if any(rest in each for each in known) else rest


class Difference(StrEnum):
    """How a work order there and its case here do not agree."""

    OPEN_THERE = "OPEN_THERE"
    CLOSED_THERE = "CLOSED_THERE"
    UNKNOWN_THERE = "UNKNOWN_THERE"
    OVERDUE_THERE = "OVERDUE_THERE"


SETTLING = timedelta(hours=1)
"""An answer given so short before the source was last heard of may not show there yet."""


@dataclass(frozen=True, kw_only=True)
class Both:
    """A work order and its case side by side. `seen_at` is when the source last said how it stands."""

    status: str
    answered_there_at: datetime | None
    is_open_there: bool | None
    is_missing_there: bool
    due_at: datetime | None
    seen_at: datetime


def differences_of(both: Both, *, at: datetime) -> set[Difference]:
    """Every way in which they differ now. A state there that nobody knows says nothing; what was answered
    there after the source last spoke waits for its next word."""
    found = set()
    is_open_here = both.status in OPEN_STATUSES
    answered = both.answered_there_at
    is_fresh = answered is not None and answered > both.seen_at - SETTLING
    if both.is_missing_there:
        return {Difference.UNKNOWN_THERE} if is_open_here else set()
    if both.is_open_there and not is_open_here and not is_fresh:
        found.add(Difference.OPEN_THERE)
    if both.is_open_there is False and is_open_here:
        found.add(Difference.CLOSED_THERE)
    is_due = both.due_at is not None and both.due_at < at
    if is_due and both.is_open_there is not False and answered is None:
        found.add(Difference.OVERDUE_THERE)
    return found
