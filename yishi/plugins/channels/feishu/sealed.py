"""飞书's sealed events: AES-256-CBC with SHA-256 of the encrypt key, the first 16 bytes are the vector."""

import base64
import binascii
import json
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from yishi.conversations.port import Unreadable


def unseal(sealed: str, encrypt_key: str) -> bytes:
    """The event. Raises Unreadable `bad_seal` for what this key did not seal."""
    try:
        data = base64.b64decode(sealed, validate=True)
        opened = Cipher(algorithms.AES(_key(encrypt_key)), modes.CBC(data[:16])).decryptor()
        plain = opened.update(data[16:]) + opened.finalize()
        pad = PKCS7(128).unpadder()
        return pad.update(plain) + pad.finalize()
    except (binascii.Error, ValueError) as error:
        raise Unreadable("bad_seal", str(error)) from None


def seal(event: dict[str, object], encrypt_key: str, vector: bytes) -> str:
    """The same the other way round, as 飞书 does it."""
    pad = PKCS7(128).padder()
    plain = pad.update(json.dumps(event).encode()) + pad.finalize()
    sealer = Cipher(algorithms.AES(_key(encrypt_key)), modes.CBC(vector)).encryptor()
    return base64.b64encode(vector + sealer.update(plain) + sealer.finalize()).decode()


def signature_of(second: str, nonce: str, encrypt_key: str, body: bytes) -> str:
    """`X-Lark-Signature`: SHA-256 over time, nonce, key and the body as it came."""
    return sha256(f"{second}{nonce}{encrypt_key}".encode() + body).hexdigest()


def _key(encrypt_key: str) -> bytes:
    return sha256(encrypt_key.encode()).digest()
