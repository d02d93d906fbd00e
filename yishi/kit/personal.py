"""Personal data: encrypted at rest with the id of its key, found by keyed hash, masked by default."""

import hmac
import os
import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, models

_NONCE = 12


@lru_cache(maxsize=16)
def _cipher(key_id: str) -> AESGCM:
    return AESGCM(settings.KEYRING.keys[key_id])


def encrypt(plain: bytes) -> bytes:
    """AES-256-GCM with the active key: length of the key's id, id, nonce, sealed text."""
    key_id = settings.KEYRING.active
    nonce = os.urandom(_NONCE)
    name = key_id.encode()
    return bytes([len(name)]) + name + nonce + _cipher(key_id).encrypt(nonce, plain, None)


def decrypt(sealed: bytes) -> bytes:
    """The plain bytes. KeyError when their key is gone, InvalidTag when they were altered."""
    end = 1 + sealed[0]
    nonce = sealed[end : end + _NONCE]
    return _cipher(sealed[1:end].decode()).decrypt(nonce, sealed[end + _NONCE :], None)


def seal(text: str) -> bytes:
    """Text as it is stored; the empty text stays empty."""
    return encrypt(text.encode()) if text else b""


def unseal(sealed: bytes | memoryview | None) -> str:
    return decrypt(bytes(sealed)).decode() if sealed else ""


class EncryptedText(models.BinaryField):  # type: ignore[type-arg]
    """A text column whose stored form is sealed; Python sees plain text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, *_: Any) -> str | None:
        return None if value is None else unseal(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = seal(value) if isinstance(value, str) else value
        return super().get_db_prep_value(sealed, connection, prepared)

    def get_default(self) -> Any:
        return self.default if self.has_default() else ("" if not self.null else None)

    def _check_str_default_value(self) -> list[Any]:
        return []  # Django wants bytes here; ours are sealed on the way in

    def deconstruct(self) -> Any:
        """As a plain binary column, so that migrations import nothing of the project."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return value


def keyed_hash(kind: str, text: str) -> bytes:
    """16 bytes by which an exact value is found again without storing it; `kind` keeps columns apart."""
    return hmac.digest(settings.KEYRING.hash_key, f"{kind}:{text}".encode(), "sha256")[:16]


def normalise_phone(text: str) -> str:
    """Digits of a telephone number: full-width forms folded, a leading +86 or 0086 dropped."""
    digits = re.sub(r"[^0-9+]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits).replace("+", "")


def mask_phone(phone: str) -> str:
    """138****5678; shorter numbers keep their last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"{'*' * max(len(phone) - 2, 0)}{phone[-2:]}" if phone else ""


def mask_name(name: str) -> str:
    """王*: the first sign stays."""
    return f"{name[0]}*" if name else ""


def mask_email(email: str) -> str:
    """w***@example.cn"""
    head, at, host = email.partition("@")
    return f"{head[:1]}***{at}{host}" if head else ""


def mask_address(address: str) -> str:
    """Everything from the first number on is hidden: 南京市江宁区东山街道***"""
    found = re.search(r"\d", unicodedata.normalize("NFKC", address))
    return f"{address[: found.start()] if found else address[:6]}***" if address else ""


_PHONES = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4})(?!\d)"
)


def without_phones(text: str) -> str:
    """The text with telephone numbers taken out, for search and for strangers."""
    return _PHONES.sub("***", text)


def log_look(*, viewer: str, subject: str, field: str, reason: str, is_silent: bool, at: datetime) -> None:
    """Writes down that somebody saw personal data (`contact:12`); silent = his task needed it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_reveal (viewer, subject, field, reason, is_silent, at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [viewer, subject, field, reason, is_silent, at],
        )
