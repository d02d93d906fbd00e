"""What every consumer's view does first: who asks, how often, from where he came."""

import re
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from yishi.kit.ratelimit import check_rate, client_address, rate_key

LOOK_UPS_A_MINUTE = 120
COMPLAINTS_AN_HOUR = 20
WORDS_AN_HOUR = 60


def address_of(request: HttpRequest) -> str:
    return rate_key(client_address(request.META, settings.ENVIRONMENT.trusted_proxies))


def check_look_up(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 120 look-ups a minute from one address (contracts.md, "HTTP in general")."""
    check_rate(kind="look-up", key=address_of(request), limit=LOOK_UPS_A_MINUTE, window_s=60, at=at)


def check_complaint(request: HttpRequest, at: datetime) -> None:
    """Raises TooMany beyond 20 complaints an hour from one address."""
    check_rate(kind="complaint", key=address_of(request), limit=COMPLAINTS_AN_HOUR, window_s=3600, at=at)


def check_words(case_id: int, at: datetime) -> None:
    """Raises TooMany beyond 60 things an hour said in one case; many people may share one address."""
    check_rate(kind="words", key=str(case_id), limit=WORDS_AN_HOUR, window_s=3600, at=at)


def poster_of(request: HttpRequest) -> str:
    """The outlet whose poster led here (`?o=`), or ''."""
    code = request.GET.get("o", "")
    return code if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", code) else ""
