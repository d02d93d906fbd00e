"""A sound as players ask for it: whole, or from a place on (RFC 9110, 14), so that one can jump in it."""

import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
SOUNDS = ("audio/", "video/mp4")


def play(request: HttpRequest, body: bytes, *, content_type: str, file_name: str) -> HttpResponse:
    """The bytes, inline for a player of our own pages and for nothing else."""
    size, part, status = len(body), body, 200
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(file_name or 'sound', safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
        "Cache-Control": "private, no-store",
    }
    if asked := _RANGE.fullmatch(request.headers.get("Range", "")):
        first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
        if first >= size or last < first:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        part, status = body[first : last + 1], 206
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return HttpResponse(part, status=status, content_type=content_type, headers=headers)


def is_from_the_start(request: HttpRequest) -> bool:
    """Whether a player begins here: what follows is the same listening."""
    return request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
