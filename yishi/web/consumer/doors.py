"""What every consumer's view does first: who asks, how often, from where he came, which phone he proved.

Limits count an address and, beside it, what is asked for, so that many addresses together reach no further
than one. A number is counted before it is looked up: known, unknown and malformed ones cost and answer alike.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yishi.consignees.queries import phone_of_proof
from yishi.consignees.rules import PROOF_WITHIN
from yishi.conversations.rules import CONVERSATIONS_AN_HOUR, MESSAGES_A_MINUTE_FROM_ONE, SAME_MATTER
from yishi.kit.personal import normalise_phone
from yishi.kit.ratelimit import check_rate, client_address, rate_key
from yishi.shipments.actions.walks import watch_look_up
from yishi.shipments.rules.waybills import normalise_waybill_no

LOOK_UPS_A_MINUTE = 120
# fifty people a second on one parcel are a program
LOOK_UPS_A_MINUTE_OF_ONE = 3_000
COMPLAINTS_AN_HOUR = 20
PHOTOS_AN_HOUR = 40
WISHES_AN_HOUR = 60
CODES_AN_HOUR = 5
CODES_AN_HOUR_FROM_ONE = 20
TRIES_AN_HOUR = 60
CHAT_LOOKS_A_MINUTE = 600
PROOF_COOKIE = "yishi_proof"
WAY_COOKIE = "yishi_chat"
"""Holds the token of the talk that this browser began: only to find the way back to it."""


def address_of(request: HttpRequest) -> str:
    return rate_key(client_address(request.META, settings.ENVIRONMENT.trusted_proxies))


def check_look_up(request: HttpRequest, at: datetime, numbers: Sequence[str] = ()) -> None:
    """Raises TooMany beyond 120 look-ups a minute from one address (contracts.md, "HTTP in general"), each of
    several numbers counting, beyond 3,000 a minute of one number, from wherever, or when one number after
    the other is asked for."""
    check_rate(
        kind="look-up",
        key=address_of(request),
        limit=LOOK_UPS_A_MINUTE,
        window_s=60,
        at=at,
        weight=max(1, len(numbers)),
    )
    for number in numbers:
        key = normalise_waybill_no(number) or number[:64]
        check_rate(kind="look-up of", key=key, limit=LOOK_UPS_A_MINUTE_OF_ONE, window_s=60, at=at)
        watch_look_up(address=address_of(request), number=number, at=at)


def check_photo(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 40 photos of labels an hour from one address."""
    check_rate(kind="label photo", key=address_of(request), limit=PHOTOS_AN_HOUR, window_s=3600, at=at)


def check_code_request(request: HttpRequest, phone: str, at: datetime) -> None:
    """Raises TooMany beyond 5 codes an hour for one phone, counted with the API's, or 20 from one address."""
    address = address_of(request)
    check_rate(kind="code from", key=address, limit=CODES_AN_HOUR_FROM_ONE, window_s=3600, at=at)
    check_rate(kind="code", key=normalise_phone(phone), limit=CODES_AN_HOUR, window_s=3600, at=at)


def check_code_try(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 60 codes an hour tried from one address; each code itself bears 5 wrong tries."""
    check_rate(kind="code try", key=address_of(request), limit=TRIES_AN_HOUR, window_s=3600, at=at)


def check_complaint(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 20 complaints an hour from one address."""
    check_rate(kind="complaint", key=address_of(request), limit=COMPLAINTS_AN_HOUR, window_s=3600, at=at)


def check_own_words(phone: str, at: datetime) -> None:
    """Raises TooMany beyond 60 things an hour that one proven phone says of its own wishes."""
    check_rate(kind="wishes", key=normalise_phone(phone), limit=WISHES_AN_HOUR, window_s=3600, at=at)


def check_chat(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 30 conversations an hour begun from one address, counted with the API's."""
    check_rate(kind="chat", key=address_of(request), limit=CONVERSATIONS_AN_HOUR, window_s=3600, at=at)


def check_chat_message(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 120 messages a minute from one address, counted with the API's; each
    conversation bears 20 a minute itself."""
    limit = MESSAGES_A_MINUTE_FROM_ONE
    check_rate(kind="chat message", key=address_of(request), limit=limit, window_s=60, at=at)


def check_chat_reading(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 600 looks a minute from one address."""
    check_rate(kind="chat look", key=address_of(request), limit=CHAT_LOOKS_A_MINUTE, window_s=60, at=at)


def check_typing(conversation_id: int, at: datetime) -> None:
    """Raises TooMany beyond 30 signs a minute that somebody is typing."""
    check_rate(kind="typing", key=str(conversation_id), limit=30, window_s=60, at=at)


def poster_of(request: HttpRequest) -> str:
    """The outlet whose poster led here (`?o=`), or ''."""
    code = request.POST.get("o", "") or request.GET.get("o", "")
    return code if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", code) else ""


def proven_phone(request: HttpRequest) -> str:
    """The phone that this browser proved by a code within the last 30 min, or ''."""
    proof = request.COOKIES.get(PROOF_COOKIE, "")
    return phone_of_proof(proof) if proof else ""


def keep_proof(response: HttpResponse, proof: str) -> None:
    """The proof stays in this browser while it counts; no script reads it, no other site sends it."""
    response.set_cookie(
        PROOF_COOKIE,
        proof,
        max_age=PROOF_WITHIN,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_proof(response: HttpResponse) -> None:
    response.delete_cookie(PROOF_COOKIE, samesite="Lax")


def keep_way(response: HttpResponse, token: str) -> None:
    """This browser finds back to its talk while it is the same matter."""
    response.set_cookie(
        WAY_COOKIE,
        token,
        max_age=SAME_MATTER,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_way(response: HttpResponse) -> None:
    response.delete_cookie(WAY_COOKIE, samesite="Lax")
