"""A photo of a label becomes the numbers on it: barcodes first, then what is printed. Nothing is kept."""

from dataclasses import dataclass

from yishi.kit.barcodes import codes_in
from yishi.kit.ocr import OcrAway, ocr_command, text_of
from yishi.shipments.rules.numbers import numbers_in

# so that both together stay within 4 s; where nothing else reads, barcodes have the time for themselves
BARCODES_S, ALONE_S = 1.5, 3.0


@dataclass(frozen=True)
class Label:
    """The numbers, likeliest first; `why_not` is why no print was read: NOT_INSTALLED, BUSY, FAILED or ''."""

    numbers: tuple[str, ...]
    why_not: str = ""


def read_label(picture: bytes) -> Label:
    """Reads a photo that was made safe (`kit.files.safe_photo`)."""
    for texts in codes_in(picture, within_s=BARCODES_S if ocr_command() else ALONE_S):
        if numbers := numbers_in("\n".join(texts)):
            return Label(tuple(numbers))
    try:
        return Label(tuple(numbers_in(text_of(picture))))
    except OcrAway as away:
        return Label((), away.reason)
