"""What a given file really is, and photos made safe: decoded within limits, upright, without EXIF. Pure."""

import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from yishi.kit.errors import Refusal

MAX_PIXELS = 50_000_000
MAX_SIDE = 3000
THUMBNAIL_SIDE = 320
_PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# a photo of 50 megapixels takes 200 MB while it is decoded: not many at once in one process
_decoding = threading.BoundedSemaphore(2)


class NotAPhoto(Refusal):
    """这不是能打开的照片，请用 JPEG、PNG 或 WebP 再试"""

    code = "not_a_photo"
    status = 422


class TooManyPixels(Refusal):
    """照片超过 5000 万像素，请缩小后再传"""

    code = "too_many_pixels"
    status = 422


@dataclass(frozen=True)
class Photo:
    """A photo as we keep it, in JPEG: the picture (longest side 3000 px at most) and its thumbnail."""

    picture: bytes
    thumbnail: bytes


def kind_of(head: bytes) -> str:
    """The content type told by a file's first 16 bytes; '' for what we do not take. `image/*` is a photo."""
    starts = (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"BM", "image/bmp"),
        (b"%PDF-", "application/pdf"),
        (b"OggS", "audio/ogg"),
        (b"#!AMR", "audio/amr"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"\xff\xf3", "audio/mpeg"),
    )
    for magic, kind in starts:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _kind_of_brand(head[8:12])
    return ""


def _kind_of_brand(brand: bytes) -> str:
    """ISO media files say what they hold in their brand."""
    if brand in {b"heic", b"heix", b"mif1", b"hevc", b"avif"}:
        return "image/heic"
    if brand in {b"M4A ", b"M4B "}:
        return "audio/mp4"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def make_safe(body: bytes) -> Photo:
    """Decodes and re-encodes a photo: orientation applied, EXIF (with its position) and the rest dropped.

    Its size is judged from the header, before anything is decoded. Raises NotAPhoto, TooManyPixels.
    """
    try:
        with _decoding, Image.open(io.BytesIO(body), formats=_PHOTO_FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise TooManyPixels
            # JPEG can be decoded at a half or a quarter of its size
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            flat = _on_white(upright)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
    ) as error:
        raise NotAPhoto from error
    picture = _jpeg(flat, quality=87)
    flat.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Photo(picture=picture, thumbnail=_jpeg(flat, quality=80))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, "white")
    cut_out = image.convert("RGBA")
    paper.paste(cut_out, mask=cut_out.getchannel("A"))
    return paper


def _jpeg(image: Image.Image, *, quality: int) -> bytes:
    image.info.clear()  # nothing of the original's comments, profiles or positions goes along
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
