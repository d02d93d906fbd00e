"""One spelling for what people type: width, traditional characters, emoji, pinyin, dialect, slips, numbers.

Everything downstream (dictionary, weights, vectors) sees a line only after `normalise`.
"""

import re
import unicodedata
from collections.abc import Mapping

from yishi.assistant.rules.folding import simplified_signs
from yishi.assistant.rules.spellings import PINYIN, SPELLINGS, SYLLABLES, read

LONGEST = 2_000

# what stands for data that was removed, by us or before us: never a word of the sentence
_EMOTICON = re.compile(r"#e-[a-z](?:\[数字x\]|\d*)|</?[a-z]{1,8}>|&[a-z]{2,6};")
# holes of somebody's template that was never filled
_HOLE = re.compile(r"\$?\{{1,2}[^{}\n]{0,40}\}{1,2}|<%.{0,40}?%>|(?<![\w%])%[sd](?![a-z])")
_LINK = re.compile(r"(?:https?://|www\.)[^\s一-鿿]+|\[链接x?\]")
_ORDER = re.compile(r"\[(?:订单|单号|运单)x?\]|\[orderid_\d*\]|(?<![a-z\d])[a-z]{0,6}\d[\da-z-]{7,}")
_MASK = re.compile(r"\[(?!数字|金额|电话|地址|姓名|时间|日期)[一-鿿a-z_\d]{1,12}\]")
_NUMBER = re.compile(r"\[数字x?\]|\d{4,}")
_REPEATED = re.compile(r"(.)\1{2,}")
_SPACE = re.compile(r"\s+")
_LATIN = re.compile(r"[a-z']{2,}(?: [a-z']{1,6})*")

_ANGRY, _THANKS, _SAD = "😡🤬💢👿😠🖕😤💩", "🙏👍🌹💐❤👏🤝", "😭😢😞😔😣😩"
_EMOJI: Mapping[str, str] = {
    **dict.fromkeys(_ANGRY, "气死了"),
    **dict.fromkeys(_THANKS, "谢谢"),
    **dict.fromkeys(_SAD, ""),
    "❓": "?",
    "❔": "?",
    "❗": "!",
    "📦": "包裹",
    "🚚": "快递",
    "📞": "电话",
    "☎": "电话",
    "🏠": "家",
}

_PINYIN = read(PINYIN)
_SYLLABLES = {word: said for word, said in _PINYIN.items() if len(word) > 3} | read(SYLLABLES)
_SPELLINGS = read(SPELLINGS)
_SPELLING = re.compile("|".join(map(re.escape, sorted(_SPELLINGS, key=len, reverse=True))))
_LOOKS = str.maketrans({**dict.fromkeys("。！!~～…;；、", ","), "?": "?", "’": "'", "“": '"', "”": '"'})


def normalise(text: str) -> str:
    """The line as everything downstream reads it; empty when it holds nothing that can be understood."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    text = _EMOTICON.sub(" ", _HOLE.sub(" ", text))
    text = "".join(_seen(mark) for mark in text).translate(simplified_signs())
    text = _ORDER.sub("[订单x]", _LINK.sub(" ", text))
    text = _MASK.sub(lambda found: found[0] if found[0] == "[订单x]" else " ", text)
    text = _NUMBER.sub("[数字x]", text)
    text = _LATIN.sub(_spoken, text)
    text = _SPELLING.sub(lambda found: _SPELLINGS[found[0]], text)
    return _SPACE.sub(" ", _REPEATED.sub(r"\1\1", text.translate(_LOOKS))).strip(" ,.:-_\"'")


def _seen(mark: str) -> str:
    """A sign as words, if it is a picture; nothing, if nobody sees it."""
    if mark in _EMOJI:
        return _EMOJI[mark]
    kind = unicodedata.category(mark)
    if kind in {"So", "Sk", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}:
        return ""
    return " " if kind in {"Cc", "Zl", "Zp"} else mark


def _spoken(found: re.Match[str]) -> str:
    """Pinyin or English of the field as Chinese words; other Latin letters stay."""
    return _read(found[0]) or "".join(_read(part) or part for part in re.split(r"(?<= )|(?= )", found[0]))


def _read(letters: str) -> str:
    """The whole stretch as known words, longest first; nothing if a part of it is unknown."""
    if letters in _PINYIN:
        return _PINYIN[letters]
    rest, words = letters.replace(" ", "").replace("'", ""), []
    while rest:
        known = next((rest[:n] for n in range(min(len(rest), 15), 1, -1) if rest[:n] in _SYLLABLES), "")
        if not known:
            return ""
        words.append(_SYLLABLES[known])
        rest = rest[len(known) :]
    return "".join(words)
