"""Letters that no person wrote: what came back, what was put off, receipts, and answers by machines."""

import re

from yishi.conversations.port import Receipt, Unreadable
from yishi.plugins.channels.mail.charsets import decode
from yishi.plugins.channels.mail.headers import Headers, ids_of, one_line, split_headers
from yishi.plugins.channels.mail.parts import Part

_OURS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_OUR_ID_IN_TEXT = re.compile(r"<?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})@([\w.-]{3,255})")
_POST_OFFICE = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|maildelivery|mdaemon|postoffice)@|@$", re.I
)
_CAME_BACK = re.compile(
    r"系统退信|退信|投递失败|发送失败|邮件未送达|无法投递|无法送达|未能送达|未送達|無法傳送|傳送失敗|退回的邮件"
    r"|undeliver|delivery (?:status notification|failure|has failed|problem)|failure notice|returned mail"
    r"|mail delivery (?:failed|system|subsystem)|could not be delivered|delivery report",
    re.I,
)
_PUT_OFF = re.compile(
    r"延迟|暂时无法|继续尝试|将继续|稍后重试|delay(?:ed)?\b|will (?:be retried|continue|keep trying)"
    r"|still being retried|warning:",
    re.I,
)
_REASON = re.compile(
    r"(?:\b[45]\d\d[ -]\S.{0,180}|\b[45]\.\d{1,3}\.\d{1,3}\b.{0,180}"
    r"|(?:对方|收件人|邮箱)[^\n]{0,40}(?:不存在|已满|拒绝|无法|错误|停用)[^\n]{0,60})"
)
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:(?:re|回复|答复)\s*[：:]\s*)?[\[【(（]?\s*(?:自动回复|自動回覆|自动答复|自動回复|自动应答"
    r"|休假自动|外出自动|假期自动|auto(?:matic)?[ -]?(?:reply|response|answer)|autoreply"
    r"|out[ -]of[ -](?:the[ -])?office|ooo\b|vacation (?:reply|notice)"
    r"|away from (?:the )?office)",
    re.I,
)
_NOBODY = re.compile(
    r"(?:no-?_?reply|do-?_?not-?_?reply|noreply[\w.+-]*|bounces?[\w.+-]*|mailer-daemon|postmaster|notifications?|auto-?reply)@",
    re.I,
)
_READ_MOST = 100_000
_SAID_MOST = 10_000
_RETURNED = ("text/rfc822-headers", "message/rfc822-headers", "message/rfc822")


def receipts_of(
    top: Part, address: str, subject: str, text: str, *, domain: str
) -> tuple[Receipt, ...] | None:
    """What a bounce or a receipt tells of our messages; None for a letter that is neither.

    What came back and is not ours (somebody forged our address) tells nothing. Raises Unreadable where
    something of ours may have come back and its number is nowhere.
    """
    report = _report_of(top)
    is_from_office = bool(_POST_OFFICE.search(address)) or top.headers.raw("return-path").strip() == b"<>"
    looks_back = bool(_CAME_BACK.search(subject)) and is_from_office
    if report is None and not looks_back and not (is_from_office and top.headers.raw("x-failed-recipients")):
        return None
    found, has_any = _returned_ids(top, report, text, domain)
    state, reason = _state_of(report, subject, text)
    if not state:
        return ()
    if not has_any:
        raise Unreadable("bounce_unmatched", reason)
    return tuple(Receipt(each, state, reason) for each in found)


def _report_of(top: Part) -> Part | None:
    kinds = ("message/delivery-status", "message/global-delivery-status", "message/disposition-notification")
    for part in (top, *top.inside):
        if part.kind in kinds:
            return part
    return None


def _state_of(report: Part | None, subject: str, text: str) -> tuple[str, str]:
    """(FAILED, DELIVERED, READ or '' where nothing is settled, the reason as it was said)."""
    if report is None:
        found = _REASON.search(text[:_SAID_MOST])
        if _PUT_OFF.search(f"{subject}\n{text[:2_000]}") and not re.search(
            r"\b5\.\d\.\d|\b55\d\b", text[:_SAID_MOST]
        ):
            return "", ""
        return "FAILED", one_line(found[0] if found else subject)[:200]
    fields = _fields_of(report)
    if report.kind == "message/disposition-notification":
        is_read = any("displayed" in each.word("disposition") for each in fields)
        return ("READ" if is_read else ""), ""
    actions = [each.word("action").partition(" ")[0] for each in fields]
    if "failed" in actions or (
        not any(actions) and any(each.word("status").startswith("5") for each in fields)
    ):
        said = next((each for each in fields if each.word("action").startswith("failed")), fields[-1])
        reason = said.text("diagnostic-code").partition(";")[2].strip() or said.text("status")
        return "FAILED", one_line(reason)[:200]
    return ("DELIVERED" if actions and set(actions) <= {"delivered", ""} else ""), ""


def _fields_of(report: Part) -> list[Headers]:
    """The groups of fields of a report: one about the letter, one a recipient."""
    plain, _cut = report.content(_READ_MOST)
    groups = [each for each in re.split(rb"\r?\n[ \t]*\r?\n", plain.lstrip()) if each.strip()][:50]
    return [split_headers(each + b"\n\n", 0, len(each) + 2)[0] for each in groups] or [Headers()]


def _returned_ids(top: Part, report: Part | None, text: str, domain: str) -> tuple[list[str], bool]:
    """Our ids of what came back, and whether any id stands there at all."""
    said: list[str] = []
    for part in top.walk():
        if part is not top:
            said += ids_of(part.headers.raw("message-id"))
        if part.kind in _RETURNED and not part.inside:
            plain, _cut = part.content(_READ_MOST)
            said += ids_of(split_headers(plain + b"\n\n", 0, len(plain) + 2)[0].raw("message-id"))
    if report is not None:
        for each in _fields_of(report):
            said += [*ids_of(each.raw("original-message-id")), *ids_of(each.raw("x-original-message-id"))]
    if not said:
        said += [*ids_of(top.headers.raw("in-reply-to")), *ids_of(top.headers.raw("references"))]
    if not said:
        raw = decode(top.body[top.start : min(top.end, top.start + _READ_MOST)]).text
        said += [f"{own}@{place}" for own, place in _OUR_ID_IN_TEXT.findall(text + "\n" + raw)]
    ours = [own for own in (our_number(each, domain) for each in said) if own]
    return list(dict.fromkeys(ours)), bool(said)


def our_number(message_id: str, domain: str) -> str:
    """The number of a message of ours in its Message-ID; '' for anybody else's."""
    local, _, place = message_id.lower().rpartition("@")
    return local if place == domain.lower() and _OURS.fullmatch(local) else ""


def is_automatic(headers: Headers, address: str, subject: str) -> bool:
    """Whether a machine wrote it, so that no machine of ours may answer (RFC 3834 and what others do)."""
    submitted = headers.word("auto-submitted").partition(";")[0].strip()
    precedence = headers.word("precedence")
    suppress = headers.word("x-auto-response-suppress")
    return bool(
        (submitted and submitted != "no")
        or precedence in ("bulk", "junk", "list", "auto_reply", "auto-reply")
        or any(word in suppress for word in ("all", "autoreply", "oof"))
        or any(name in headers.fields for name in _MACHINES)
        or headers.raw("return-path").strip() == b"<>"
        or _NOBODY.match(address)
        or _AUTOMATIC_SUBJECT.match(subject)
    )


_MACHINES = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-yishi-automatic",
    "list-id",
    "list-unsubscribe",
    "feedback-id",
    "x-loop",
)
