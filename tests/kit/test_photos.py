"""Photos are judged before they are decoded, and come out upright, small and without a position."""

import io

import pytest
from PIL import Image

from yishi.kit.photos import MAX_SIDE, NotAPhoto, TooManyPixels, kind_of, make_safe


def photo(size=(60, 40), form="JPEG", mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode != "L" else 120).save(out, form, **options)
    return out.getvalue()


def with_position(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 3.0, 0.0)})
    return photo(exif=exif)


def test_position_is_gone_and_the_picture_stands_upright() -> None:
    kept = Image.open(io.BytesIO(make_safe(with_position(6)).picture))
    assert kept.size == (40, 60)
    assert not kept.getexif() and "exif" not in kept.info


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("GIF", "P")]
)
def test_every_kind_of_photo_becomes_jpeg(form: str, mode: str) -> None:
    safe = make_safe(photo(form=form, mode=mode))
    assert Image.open(io.BytesIO(safe.picture)).format == "JPEG"
    assert max(Image.open(io.BytesIO(safe.thumbnail)).size) <= 320


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(make_safe(out.getvalue()).picture)).getpixel((5, 5)) == (255, 255, 255)


def test_large_photos_are_made_smaller() -> None:
    kept = Image.open(io.BytesIO(make_safe(photo((4000, 1000))).picture))
    assert kept.size == (MAX_SIDE, 750)


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    bomb = bytearray(photo(form="PNG"))
    bomb[16:24] = (10_000).to_bytes(4, "big") + (5_001).to_bytes(4, "big")
    import zlib

    bomb[29:33] = zlib.crc32(bytes(bomb[12:29])).to_bytes(4, "big")
    with pytest.raises(TooManyPixels):
        make_safe(bytes(bomb))


@pytest.mark.parametrize("body", [b"\xff\xd8\xff", b"no photo", b"", photo()[:200], photo(form="PNG")[:60]])
def test_what_is_no_photo_is_refused(body: bytes) -> None:
    with pytest.raises(NotAPhoto):
        make_safe(body)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (photo()[:16], "image/jpeg"),
        (photo(form="PNG")[:16], "image/png"),
        (photo(form="WEBP")[:16], "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"RIFF\0\0\0\0WAVE", "audio/wav"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"\0\0\0\x20ftypheic", "image/heic"),
        (b"<html>", ""),
        (b"MZ\x90", ""),
        (b"PK\x03\x04", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind
