"""The address at which a page listens for nudges, with its signed ticket."""

from urllib.parse import urlencode

from django.conf import settings

from yishi.kit import live


def live_url(topics: list[str], viewer: str) -> str:
    """Good for connecting during the next minute; the page takes a new one when the line breaks."""
    ticket = live.make_ticket(topics=topics, viewer=viewer)
    return f"{settings.ENVIRONMENT.live_origin}/live?{urlencode({'ticket': ticket})}"
