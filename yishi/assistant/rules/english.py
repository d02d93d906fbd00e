"""English messages by a few words: the model is trained on Chinese, nobody is sent away for it. Pure."""

import re

from yishi.assistant.rules.understood import Guess, Stage, Understanding

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z']{2,}")
_COMMON_WORDS = """
the my is are it its it's where when what which how who why to of in on at by with and or not no
don't never still was has have had hi hello hey please thanks thank you your we they this that can
could will would do does did parcel package order delivery send track need want help address code
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_SURE = 0.9
# the first that matches; the narrower before the wider
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "human_agent",
        r"\b(?:human|real person|live agent|an? agent|representative|operator|talk to (?:a|some))",
    ),
    (
        "compensation",
        r"compensat|refund for (?:the )?(?:loss|damage)|pay (?:me )?for (?:the )?(?:loss|damage)",
    ),
    (
        "not_received_signed",
        r"(?:delivered|signed)[^.]{0,40}(?:not|never|n't|haven|don't)|(?:not|never|n't)[^.]{0,30}(?:received|got)",
    ),
    ("damaged", r"damaged|broken|crushed|leak|smashed|wet\b"),
    ("wrong_item_or_short", r"wrong item|missing (?:item|part)|something(?:'s| is) missing|incomplete"),
    ("lost", r"\blost\b|disappear|went missing"),
    (
        "intercept_return",
        r"send it back|intercept|stop (?:the )?(?:parcel|delivery)|return to (?:the )?sender",
    ),
    ("refuse", r"refuse|reject"),
    ("pickup_code", r"pick ?-?up code|code for the (?:locker|station)|locker code"),
    ("pickup_where_when", r"where (?:can|do) i (?:pick|collect)|pick ?-?up (?:point|place|address)"),
    ("no_locker_preference", r"(?:no|not|don't)[^.]{0,25}(?:locker|station)|to my door|leave it with"),
    ("complaint_progress", r"my (?:complaint|case|ticket)|(?:complaint|case)[^.]{0,12}(?:status|progress)"),
    ("complaint_channel", r"complain"),
    (
        "change_address_or_time",
        r"(?:change|another|different|new)[^.]{0,25}(?:address|time|date|day)|reschedul|redeliver",
    ),
    (
        "delay_complaint",
        r"\blate\b|delayed|too slow|still (?:not|hasn't|haven't)|hurry|overdue|waiting for (?:days|a week)",
    ),
    ("when_arrive", r"when (?:will|is|does|do)|arriv|how long|\beta\b"),
    (
        "contact_courier",
        r"(?:courier|driver)[^.]{0,20}(?:phone|number|contact|call)|contact the (?:courier|driver)",
    ),
    ("attitude_complaint", r"\brude|attitude|unfriendly"),
    (
        "send_parcel",
        r"(?:send|ship|mail) (?:a|an|my) (?:parcel|package|box)|book a (?:pick|courier)|how much",
    ),
    ("service_hours", r"(?:opening|working|business|office) hours|are you open|what time do you"),
    ("which_carrier", r"which (?:carrier|courier|company)"),
    ("track_parcel", r"track|where(?:'s| is)|status|my (?:parcel|package|order|shipment)"),
    ("praise_thanks", r"^(?:thanks|thank you|thx|great)"),
    ("greeting_chitchat", r"^(?:hi|hello|hey|good (?:morning|afternoon|evening))"),
)
_PATTERNS = tuple((intent, re.compile(pattern)) for intent, pattern in _WORDS)


def is_english(text: str) -> bool:
    """English words and no Chinese sign; a bare waybill number is no language, and pinyin is Chinese."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    return not _CHINESE.search(text) and len(words) >= 2 and not _COMMON.isdisjoint(words)


def english_intent(text: str) -> Understanding | None:
    """The wish of an English line; None where it is not English or names nothing we know."""
    if not is_english(text):
        return None
    plain = text.lower().replace("’", "'")
    for intent, pattern in _PATTERNS:
        if pattern.search(plain):
            return Understanding(
                text=text, intents=(Guess(intent=intent, confidence=_SURE),), is_sure=True, stage=Stage.SHARP
            )
    return None
