"""What the barcodes and QR codes of a photo say. Pure; the photo was made safe by `photos` before."""

import io
import time
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

_SMALL_SIDE, _LARGE_SIDE = 900, 1600
# the reader itself turns by quarters and bears about 20° more
_TILTS = (12, -12, 25, -25, 36, -36, 45)
_PAPER = 255


def codes_in(picture: bytes, *, within_s: float) -> Iterator[list[str]]:
    """The texts of all codes that one way of looking at the photo finds, way after way, empty ones left out.

    Small and whole first, then with its light and edges mended, turned, at other sizes: the caller stops when
    he has what he wants. A way costs 20 to 150 ms; none is begun after `within_s` of this thread's own work,
    so that a busy machine reads no less.
    """
    until = time.thread_time() + within_s
    with Image.open(io.BytesIO(picture)) as opened:
        gray = opened.convert("L")
    for number, way in enumerate(_ways(gray)):
        if number and time.thread_time() > until:
            return
        if texts := [code.text for code in zxingcpp.read_barcodes(way) if code.text]:
            yield list(dict.fromkeys(texts))


def _ways(gray: Image.Image) -> Iterator[Image.Image]:
    side = max(gray.size)
    fitting = _resized(gray, min(2.0, _LARGE_SIDE / side))
    yield fitting
    yield gray
    mended = ImageOps.autocontrast(fitting, cutoff=2).filter(
        ImageFilter.UnsharpMask(3, percent=180, threshold=2)
    )
    yield mended
    for tilt in _TILTS:
        yield mended.rotate(tilt, Image.Resampling.BILINEAR, expand=True, fillcolor=_PAPER)
    yield _resized(mended, _SMALL_SIDE / _LARGE_SIDE)
    if side > _LARGE_SIDE:
        yield ImageOps.autocontrast(gray, cutoff=2).filter(
            ImageFilter.UnsharpMask(3, percent=180, threshold=2)
        )


def _resized(image: Image.Image, share: float) -> Image.Image:
    return image.resize(
        (max(1, round(image.width * share)), max(1, round(image.height * share))), Image.Resampling.LANCZOS
    )
