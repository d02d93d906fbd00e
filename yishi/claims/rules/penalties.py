"""Penalties received: from whom a code comes, until when it can be appealed, what an appeal saved. Pure."""

import re
from datetime import datetime, timedelta

_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


def fee_code_in(label: str) -> str:
    """The six digits that head office's bill begins a fee's name with; '' where there are none."""
    found = _CODE.search(label)
    return found[1] if found else ""


def appeal_until(happened_at: datetime, days: int | None) -> datetime | None:
    """Counted from when it was imposed; None where the operator has entered no days for it."""
    return None if days is None else happened_at + timedelta(days=days)


def saved_by(result: str, amount_fen: int, left_fen: int | None) -> int | None:
    """What an appeal saved: all (撤销), the difference (减免), nothing (维持); else None."""
    if result == "REVOKED":
        return amount_fen
    if result == "UPHELD":
        return 0
    if result == "REDUCED" and left_fen is not None and 0 < left_fen < amount_fen:
        return amount_fen - left_fen
    return None
