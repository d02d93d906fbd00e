"""Which packing is the standard for what is in a parcel. Pure."""

from collections.abc import Mapping, Sequence


def standard_of(goods: str, standards: Mapping[str, Sequence[str]]) -> list[str]:
    """The codes whose kinds of goods are named in `goods`, those with the longest name first: 玻璃杯 says
    more than 杯. Nothing where nobody said what is inside."""
    said = "".join(goods.split()).lower()
    found = []
    for code, kinds in standards.items():
        plain = ["".join(kind.split()).lower() for kind in kinds]
        longest = max((len(kind) for kind in plain if kind and kind in said), default=0)
        if longest:
            found.append((-longest, code))
    return [code for _length, code in sorted(found)]
