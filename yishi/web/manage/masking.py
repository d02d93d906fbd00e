"""A raw body as an operator may see it: its shape and codes stay, people in it do not. Pure."""

import re
from urllib.parse import unquote_plus

from yishi.kit.personal import without_phones

MAX_SHOWN = 6_000

# fields whose value is about a person, in the formats that carriers and platforms send
_PERSONAL = (
    r"[\w.-]*(?:name|phone|mobile|tel|addr|address|contact|receiver|sender|consignee|shipper|signed_by|signer|mail"
    r"|姓名|电话|手机|地址|收件人|寄件人|联系人|签收人)[\w.-]*"
)
_JSON = re.compile(rf'(\\?"{_PERSONAL}\\?"\s*:\s*\\?")((?:[^"\\]|\\[^"])*)', re.IGNORECASE)
_XML = re.compile(rf"(<({_PERSONAL})(?:\s[^>]*)?>)([^<]+)(</\2>)", re.IGNORECASE)
_FORM = re.compile(rf"((?:^|&){_PERSONAL}=)([^&]+)", re.IGNORECASE | re.MULTILINE)
_ENCODED = re.compile(r"=[^&\s]*%[0-9A-Fa-f]{2}")
_LONG_DIGITS = re.compile(r"(?<![\dA-Za-z])(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def masked(body: bytes) -> tuple[str, int]:
    """The body as text with people taken out, and how many signs are left away at its end."""
    text = body.decode("utf-8", errors="replace")
    # a form is read as what it says: behind %22 no number would be seen
    text = (unquote_plus(text) if _ENCODED.search(text) else text).replace("\x00", "␀")
    text = _JSON.sub(r"\1***", text)
    text = _XML.sub(r"\1***\4", text)
    text = _FORM.sub(r"\1***", text)
    text = without_phones(_LONG_DIGITS.sub(r"\1****\2", text))
    return text[:MAX_SHOWN], max(0, len(text) - MAX_SHOWN)
