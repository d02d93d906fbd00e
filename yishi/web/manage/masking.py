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

# what people say by a channel, in the formats of channels
_SPOKEN = (
    r"(?:text|content|words|body|recognition|label|title|description|message|said|nick|sendernick|openid"
    r"|fromusername|from|to|caller|called|userid|open_id|staffid|senderstaffid|senderid)"
)
_SPOKEN_JSON = re.compile(rf'(\\?"{_SPOKEN}\\?"\s*:\s*\\?")((?:[^"\\]|\\[^"])*)', re.IGNORECASE)
_SPOKEN_XML = re.compile(
    rf"(<({_SPOKEN})(?:\s[^>]*)?>)\s*(?:<!\[CDATA\[.*?\]\]>|[^<]+)\s*(</\2>)", re.IGNORECASE | re.DOTALL
)
_SPOKEN_FORM = re.compile(rf"((?:^|&){_SPOKEN}=)([^&]+)", re.IGNORECASE | re.MULTILINE)
# lines of a letter's head that say how it is built, not who wrote what to whom
_TECHNICAL = re.compile(
    r"(?:mime-version|content-[\w-]+|date|auto-submitted|precedence|x-mailer|x-failed-recipients|list-id)\s*:",
    re.IGNORECASE,
)
_MAIL_ADDRESS = re.compile(r"[^\s<>()\"';,]+@[^\s<>()\"';,]+")


def masked_talk(body: bytes, plugin: str) -> tuple[str, int]:
    """A body of a channel: how it is built, neither who wrote nor what; of a letter only its head."""
    if plugin == "mail":
        return _masked_letter(body)
    if body.lstrip()[:1] not in (b"{", b"[", b"<") and b"=" not in body[:200]:
        # no format of ours: nobody knows where in it a person is
        return "", len(body)
    text, left_away = masked(body)
    text = _SPOKEN_JSON.sub(r"\1***", text)
    text = _SPOKEN_XML.sub(r"\1***\3", text)
    return _MAIL_ADDRESS.sub("***@***", _SPOKEN_FORM.sub(r"\1***", text)), left_away


def _masked_letter(body: bytes) -> tuple[str, int]:
    head, _empty, rest = body.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines, is_shown = list[str](), False
    for line in head.decode("utf-8", errors="replace").replace("\x00", "␀").splitlines():
        if line[:1] not in (" ", "\t"):
            is_shown = bool(_TECHNICAL.match(line))
            lines.append(_MAIL_ADDRESS.sub("***@***", line) if is_shown else f"{line.partition(':')[0]}: ***")
        elif is_shown:
            lines.append(_MAIL_ADDRESS.sub("***@***", line))
    return "\n".join(lines)[:MAX_SHOWN], len(rest)


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
