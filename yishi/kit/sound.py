"""How long a recording lasts, told by its own head; nothing is decoded."""

import struct

_LONGEST_S = 48 * 3600


def seconds_of(body: bytes, content_type: str) -> int | None:
    """Whole seconds of a WAV, MP4 or AMR (narrow-band, as telephones record); None where it does not say.

    Never raises: what is broken says nothing.
    """
    try:
        found = _READERS[content_type](body) if content_type in _READERS else None
    except (struct.error, IndexError, ValueError, ZeroDivisionError):
        return None
    return round(found) if found is not None and 0 <= found <= _LONGEST_S else None


def _wav(body: bytes) -> float | None:
    """The data chunk's size by the bytes a second of the format chunk."""
    place, rate = 12, 0
    while place + 8 <= len(body):
        name, size = body[place : place + 4], struct.unpack_from("<I", body, place + 4)[0]
        if name == b"fmt ":
            rate = struct.unpack_from("<I", body, place + 16)[0]
        elif name == b"data":
            return float(min(size, len(body) - place - 8) / rate)
        place += 8 + size + size % 2
    return None


def _mp4(body: bytes) -> float | None:
    """Time scale and duration of the movie's head."""
    place = body.find(b"mvhd")
    if place < 0:
        return None
    is_long = body[place + 4] == 1
    scale, length = struct.unpack_from(">IQ" if is_long else ">II", body, place + (24 if is_long else 16))
    return float(length / scale)


_AMR_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6)


def _amr(body: bytes) -> float | None:
    """Frames of 20 ms, each as long as its first byte says."""
    if not body.startswith(b"#!AMR\n"):
        return None
    place, frames = 6, 0
    while place < len(body):
        mode = body[place] >> 3 & 15
        place += _AMR_BYTES[mode] if mode < len(_AMR_BYTES) else 1
        frames += 1
    return frames * 0.02


_READERS = {"audio/wav": _wav, "audio/mp4": _mp4, "video/mp4": _mp4, "audio/amr": _amr}
