"""Many waybill numbers out of what somebody pasted: a column of a sheet, or a piece of group chat. Pure."""

from yishi.shipments.rules.numbers import LONGEST_TEXT, is_mobile, numbers_in

MOST_PASTED = 500
MOST_TEXT = 200_000
_A_LINE = 200


def numbers_pasted(text: str) -> tuple[list[str], int]:
    """The numbers in the order in which they stand, each once, at most MOST_PASTED; and how many more there
    were. What is read as a number, `numbers_in` tells; a telephone number is none."""
    found: dict[str, None] = {}
    for line in text[:MOST_TEXT].splitlines():
        for start in range(0, len(line), LONGEST_TEXT):
            piece = line[start : start + LONGEST_TEXT]
            numbers = [no for no in numbers_in(piece, most=_A_LINE) if not is_mobile(no)]
            found |= dict.fromkeys(sorted(numbers, key=lambda no: _place(piece, no)))
    kept = list(found)
    return kept[:MOST_PASTED], max(0, len(kept) - MOST_PASTED)


def _place(piece: str, number: str) -> int:
    """Where it stands; a number that was written in groups keeps the place that its likelihood gave it."""
    place = piece.upper().find(number)
    return place if place >= 0 else len(piece)
