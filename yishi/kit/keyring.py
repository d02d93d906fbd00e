"""The keys of an installation: encryption keys by id, one hash key, one session secret.

They come from `YISHI_KEYS` (JSON) or `$YISHI_HOME/keys.json` (mode 0600), which is made on first use.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Keyring:
    """`keys` maps a key's id to its 32 bytes; new values are written with `active`."""

    active: str
    keys: dict[str, bytes]
    hash_key: bytes
    session_secret: str


def load_keyring(home: Path) -> Keyring:
    """The keys of this installation; makes the file when there is none."""
    text = os.environ.get("YISHI_KEYS")
    return _read(text if text else _file(home / "keys.json"))


def _read(text: str) -> Keyring:
    data = json.loads(text)
    return Keyring(
        active=data["active"],
        keys={name: base64.b64decode(value) for name, value in data["keys"].items()},
        hash_key=base64.b64decode(data["hash_key"]),
        session_secret=data["session_secret"],
    )


def _new_secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_keyring_text() -> str:
    """Fresh keys as the JSON text that the file and `YISHI_KEYS` hold."""
    return json.dumps(
        {
            "active": "k1",
            "keys": {"k1": _new_secret()},
            "hash_key": _new_secret(),
            "session_secret": secrets.token_urlsafe(48),
        }
    )


def _file(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(new_keyring_text())
    return path.read_text()
