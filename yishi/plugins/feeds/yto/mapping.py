"""YTO sends no codes: what its sentences plainly say, and nothing where they might say something else."""

import re

from yishi.plugins.common.words import kind_of_text

UNKNOWN = ("unknown", "")

# the three phrases that a source names
KIND_OF: dict[str, tuple[str, str]] = {
    "已收件": ("accepted", ""),
    "派件中": ("out_for_delivery", ""),
    "已签收": ("delivered", "unknown"),
}

# a place called …派件中心 is no delivery
_PHRASE = re.compile("已收件|派件中(?!心|转)|已签收")
# where a sentence turns to its reader, it says no more of the parcel
_ADVICE = re.compile(r"[，,。.；;！!]\s*(?:如|若|感谢|期待)")
# a condition, a denial or a way back: then a phrase does not mean what it says
_DOUBT = re.compile("未(?!来)|没有|不(?!夜)|请勿|是否|[如若](?:您|已|需|果|有|未|不)|退|拒")
# "signed" by a locker or a station is put there, and not taken by a person
_PICKUP_POINT = re.compile("代收|代签|驿站|快递柜|智能柜|自提柜|丰巢|入柜|投柜|存放|暂存|取件码|待取|取件")


def meaning(code: str, text: str) -> tuple[str, str]:
    """(kind, detail) of a sentence: one phrase of the table, else what carriers' texts plainly say;
    `unknown` where several phrases are in it or anything casts doubt."""
    statement = _ADVICE.split(text, maxsplit=1)[0]
    if _DOUBT.search(statement):
        return UNKNOWN
    phrases = set(_PHRASE.findall(statement))
    if not phrases:
        return kind_of_text(statement)
    kind = KIND_OF[phrases.pop()]
    is_placed = kind[0] == "delivered" and _PICKUP_POINT.search(text)
    return UNKNOWN if phrases or is_placed else kind
