"""Hands mail to a SMTP server over one connection a batch; the notice's id is the Message-ID."""

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from yishi.notifications.port import TIMEOUT_S, Notice, PluginError
from yishi.plugins.senders.smtp.letters import write_letter

_PORTS = {"implicit": 465, "starttls": 587}


@dataclass(frozen=True)
class Gateway:
    """A SMTP server and who writes by it; `name` is shown beside his address."""

    host: str
    tls: str
    port: int
    user: str
    password: str
    sender: str
    name: str = ""


def connect(url: str, home: Path) -> "SmtpLine":
    """A line to the server at `url`; reached with the first notice. PluginError for a useless address."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise PluginError("the SMTP address names no host")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    tls, user = (
        query.get("tls", "implicit" if parts.scheme == "smtps" else "none"),
        unquote(parts.username or ""),
    )
    return SmtpLine(
        Gateway(
            host=parts.hostname,
            tls=tls,
            port=parts.port or _PORTS.get(tls, 25),
            user=user,
            password=unquote(parts.password or ""),
            sender=query.get("from") or (user if "@" in user else f"yishi@{parts.hostname}"),
        )
    )


def connect_account(settings: Mapping[str, str], home: Path) -> "SmtpLine":
    """A line by which a mailbox that people write to is answered, from its own address."""
    said = {name: value.strip() for name, value in settings.items()}
    address, host = said.get("address", ""), said.get("smtp_host", "")
    if not host or "@" not in address:
        raise PluginError("the account names no SMTP server or no address")
    tls = said.get("smtp_tls") or "implicit"
    port = said.get("smtp_port") or str(_PORTS.get(tls, 25))
    if not port.isdecimal():
        raise PluginError("the SMTP port is no number")
    user = said.get("smtp_user") or said.get("user") or address
    return SmtpLine(
        Gateway(
            host=host,
            tls=tls,
            port=int(port),
            # a server on the same machine may want no login
            user="" if user == "-" else user,
            password=settings.get("smtp_password") or settings.get("password", ""),
            sender=address,
            name=said.get("name", ""),
        )
    )


class SmtpLine:
    """One SMTP connection, opened when first needed and again after the server has closed it."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._server: smtplib.SMTP | None = None

    def send(self, notice: Notice) -> None:
        """Returns when the server has answered 250 to the whole message."""
        at = self._gateway
        message = write_letter(notice, sender=at.sender, name=at.name)
        server = self._open()
        try:
            server.send_message(message, from_addr=at.sender, to_addrs=[notice.to])
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
        at, context = self._gateway, ssl.create_default_context()
        if at.tls == "implicit":
            server: smtplib.SMTP = smtplib.SMTP_SSL(at.host, at.port, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(at.host, at.port, timeout=TIMEOUT_S)
        if at.tls == "starttls":
            server.starttls(context=context)
        if at.user:
            server.login(at.user, at.password)
        return server
