"""Hands mail to a SMTP server over one connection a batch; the notice's id is the Message-ID."""

import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from yishi.notifications.port import TIMEOUT_S, Notice, PluginError


def connect(url: str, home: Path) -> "SmtpLine":
    """A line to the server at `url`; reached with the first notice. PluginError for a useless address."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise PluginError("the SMTP address names no host")
    return SmtpLine(parts)


class SmtpLine:
    """One SMTP connection, opened when first needed and again after the server has closed it."""

    def __init__(self, parts: SplitResult) -> None:
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self._host = parts.hostname or ""
        self._tls = query.get("tls", "implicit" if parts.scheme == "smtps" else "none")
        self._port = parts.port or {"implicit": 465, "starttls": 587}.get(self._tls, 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = query.get("from") or (self._user if "@" in self._user else f"yishi@{self._host}")
        self._server: smtplib.SMTP | None = None

    def send(self, notice: Notice) -> None:
        """Returns when the server has answered 250 to the whole message."""
        message = self._message(notice)
        server = self._open()
        try:
            server.send_message(message, from_addr=self._sender, to_addrs=[notice.to])
        except smtplib.SMTPRecipientsRefused as refused:
            code, _ = next(iter(refused.recipients.values()))
            raise PluginError(f"recipient refused: {code}", permanent=code >= 500) from refused
        except smtplib.SMTPResponseException as answer:
            raise PluginError(f"answered {answer.smtp_code}", permanent=answer.smtp_code >= 500) from answer
        except smtplib.SMTPNotSupportedError as wrong:
            raise PluginError("the server cannot take this address", permanent=True) from wrong
        except (OSError, smtplib.SMTPException) as broken:
            self.close()
            raise PluginError(f"connection lost: {type(broken).__name__}", outage=True) from broken

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _open(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        try:
            self._server = self._dial()
        except (OSError, smtplib.SMTPException) as broken:
            # a wrong password is mended in the settings, not by giving up the mail
            raise PluginError(f"not reached: {type(broken).__name__}", outage=True) from broken
        return self._server

    def _dial(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._tls == "implicit":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        if self._tls == "starttls":
            server.starttls(context=context)
        if self._user:
            server.login(self._user, self._password)
        return server

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage(policy=POLICY)
        try:
            message["From"] = self._sender
            message["To"] = notice.to
            message["Subject"] = notice.heading
        except ValueError as broken:
            raise PluginError("a header would be broken", permanent=True) from broken
        message["Message-ID"] = f"<{notice.notice_id}@{self._sender.partition('@')[2]}>"
        message["Date"] = format_datetime(datetime.fromisoformat(notice.at))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice.body)
        return message
