"""What people write, as it is kept, and as a cell that somebody opens in a spreadsheet. Pure."""

import re

MAX_TEXT = 20_000


_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean_text(text: str) -> tuple[str, int]:
    """The text as it is kept, and how many signs no table or page can hold were taken out.

    NUL and other control signs go, half surrogates become U+FFFD. Emoji, right-to-left marks and
    zero-width signs are part of what somebody said and stay; pages isolate them.
    """
    kept, removed = _UNSAFE.subn("", text.replace("\r\n", "\n"))
    kept, replaced = _SURROGATE.subn("\ufffd", kept)
    return kept.strip(), removed + replaced


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula, or cannot open the file for a sign in it."""
    kept = _SURROGATE.sub("\ufffd", _UNSAFE.sub("", text))
    return f"'{kept}" if kept.startswith(_FORMULA) else kept
