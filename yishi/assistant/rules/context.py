"""A fragment that lives on the line before it: 那明天呢, 第二个, 为什么."""

import re

from yishi.assistant.rules.understood import Context

_TIME = (
    r"(?:今天|明天|后天|大后天|今晚|明早|早上|上午|中午|下午|晚上|周[一二三四五六日天末]|星期[一二三四五六日天]"
    r"|这周|下周|[\d一二两三四五六七八九十]+(?:点|号|天|小时)半?|几点|过几天|以后|之后|之前)"
)
_OF_TIME = re.compile(rf"^(?:那|那么|那就|要是|如果)?{_TIME}+(?:呢|可以吗|行吗|行不行|吧|吗)?$")
_ELLIPSIS = re.compile(
    r"^(?:那|那么|所以|然后|还有)(?:呢|.{1,6}呢)$|^(?:为什么|为啥|怎么办|什么意思|真的吗|确定吗|然后呢|还要多久|多久|要多久)$"
)
# intents that a moment can belong to
_TIMED = frozenset(
    {
        "when_arrive",
        "delay_complaint",
        "change_address_or_time",
        "pickup_where_when",
        "send_parcel",
        "service_hours",
        "track_parcel",
    }
)
_ORDINAL = re.compile(r"^(?:选|第)?\s*([1-3一二两三])\s*(?:个|项|条)?$")
_DIGITS = {"1": 0, "一": 0, "2": 1, "二": 1, "两": 1, "3": 2, "三": 2}


def continued(core: str, context: Context) -> str:
    """The intent that a fragment takes from what was said before, else ""."""
    if context.choices and (found := _ORDINAL.match(core)) and _DIGITS[found[1]] < len(context.choices):
        return context.choices[_DIGITS[found[1]]]
    if not context.previous_intent:
        return ""
    if _OF_TIME.match(core) and context.previous_intent in _TIMED:
        previous = context.previous_intent
        return "when_arrive" if previous in {"delay_complaint", "track_parcel"} else previous
    return context.previous_intent if _ELLIPSIS.match(core) else ""
