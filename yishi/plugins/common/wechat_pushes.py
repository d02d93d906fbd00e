"""What 微信 and 企业微信 have in common when they push: signed in the address, plain or sealed, in XML."""

from collections.abc import Mapping
from typing import Any

from yishi.conversations.port import QUERY, Answer, Incoming, Unreadable
from yishi.plugins.common.reading import is_fresh, query_value, same, word
from yishi.plugins.common.sealed import key_of, signature_of, unseal
from yishi.plugins.common.xml_body import read_xml

TEXT = "text/plain; charset=utf-8"
FRESH_S = 600
"""They repeat a push within seconds; what was signed ten minutes ago is somebody's recording."""


def is_signed(incoming: Incoming, *parts: str, name: str = "signature") -> bool:
    """Whether the address carries the token's signature over its time, its nonce and these parts, and was
    made just now."""
    query = incoming.headers.get(QUERY, "")
    second, nonce = query_value(query, "timestamp"), query_value(query, "nonce")
    token = incoming.settings.get("token", "")
    is_right = same(signature_of(token, second, nonce, *parts), query_value(query, name).lower())
    return bool(token) and is_right and is_fresh(second, incoming.at, within_s=FRESH_S)


def sealed_part(incoming: Incoming) -> str:
    """What is sealed of a push, or of the question by GET. '' where there is none."""
    if incoming.headers.get(":method") == "GET":
        return query_value(incoming.headers.get(QUERY, ""), "echostr")
    try:
        return word(read_xml(incoming.body).get("Encrypt"))
    except Unreadable:
        return ""


def opened(incoming: Incoming, owner: str) -> tuple[bytes, bool]:
    """What was sealed for us, and whether it was sealed for this owner (app or company). Raises
    Unreadable."""
    plain, sealed_for = unseal(sealed_part(incoming), key_of(incoming.settings["aes_key"]))
    return plain, same(sealed_for, owner)


def read_opened(incoming: Incoming, owner: str) -> Mapping[str, Any]:
    """The sealed message. Raises Unreadable, also for one that was sealed for somebody else."""
    plain, is_ours = opened(incoming, owner)
    if not is_ours:
        raise Unreadable("foreign_owner", "sealed for another app")
    return read_xml(plain)


def refused() -> Answer:
    return Answer(401, TEXT, b"bad signature")
