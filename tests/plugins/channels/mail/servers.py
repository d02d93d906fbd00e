"""A real mail house on loopback: dovecot for IMAP, a small SMTP server that delivers into its boxes."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
CARE = "care@yishi.example"
PASSWORD = 'ge "heim'

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
ssl_dh =
disable_plaintext_auth = no
auth_failure_delay = 0 secs
first_valid_uid = 1
mail_location = maildir:{home}/mail/%n
{users}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%n
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{services}
"""


class MailHouse:
    """Boxes on disk; `sent` is what left for elsewhere: (recipient, raw letter)."""

    def __init__(self, home: Path, port: int, tls_port: int, smtp_port: int, owner: tuple[int, int]):
        self.home, self.port, self.tls_port, self.smtp_port = home, port, tls_port, smtp_port
        self._owner = owner
        self.sent: list[tuple[str, bytes]] = []

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "address": CARE,
            "name": "驿使客服",
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": str(self.port),
            "imap_tls": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": str(self.smtp_port),
            "smtp_tls": "none",
            "smtp_user": "-",
            **more,
        }

    def deliver(self, body: bytes, box: str = "care") -> None:
        """As a delivering server does it: written aside, then moved in whole."""
        folder = self.home / "mail" / box
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            os.chown(folder / name, *self._owner)
        os.chown(folder, *self._owner)
        name = f"{time.time_ns()}.{uuid.uuid4().hex}.test"
        (folder / "tmp" / name).write_bytes(body)
        (folder / "tmp" / name).chmod(0o644)
        (folder / "tmp" / name).rename(folder / "new" / name)

    def flags(self, box: str = "care", folder: str = "cur") -> list[str]:
        return sorted(each.name.rpartition(",")[2] for each in (self.home / "mail" / box / folder).glob("*"))

    async def handle_DATA(self, server, session, envelope):
        for to in envelope.rcpt_tos:
            if to == CARE:
                self.deliver(envelope.content)
            else:
                self.sent.append((to, envelope.content))
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_certificate(home: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (home / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


def _configure(home: Path, port: int, tls_port: int) -> tuple[int, int]:
    """Writes what dovecot needs; as root it serves boxes as nobody, else everything is our own."""
    is_root = os.geteuid() == 0
    owner = (65534, 65534) if is_root else (os.getuid(), os.getgid())
    me = (
        "" if is_root else os.environ.get("USER") or subprocess.check_output(["id", "-un"], text=True).strip()
    )
    own_rights = ("anvil", "stats")
    text = CONFIG.format(
        home=home,
        port=port,
        tls_port=tls_port,
        uid=owner[0],
        gid=owner[1],
        users="" if is_root else f"default_internal_user = {me}\ndefault_login_user = {me}",
        chroot="" if is_root else "chroot =",
        services="" if is_root else "\n".join(f"service {each} {{\n  chroot =\n}}" for each in own_rights),
    )
    (home / "dovecot.conf").write_text(text)
    (home / "users").write_text(f"{CARE}:{{PLAIN}}{PASSWORD}::::::\n")
    _write_certificate(home)
    (home / "mail").mkdir()
    os.chown(home / "mail", *owner)
    return owner


def _await_port(port: int, server: "subprocess.Popen[bytes]", home: Path) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.02)
    said = (home / "log").read_text() if (home / "log").exists() else ""
    raise RuntimeError(f"dovecot does not listen: {said[-800:]}")


@contextmanager
def mail_house():
    if DOVECOT is None:
        pytest.skip("no dovecot: tools/system-packages installs dovecot-imapd")
    home = Path(tempfile.mkdtemp(prefix="yishi-mail-"))
    home.chmod(0o755)
    port, tls_port, smtp_port = _free_port(), _free_port(), _free_port()
    owner = _configure(home, port, tls_port)
    server = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.DEVNULL, start_new_session=True
    )
    house = MailHouse(home, port, tls_port, smtp_port, owner)
    controller = Controller(house, hostname="127.0.0.1", port=smtp_port)
    try:
        _await_port(port, server, home)
        controller.start()
        yield house
    finally:
        if controller.loop.is_running():
            controller.stop()
        server.terminate()
        server.wait(10)
        shutil.rmtree(home, ignore_errors=True)
