"""WeChat's safe mode: messages sealed with the console's EncodingAESKey, opened here and sealed again.

AES-256-CBC with the key's first 16 bytes as vector; inside are 16 random bytes, the length in four, the
message and the app's id, padded to blocks of 32. The address is signed over what is sealed as well.
"""

import base64
import binascii
import os
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yishi.feeds.port import Unreadable

_BLOCK = 32


def signature_of(token: str, timestamp: str, nonce: str, *sealed: str) -> str:
    """SHA-1 over the sorted parts; of a sealed message its text is one of them."""
    return sha1(
        "".join(sorted((token, timestamp, nonce, *sealed))).encode(), usedforsecurity=False
    ).hexdigest()


def key_of(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind the 43 signs of the console. Raises Unreadable `bad_key`."""
    try:
        key = base64.b64decode(encoding_aes_key.strip() + "=", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _BLOCK:
        raise Unreadable("bad_key", "EncodingAESKey has 43 letters and digits")
    return key


def unseal(sealed: str, key: bytes) -> tuple[bytes, str]:
    """The message and the app's id. Raises Unreadable `bad_seal` for what this key did not seal."""
    try:
        data = base64.b64decode(sealed, validate=True)
        opened = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = opened.update(data) + opened.finalize()
    except (binascii.Error, ValueError) as error:
        raise Unreadable("bad_seal", str(error)) from None
    inner = plain[16 : -plain[-1]] if plain and 1 <= plain[-1] <= _BLOCK else b""
    length = int.from_bytes(inner[:4], "big")
    if len(inner) < 4 or length > len(inner) - 4:
        raise Unreadable("bad_seal", "sealed with another key")
    return inner[4 : 4 + length], inner[4 + length :].decode("utf-8", "replace")


def seal(message: bytes, key: bytes, app_id: str) -> str:
    """The same back, for an answer."""
    inner = os.urandom(16) + len(message).to_bytes(4, "big") + message + app_id.encode()
    short = _BLOCK - len(inner) % _BLOCK
    sealer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(sealer.update(inner + bytes([short]) * short) + sealer.finalize()).decode()
