"""A notice as a letter: whom it answers, who wrote it, its files; no value can begin a header of its own."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, formataddr
from typing import Any

from yishi.notifications.port import Notice, PluginError

_ID = re.compile(r"[!-;=?-~]{1,250}")
_ANSWERED = re.compile(r"\s*(?:re|aw|回复|答复|回覆)\s*(?:\[\d+\])?\s*[：:]", re.I)
_IDS = frozenset({"message-id", "in-reply-to", "references"})
_MOST_IDS = 10


class _Policy(EmailPolicy):
    """As for SMTP, but an id is never cut or encoded, however long: it must come back as it went."""

    def fold(self, name: str, value: Any) -> str:
        if name.lower() in _IDS:
            return f"{name}: " + f"{self.linesep} ".join(str(value).split()) + self.linesep
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _IDS:
            return self.fold(name, value).encode("ascii", "replace")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep=SMTP.linesep, max_line_length=SMTP.max_line_length)


def write_letter(notice: Notice, *, sender: str, name: str = "") -> EmailMessage:
    """The letter. Whatever a machine wrote says so (RFC 3834), so that no other machine answers it.

    Raises PluginError for an address or a subject that would break its header.
    """
    extra = notice.extra
    answers = [found[0] for each in extra.get("answers", []) if (found := _ID.match(str(each)))][:_MOST_IDS]
    message = EmailMessage(policy=_POLICY)
    try:
        message["From"] = formataddr((name, sender)) if name.isascii() else f'"{_plain(name)}" <{sender}>'
        message["To"] = notice.to
        message["Subject"] = _subject(notice.heading, is_answer="answers" in extra)
    except ValueError as broken:
        raise PluginError("a header would be broken", permanent=True) from broken
    message["Message-ID"] = f"<{notice.notice_id}@{sender.rpartition('@')[2]}>"
    if answers:
        message["In-Reply-To"] = f"<{answers[0]}>"
        message["References"] = " ".join(f"<{each}>" for each in reversed(answers))
    message["Date"] = format_datetime(datetime.fromisoformat(notice.at))
    if not extra.get("is_person"):
        message["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(notice.body)
    for file in notice.files:
        main, _, sub = file.content_type.partition("/")
        message.add_attachment(
            file.body,
            maintype=main or "application",
            subtype=sub or "octet-stream",
            filename=_plain(file.name),
        )
    return message


def _plain(text: str) -> str:
    return re.sub(r'[\x00-\x1f\x7f"\\]', " ", text).strip()


def _subject(heading: str, *, is_answer: bool) -> str:
    return f"Re: {heading}" if is_answer and not _ANSWERED.match(heading) else heading
