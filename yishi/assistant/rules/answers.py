"""Short answers to what we asked: yes, no, settled, no number at hand; in the odd forms people type. Pure."""

import re

_SIGNS = re.compile(r"[\s。.!！~～，,、…]+")
_YES = (
    r"可以的?|阔以|是的?|是滴|对的?|对头|好的?|好滴|好嘞|好呀|好啊|行的?|得|中|嗯+呐?|恩+|确认|确定|没错|没问题|同意|要的?"
    r"|提交|通知|报|办|那就办|帮我办|就这样|就这么办|冇问题|系|ok+|okay|okk|yes|yep|yeah|sure|y|please|1|👌|👍|✅"
)
_NO = (
    r"不可以|不是|不对|不要|不用|不行|不必|不办|不需要|不了|先不办?|先不要|先别|别|算了|取消|否|没有?|还没有?|没解决"
    r"|还没解决|没搞定|不|唔使|唔好|no|nope|n|not yet|❌|🙅"
)
_SOFT = r"[吧哈呀啊哦呢了嘛啦的滴]*"
_POLITE = r"(?:谢谢你?|谢啦|麻烦你?了?|辛苦了?|thanks|thankyou|快点|尽快|谢)*"
_IS_YES = re.compile(rf"(?:(?:{_YES}){_SOFT})+{_POLITE}", re.IGNORECASE)
_IS_NO = re.compile(rf"(?:(?:{_NO}){_SOFT})+{_POLITE}", re.IGNORECASE)
_SETTLED = re.compile(
    r"(?:(?:已经?|都)?(?:解决|搞定|好|可以|收到|明白|知道|清楚|行|了解)[了啦]+|没事[了啦]?|没有了|没了|不用了|谢谢你?[了啦]?|谢啦|多谢"
    r"|好滴|好的|唔该|thanks|thank ?you|solved|great|🙏|👍|👌|❤)+"
    r"[吧哈呀啊哦的]*",
    re.IGNORECASE,
)
# 可以，快点 is a yes with a word behind it; 可以，但是先别退 is none
_YES_FIRST = re.compile(rf"(?:{_YES}){_SOFT}[，,。.!！\s]+(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)
_TURNS = re.compile(r"不|别|但|等|先|吗|么|[?？]|no|but", re.IGNORECASE)
_NO_NUMBER = re.compile(
    r"(?:没有?|没得|冇|找不到|不知道|不清楚|不记得|忘了?|忘记|查不到|没看到|没见|弄丢)了?[^，,。？?]{0,6}(?:单号|运单|号码|快递号|面单|编号)"
    r"|(?:单号|运单号?|快递号)[^，,。]{0,4}(?:没有|没了|丢了|忘了|找不到|不知道|不记得)"
    r"|^(?:没有?|不知道|不记得|忘了|找不到|哪里看|在哪看|上哪找)(?:了|啊|呢|吗)?$"
    r"|(?:no|don.?t have|lost|don.?t know)[^.]{0,14}number",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """A short answer without signs and spaces."""
    return _SIGNS.sub("", text).lower()


def says_yes(text: str) -> bool:
    """可以、好滴、嗯嗯、👌, also with a word behind it that takes nothing back; a question is no yes."""
    if "?" in text or "？" in text or says_no(text):
        return False
    if _IS_YES.fullmatch(plain(text)):
        return True
    found = _YES_FIRST.fullmatch(text.strip())
    return found is not None and not _TURNS.search(found["rest"])


def says_no(text: str) -> bool:
    return "?" not in text and "？" not in text and _IS_NO.fullmatch(plain(text)) is not None


def says_settled(text: str) -> bool:
    return _SETTLED.fullmatch(plain(text)) is not None or says_yes(text)


def says_no_number(text: str) -> bool:
    """He has no waybill number at hand."""
    return len(text) < 60 and _NO_NUMBER.search(text.strip()) is not None
