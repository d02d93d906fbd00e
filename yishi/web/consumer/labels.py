"""A photo of a label becomes the numbers on it: barcodes first, then what is printed. Nothing is kept."""

from dataclasses import dataclass

from yishi.kit.barcodes import codes_in
from yishi.kit.ocr import OcrAway, text_of
from yishi.shipments.rules.numbers import numbers_in


@dataclass(frozen=True)
class Label:
    """The numbers, likeliest first; `why_not` is why no print was read: NOT_INSTALLED, BUSY, FAILED or ''."""

    numbers: tuple[str, ...]
    why_not: str = ""


def read_label(picture: bytes) -> Label:
    """Reads a photo that was made safe (`kit.files.safe_photo`)."""
    for texts in codes_in(picture):
        if numbers := numbers_in("\n".join(texts)):
            return Label(tuple(numbers))
    try:
        return Label(tuple(numbers_in(text_of(picture))))
    except OcrAway as away:
        return Label((), away.reason)
