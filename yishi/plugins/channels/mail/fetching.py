"""Letters out of a mailbox by IMAP: each is given until we say that it lies with us, and none is deleted."""

import imaplib
import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date

from django.utils.translation import gettext as _

from yishi.conversations.port import Letter, PluginError
from yishi.plugins.channels.mail.reading import CUT_MARK

TIMEOUT_S = 10.0
# taking it in costs four times its size at the peak: F10 allows 64 MB
MOST_BYTES = 16 * 1024 * 1024
BEGINNING = 256 * 1024
TAKEN = "YishiTaken"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
# a server that is busy refuses a login too; that is no wrong password
_BUSY = re.compile(
    rb"UNAVAILABLE|INUSE|LIMIT|too many|busy|try again|temporar|frequen|\xe7\xb9\x81\xe5\xbf\x99", re.I
)

imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))


class MailboxFetcher:
    """Opens a connection a fetch; `done` uses it while letters are given, so that a server sees one login."""

    def __init__(self) -> None:
        self._here = threading.local()

    def fetch(self, settings: Mapping[str, str], *, most: int) -> Iterator[Letter]:
        """Letters that wait, oldest first, at most `most`. One over 16 MB comes with its beginning only, and
        says so. Raises PluginError; `permanent` where the login or the folder is refused."""
        with _plainly():
            box = _Mailbox(settings)
        self._here.box = box
        try:
            with _plainly():
                waiting = box.waiting()
            for uid in waiting[:most]:
                with _plainly():
                    body = box.letter(uid)
                if body:
                    yield Letter(f"{box.validity}:{uid}", body)
        finally:
            self._here.box = None
            box.close()

    def done(self, settings: Mapping[str, str], places: list[str]) -> None:
        """Marks them, and moves them where the account has a folder for it."""
        open_one = getattr(self._here, "box", None)
        with _plainly():
            box = open_one if open_one is not None and open_one.settings == settings else _Mailbox(settings)
            try:
                box.mark([each for each in places if each.startswith(f"{box.validity}:")])
            finally:
                if box is not open_one:
                    box.close()


@contextmanager
def _plainly() -> Iterator[None]:
    """What goes wrong between us and a server, as an error that pauses or waits."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise PluginError(_("邮箱服务器的证书不可信，没有连接"), permanent=False) from error
    except (imaplib.IMAP4.error, OSError, EOFError) as error:
        raise PluginError(_("连不上邮箱服务器，稍后再试"), permanent=False) from error
    except ValueError as error:
        raise PluginError(_("邮箱的设置有误：端口要是数字，日期写成 2026-11-01"), permanent=True) from error


class _Mailbox:
    """One folder, open for reading and marking."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.settings = dict(settings)
        self._server = _connect(settings)
        with ExitStack() as undone:
            undone.callback(self.close)
            self._log_in(settings)
            self._open(settings.get("folder", "").strip() or "INBOX")
            # it stands: whoever asked for it closes it
            undone.pop_all()

    def _log_in(self, settings: Mapping[str, str]) -> None:
        user = settings.get("user", "").strip() or settings.get("address", "").strip()
        try:
            self._server.login(user, _quotable(settings.get("password", "")))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as refused:
            said = refused.args[0] if refused.args else b""
            said = said if isinstance(said, bytes) else str(said).encode("utf-8", "replace")
            if _BUSY.search(said):
                raise
            raise PluginError(_("邮箱拒绝登录，请核对账号和授权码"), permanent=True) from refused
        # a server says more of itself to whom it knows
        told = self._server.capability()[1][-1]
        self._can = frozenset((told.decode("ascii", "replace") if told else "").upper().split())
        if "ID" in self._can:
            # some providers open no folder to a program that does not say its name
            with suppress(imaplib.IMAP4.error):
                self._server._simple_command("ID", '("name" "Yishi" "version" "1")')

    def _open(self, folder: str) -> None:
        answer, _told = self._server.select(_folder(folder))
        if answer != "OK":
            raise PluginError(_("邮箱里没有文件夹 %(folder)s") % {"folder": folder[:60]}, permanent=True)
        self.validity = _number(self._server.response("UIDVALIDITY")[1])
        allowed = b" ".join(each for each in self._server.response("PERMANENTFLAGS")[1] or [] if each)
        self._has_own_flag = rb"\*" in allowed or TAKEN.encode() in allowed

    def waiting(self) -> list[int]:
        """Numbers of letters not taken, oldest first: by our own flag where the server keeps it, so that one
        that a colleague has opened in his mail program comes all the same."""
        since = self.settings.get("since", "").strip()
        wanted = ["UNDELETED"]
        if self._has_own_flag:
            wanted.append(f"UNKEYWORD {TAKEN}")
        if since:
            day = date.fromisoformat(since)
            wanted.append(f"SINCE {day.day:02}-{_MONTHS[day.month - 1]}-{day.year}")
        if not since or not self._has_own_flag:
            wanted.append("UNSEEN")
        _answer, found = self._server.uid("SEARCH", *wanted)
        return sorted(int(uid) for uid in b" ".join(each for each in found if each).split())

    def letter(self, uid: int) -> bytes:
        """Its bytes; b'' where it is gone. Of one that is too large the beginning, with its size on top."""
        size = int(found[1]) if (found := _SIZE.search(self._fetch(uid, "(RFC822.SIZE)", b""))) else 0
        if size <= MOST_BYTES:
            return self._fetch(uid, "(BODY.PEEK[])", b"BODY[")
        beginning = self._fetch(uid, f"(BODY.PEEK[]<0.{BEGINNING}>)", b"BODY[")
        return f"{CUT_MARK}: {size}\r\n".encode() + beginning if beginning else b""

    def _fetch(self, uid: int, what: str, named: bytes) -> bytes:
        _answer, told = self._server.uid("FETCH", str(uid), what)
        for each in told or []:
            if isinstance(each, tuple) and named and named in each[0]:
                return bytes(each[1])
            if isinstance(each, bytes) and not named and b"RFC822.SIZE" in each:
                return each
        return b""

    def mark(self, places: list[str]) -> None:
        """Says on the server that these are taken; a server that refuses says so by an error."""
        if not places:
            return
        uids = ",".join(place.rpartition(":")[2] for place in places)
        flags = rf"(\Seen {TAKEN})" if self._has_own_flag else r"(\Seen)"
        answer, told = self._server.uid("STORE", uids, "+FLAGS.SILENT", flags)
        if answer != "OK":
            raise imaplib.IMAP4.error(told)
        if folder := self.settings.get("done_folder", "").strip():
            self._move(uids, folder)

    def _move(self, uids: str, folder: str) -> None:
        """Into the folder; where that cannot be they stay, marked."""
        name = _folder(folder)
        self._server.create(name)
        if "MOVE" in self._can:
            self._server.uid("MOVE", uids, name)
        elif self._server.uid("COPY", uids, name)[0] == "OK":
            self._server.uid("STORE", uids, "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self._can:
                self._server.uid("EXPUNGE", uids)

    def close(self) -> None:
        with suppress(imaplib.IMAP4.error, OSError):
            self._server.logout()


def _connect(settings: Mapping[str, str]) -> imaplib.IMAP4:
    host, tls = settings.get("imap_host", "").strip(), settings.get("imap_tls", "").strip() or "implicit"
    port = int(settings.get("imap_port", "").strip() or (993 if tls == "implicit" else 143))
    if tls == "implicit":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT_S)
    server = imaplib.IMAP4(host, port, timeout=TIMEOUT_S)
    if tls == "starttls":
        server.starttls(ssl.create_default_context())
    return server


def _quotable(password: str) -> str:
    """A password that cannot break out of its line."""
    return password.replace("\r", "").replace("\n", "")


def _folder(name: str) -> str:
    """A folder's name as IMAP spells it: modified UTF-7, in quotes."""
    coded = re.sub(r"[^ -~]+", lambda found: _utf7(found[0]), name.replace("&", "&-"))
    return '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(text: str) -> str:
    return "&" + text.encode("utf-7").decode()[1:].rstrip("-").replace("/", ",") + "-"


def _number(told: list[bytes | None] | None) -> str:
    found = re.search(rb"\d+", b" ".join(each for each in told or [] if each))
    return found[0].decode() if found else "0"
