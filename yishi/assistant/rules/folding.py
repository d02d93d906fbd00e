"""One way of writing for what people type: full width, traditional signs and capitals, sign for sign. Pure.

The folded text is as long as the original, so that a place found in it is the place in the original.
"""

from functools import lru_cache
from importlib.resources import files

_PLAIN: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{code: chr(code + 0x20) for code in range(0x41, 0x5B)},
    **{code: chr(code - 0xFEE0 + 0x20) for code in range(0xFF21, 0xFF3B)},
    **dict.fromkeys((0x3000, 0xA0, 0x200B, 0xFEFF), " "),
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), "-"),
    ord("、"): ",",
    ord("。"): ".",
    ord("～"): "~",
    ord("〇"): "零",
    ord("“"): '"',
    ord("”"): '"',
}


@lru_cache(maxsize=1)
def simplified_signs() -> dict[int, str]:
    """Traditional → simplified, sign by sign, from the dictionary of the `opencc` package."""
    lines = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1}


@lru_cache(maxsize=1)
def _all_signs() -> dict[int, str]:
    return {**{code: new for code, new in simplified_signs().items() if len(new) == 1}, **_PLAIN}


def folded(text: str) -> str:
    """The text in plain signs and small letters, as long as it was."""
    return text.translate(_all_signs())
