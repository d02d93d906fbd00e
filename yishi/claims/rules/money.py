"""Money as people write it, in yuan, and as it is kept, in fen. Pure."""

import re
import unicodedata

from yishi.claims.rules.compensation import MOST_FEN

_YUAN = re.compile(r"(\d{1,8})(?:\.(\d{1,2}))?")


def read_yuan(said: str) -> int | None:
    """`12.5`, `￥1,200`, `50 元` in fen; None for what is no amount from 0 to ten million yuan."""
    plain = unicodedata.normalize("NFKC", said).replace(",", "").replace("¥", "").strip()
    found = _YUAN.fullmatch(plain.removesuffix("元").strip())
    if found is None:
        return None
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return fen if fen <= MOST_FEN else None


def yuan(fen: int) -> str:
    """1234 as 12.34, with a sign below zero."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02}"
