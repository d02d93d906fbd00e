"""Names for things that people and machines hold: case numbers, private links, keys."""

import base64
import hmac
import secrets

from django.conf import settings


def new_key() -> str:
    """An API key: `yk_` and 43 characters, shown once."""
    return f"yk_{secrets.token_urlsafe(32)}"


def private_token(kind: str, name: str) -> str:
    """The unguessable part of a private link, always the same for the same thing (22 characters)."""
    digest = hmac.digest(settings.KEYRING.hash_key, f"link:{kind}:{name}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def token_hash(token: str) -> bytes:
    """What is stored of a token or key, so that the table does not open doors."""
    return hmac.digest(settings.KEYRING.hash_key, f"token:{token}".encode(), "sha256")
