"""Couriers as files write them: 城区029申亚楠+19900000012, 320288001 申亚楠, 申亚楠(0012). Pure."""

import re
import unicodedata
from typing import Any

from yishi.feeds.port import Worker
from yishi.plugins.common.cells import said, text_of

_PHONE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?(1[3-9]\d)[-\s]?(\d{4})[-\s]?(\d{4})(?!\d)")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z-]*\d)[A-Za-z]{0,6}-?\d{2,14}(?:-\d{1,6})?(?![A-Za-z0-9])")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,12}|[A-Za-z][A-Za-z .]{1,30}")
_PLACE = re.compile(r"(?:区|部|片|组|线|站|点|队|网点|公司|村|镇|路|街|店|一|二|三|四|五)$")
# what stands for nobody
_NOBODY = frozenset({"系统", "无", "未知", "管理员", "自动", "快递员", "业务员", "合计", "总计"})
LONGEST_NAME = 4


def worker_of(
    words: Any, *, number: Any = "", name: Any = "", phone: Any = "", area: Any = ""
) -> Worker | None:
    """The courier whom these cells name, or None where they name nobody.

    `words` is a column that mixes all; the others are columns of their own and count first.
    """
    parts = [text for cell in (words, name, number, phone) if (text := said(cell))]
    mixed = [text for cell in (words, name) if (text := said(cell))]
    found_number, found_name, found_phone, found_area = "", "", "", ""
    for text in mixed:
        its = _read(text)
        found_number = found_number or its[0]
        found_name = found_name or its[1]
        found_phone = found_phone or its[2]
        found_area = found_area or its[3]
    own_number = said(number)
    if own_number and _PHONE.fullmatch(own_number):
        phone, own_number = phone or own_number, ""
    worker = Worker(
        said="+".join(dict.fromkeys(parts))[:100],
        number=(own_number or found_number)[:100],
        name=found_name,
        phone=_phone(text_of(phone)) or found_phone,
        area=said(area)[:100] or found_area,
    )
    return worker if worker.said and worker.name not in _NOBODY else None


def _phone(text: str) -> str:
    found = _PHONE.search(text)
    return "".join(found.groups()) if found else ""


def _read(text: str) -> tuple[str, str, str, str]:
    """(number, name, phone, area) of one mixed text."""
    text = unicodedata.normalize("NFKC", text)
    phone = _phone(text)
    rest = _PHONE.sub(" ", text)
    found = _NUMBER.search(rest)
    number = found[0] if found else ""
    before, _number, after = rest.partition(number) if number else ("", "", rest)
    behind, ahead = _words(after), _words(before)
    name, areas = _split(behind, ahead)
    return number.replace("-", ""), name, phone, " ".join(areas)


def _words(text: str) -> list[str]:
    return [word.strip() for word in _NAME.findall(text)]


def _split(behind: list[str], ahead: list[str]) -> tuple[str, list[str]]:
    """The name is the last word that is no place: behind the number, else before it."""
    for words, others in ((behind, ahead), (ahead, [])):
        for word in reversed(words):
            if (len(word) <= LONGEST_NAME or word.isascii() or "·" in word) and not (
                len(word) > 2 and _PLACE.search(word)
            ):
                return word, [*others, *(w for w in words if w != word)]
    return "", [*ahead, *behind]
