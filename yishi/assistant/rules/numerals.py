"""Numbers as people write them: 25, 二十五, 两, 三百多, 一百二, 十几. Pure."""

from fractions import Fraction

DIGITS = "零一二三四五六七八九"
SMALL = r"(?:\d{1,2}|[零一二两三四五六七八九]?十[一二三四五六七八九]?|[零一二两三四五六七八九])"
"""A number below a hundred, as a piece of a pattern without a group."""
_VALUE = {**{sign: value for value, sign in enumerate(DIGITS)}, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "k": 1_000, "w": 10_000}


def number_of(text: str) -> Fraction | None:
    """The exact number, or None: 12.5, 1,200, 十二, 一百二 (120), 一千零五, 两万三, 3万, 一二三 (123)."""
    plain = text.replace(",", "").strip()
    if plain.replace(".", "", 1).isdecimal() and plain.isascii():
        return Fraction(plain)
    if plain and plain[-1] in _UNITS and plain[:-1].replace(".", "", 1).isdecimal() and plain[:-1].isascii():
        return Fraction(plain[:-1]) * _UNITS[plain[-1]]
    if plain and all(sign in _VALUE for sign in plain):
        return Fraction(int("".join(str(_VALUE[sign]) for sign in plain)))
    return _spelled(plain)


def _spelled(text: str) -> Fraction | None:
    """`whole` collects below 万; a last digit after 百, 千, 万 counts in the unit below: 一百二 is 120."""
    total = whole = digit = 0
    last, is_gap, run = 0, False, ""
    for sign in text:
        if sign.isdecimal() and sign.isascii():
            run += sign
            digit = int(run)
        elif sign in _VALUE:
            is_gap = is_gap or sign == "零"
            digit, run = _VALUE[sign], ""
        elif sign in _UNITS:
            unit = _UNITS[sign]
            if unit == 10_000:
                total, whole = total + (whole + digit) * unit, 0
            else:
                whole += (digit or (1 if unit == 10 or not last else 0)) * unit
            last, digit, is_gap, run = unit, 0, False, ""
        else:
            return None
    if digit and last >= 100 and not is_gap:
        digit *= last // 10
    return Fraction(total + whole + digit) if text else None


def small(text: str) -> int | None:
    """A whole number as `SMALL` matches it."""
    found = number_of(text)
    return int(found) if found is not None and found.denominator == 1 else None
