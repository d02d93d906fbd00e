"""Variables of saved replies: which there are, which a text uses, and filling them in. Pure."""

import re
from collections.abc import Mapping

# what may stand in braces, in the words of those who write it and of programs
VARIABLES: Mapping[str, str] = {
    "name": "姓名",
    "case_no": "工单号",
    "waybill_no": "运单号",
    "carrier": "快递公司",
    "outlet": "网点",
    "outlet_phone": "网点电话",
    "due": "时限",
    "me": "我",
}
_KEYS = {word: key for key, word in VARIABLES.items()} | {key: key for key in VARIABLES}
_BRACES = re.compile(r"[{｛]\s*([^{}｛｝]{0,40}?)\s*[}｝]")


def unknown_variables(body: str) -> list[str]:
    """What stands in braces and means nothing, in order, each once."""
    return list(dict.fromkeys(name for name in _BRACES.findall(body) if name not in _KEYS))


def variables_of(body: str) -> set[str]:
    """The keys that a text uses."""
    return {_KEYS[name] for name in _BRACES.findall(body) if name in _KEYS}


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled; one without a value stays in its braces, to be seen and mended.

    What is filled in is never read as a variable again.
    """
    return _BRACES.sub(lambda found: values.get(_KEYS.get(found[1], ""), "") or found[0], body)


def is_filled(text: str) -> bool:
    """Whether no variable is left open."""
    return not variables_of(text)


def score(words: str, *, title: str, body: str) -> int:
    """How well a saved reply fits what was typed; 0 = not at all. All words must be found somewhere."""
    total = 0
    for word in words.casefold().split():
        if title.casefold().startswith(word):
            total += 8
        elif word in title.casefold():
            total += 4
        elif word in body.casefold():
            total += 1
        else:
            return 0
    return total
