"""A raw letter as what a person said: his words, his files, what he answers; or what a machine tells."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from yishi.conversations.port import GivenFile, Heard, Said, Unreadable, numbers_in
from yishi.plugins.channels.mail.bounces import is_automatic, our_number, receipts_of
from yishi.plugins.channels.mail.charsets import LOST, decode
from yishi.plugins.channels.mail.headers import Headers, address_of, ids_of, moment_of, one_line
from yishi.plugins.channels.mail.pages import text_of_html
from yishi.plugins.channels.mail.parts import Letter, Part, open_letter
from yishi.plugins.channels.mail.quoting import strip_quotes

MOST_TEXT = 400_000
MOST_FILES = 20
MOST_OF_FILES = 20 * 1024 * 1024
# a smaller picture within a page is a line, a dot or a smiley of its program
_LEAST_PICTURE = 2_048
CUT_MARK = "x-yishi-size"
_KNOWN = frozenset({"from", "to", "subject", "date", "message-id", "received", "mime-version", "return-path"})
_NO_WORDS = re.compile(
    r"(?:不支持|无法显示|does not support|doesn't support|unable to (?:read|display)).{0,40}html"
    r"|view (?:this|it) .{0,30}browser",
    re.I,
)
_ANSWERED = re.compile(r"\s*(?:re|aw|回复|答复|回覆|答覆)\s*(?:\[\d+\])?\s*[：:]", re.I)
_SHORTEST_NUMBER = 10


@dataclass
class _Content:
    """What was found in a letter's parts; `unread` says what of it could not be kept or read."""

    texts: list[str] = field(default_factory=list)
    files: list[GivenFile] = field(default_factory=list)
    lost: int = 0
    left: int = MOST_TEXT
    bytes_left: int = MOST_OF_FILES
    more_files: int = 0
    is_sealed: bool = False


def read_letter(body: bytes, settings: Mapping[str, str], *, at: datetime, zone: tzinfo) -> Heard:
    """All that a letter holds. Raises Unreadable for what is no letter, or names nobody who wrote it."""
    letter = open_letter(body)
    top, headers = letter.top, letter.top.headers
    if not _KNOWN & headers.fields.keys():
        raise Unreadable("not_a_letter", "no header of a letter")
    own = settings.get("address", "").strip().lower()
    domain = own.rpartition("@")[2]
    name, address = _writer(headers, own)
    subject = headers.text("subject")
    content = _Content()
    _gather(top, content)
    text = "\n\n".join(each for each in content.texts if each.strip())
    receipts = receipts_of(top, address, subject, text, domain=domain)
    if receipts is not None:
        return Heard(receipts=receipts)
    if not address:
        raise Unreadable("no_sender", "no address in From")
    if address.lower() == own:
        return Heard()
    if content.lost > 10 and content.lost * 2 > len("".join(text.split())):
        raise Unreadable("bad_charset", f"{content.lost} signs")
    return Heard(said=(_said(letter, content, (name, address, subject, text), domain, at=at, zone=zone),))


def _writer(headers: Headers, own: str) -> tuple[str, str]:
    """Who is answered: Reply-To where there is one, so that whoever forges a sender gets no answer meant for
    him; else From, else Sender."""
    name, address = address_of(headers.raw("from"))
    wanted = address_of(headers.raw("reply-to"))
    if wanted[1] and wanted[1].lower() not in (address.lower(), own):
        return wanted[0] or name, wanted[1]
    if not address:
        name, address = address_of(headers.raw("sender"))
    return name, address


def _said(
    letter: Letter,
    content: _Content,
    head: tuple[str, str, str, str],
    domain: str,
    *,
    at: datetime,
    zone: tzinfo,
) -> Said:
    name, address, subject, text = head
    headers = letter.top.headers
    machine = is_automatic(headers, address, subject)
    told = "\n".join([_own_words(text, subject, headers, content), *_notes(letter, content, headers)])
    answers = [*ids_of(headers.raw("in-reply-to")), *reversed(ids_of(headers.raw("references")))]
    mark = hashlib.sha256(repr((address, subject, headers.raw("date"), text)).encode("utf-8", "replace"))
    ids = ids_of(headers.raw("message-id"))
    data: dict[str, Any] = {"fingerprint": mark.hexdigest()[:16]}
    if number := _waybill_no(subject, told):
        data["waybill_no"] = number
    if content.lost:
        data["lost_signs"] = content.lost
    if letter.is_cut or headers.cut:
        data["is_cut"] = True
    return Said(
        external_id=ids[0] if ids else f"none-{mark.hexdigest()[:32]}",
        address=address,
        text=told.strip(),
        said_at=moment_of(headers.raw("date"), zone, at=at),
        name=name[:100],
        subject=subject[:300],
        answers=tuple(dict.fromkeys(our_number(each, domain) or each for each in answers)),
        files=tuple(content.files),
        is_automatic=machine,
        data=data,
    )


def _own_words(text: str, subject: str, headers: Headers, content: _Content) -> str:
    """What he wrote himself; his subject where that is all; the whole where he only hands something on."""
    stripped = strip_quotes(text)
    if stripped.text or content.is_sealed:
        return stripped.text
    if stripped.has_quote and not (_ANSWERED.match(subject) or headers.raw("in-reply-to")):
        return text
    if stripped.has_quote:
        return _("［没有写新的内容，只引用了前面的邮件］")
    return "" if content.files and _ANSWERED.match(subject) else subject


def _notes(letter: Letter, content: _Content, headers: Headers) -> list[str]:
    """A line for everything that we could not read or keep: the letter itself stays with us whole."""
    notes = []
    if content.is_sealed:
        notes.append(_("［这封邮件是加密的，读不了内容］"))
    if content.lost:
        notes.append(_("［有 %(count)s 个字认不出］") % {"count": content.lost})
    if letter.is_cut:
        notes.append(_("［邮件的部分太多或嵌套太深，后面的没有读］"))
    if content.more_files:
        notes.append(_("［还有 %(count)s 个附件没有收下］") % {"count": content.more_files})
    if (size := headers.word(CUT_MARK)).isdecimal() and len(size) < 15:
        megabytes = -(-int(size) // (1024 * 1024))
        notes.append(_("［邮件有 %(size)s MB，太大，只收了开头，全文在邮箱里］") % {"size": megabytes})
    return notes


def _waybill_no(subject: str, text: str) -> str:
    """The likeliest number that he names; none where only telephone or short numbers stand there."""
    for words in (subject, text):
        for number in numbers_in(words, most=3):
            is_mobile = len(number) == 11 and number.isdigit() and number.startswith("1")
            if len(number) >= _SHORTEST_NUMBER and not is_mobile:
                return number
    return ""


def _gather(part: Part, content: _Content) -> None:
    """Texts in their order, files beside them; of alternatives the one that says most plainly."""
    kind = part.kind
    if kind == "multipart/alternative" and part.inside:
        _gather_best(part, content)
    elif kind == "multipart/signed" and part.inside:
        _gather(part.inside[0], content)
    elif kind in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
        content.is_sealed = True
    elif part.is_multipart:
        for each in part.inside:
            _gather(each, content)
    elif kind in ("message/rfc822", "message/global") and part.inside:
        _gather_handed_on(part.inside[0], content)
    elif kind in ("text/plain", "text/html", "text/enriched", "text/x-markdown") or kind.startswith(
        "multipart/"
    ):
        if part.is_attached and part.name:
            _gather_file(part, content)
        else:
            content.texts.append(_text_of(part, content))
    elif not kind.startswith(("message/", "text/rfc822")) and kind != "application/pkcs7-signature":
        _gather_file(part, content)


def _gather_best(part: Part, content: _Content) -> None:
    """Plain text where it says something, else the page; other ways to say it (a calendar's) are left out."""
    leaves = [each for each in part.walk() if not each.is_multipart and not each.is_attached]
    plain = next((each for each in leaves if each.kind == "text/plain"), None)
    page = next((each for each in leaves if each.kind == "text/html"), None)
    text = _text_of(plain, content) if plain else ""
    if page is not None and (not text.strip() or (len(text) < 300 and _NO_WORDS.search(text))):
        text = _text_of(page, content) or text
    content.texts.append(text)
    for each in leaves:
        if not each.kind.startswith(("text/", "message/", "multipart/")):
            _gather_file(each, content)


def _gather_handed_on(inner: Part, content: _Content) -> None:
    subject, writer = inner.headers.text("subject"), inner.headers.text("from")
    own = _Content(left=content.left, bytes_left=content.bytes_left)
    _gather(inner, own)
    content.texts += [
        _("［转发的邮件］%(from)s：%(subject)s") % {"from": writer[:100], "subject": subject[:200]}
    ]
    content.texts += own.texts
    content.files += own.files
    content.lost, content.left, content.bytes_left = content.lost + own.lost, own.left, own.bytes_left
    content.more_files += own.more_files


def _text_of(part: Part, content: _Content) -> str:
    if content.left <= 0:
        return ""
    plain, is_cut = part.content(content.left)
    content.left -= len(plain)
    said = decode(plain, part.parameters.get("charset", ""), is_cut=is_cut)
    text = said.text.replace("\r\n", "\n").replace("\r", "\n")
    if part.kind == "text/html" or (part.kind == "text/plain" and _is_page(text)):
        text = text_of_html(text)
    content.lost += text.count(LOST)
    return text


def _is_page(text: str) -> bool:
    """HTML under the name of plain text, as some programs send it."""
    return text.lstrip()[:200].lower().startswith(("<!doctype html", "<html"))


def _gather_file(part: Part, content: _Content) -> None:
    size = part.end - part.start
    is_dot = part.kind.startswith("image/") and size < _LEAST_PICTURE and part.headers.raw("content-id")
    if is_dot or size <= 0:
        return
    if len(content.files) >= MOST_FILES or size * 3 // 4 > content.bytes_left:
        content.more_files += 1
        return
    body, _cut = part.content()
    content.bytes_left -= len(body)
    name = one_line(part.name).replace("\\", "/").rpartition("/")[2].strip(". ") or _("附件")
    content.files.append(GivenFile(name[:150], part.kind[:100], body))
