"""Forty photos of invented labels, drawn as phones take them: turned, tilted, soft, dim, some torn."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
_PAPER = (252, 251, 247)
_TABLE = (148, 126, 104)


@dataclass(frozen=True)
class Shot:
    """One photo, the number that stands on it, and what was done to it. `is_torn`: only its print tells."""

    picture: bytes
    waybill_no: str
    done: str
    is_torn: bool


def shots(seed: int = 7) -> Iterator[Shot]:
    """The forty: eight looks, five labels each; in one look the barcode is covered."""
    chance = random.Random(seed)
    for done in ("plain", "turned", "tilted", "soft", "dim", "slanting", "far", "torn"):
        for _ in range(5):
            number, is_torn = _number(chance), done == "torn"
            label = _label(number, chance, is_torn=is_torn)
            yield Shot(_taken(label, done, chance), number, done, is_torn)


def _number(chance: random.Random) -> str:
    shape = chance.choice(("YT{:013}", "SF1{:012}", "7312{:010}", "JT{:013}", "7700{:011}", "3120{:011}"))
    return shape.format(chance.randrange(10**9, 10**10))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    found = next((path for path in _FONTS if Path(path).exists()), None)
    if found is None:
        raise SystemExit("no CJK font here: apt-get install fonts-noto-cjk")
    return ImageFont.truetype(found, size)


def _label(number: str, chance: random.Random, *, is_torn: bool) -> Image.Image:
    """A label of 10 × 14 cm at 10 px a mm: routing code, barcode and number, people, the shop's own QR."""
    label = Image.new("RGB", (1000, 1400), _PAPER)
    pen = ImageDraw.Draw(label)
    pen.text((40, 24), "某速递", font=_font(54), fill="black")
    route = f"{chance.randrange(100, 999)}-{chance.randrange(10, 99)}-{chance.randrange(100, 999)}"
    pen.text((430, 20), route, font=_font(76), fill="black")
    bars = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.Code128).to_image(scale=1, add_hrt=False)
    strip = Image.fromarray(bars).convert("RGB")
    label.paste(strip.resize((900, 190), Image.Resampling.NEAREST), (50, 150))
    if is_torn:
        for _ in range(9):
            left = chance.randrange(60, 900)
            pen.polygon([(left, 140), (left + 50, 140), (left + 20, 350), (left - 40, 350)], fill=_TABLE)
    pen.text((500, 385), number, font=_font(52), fill="black", anchor="mm")
    lines = (
        "收 王* 199****0001",
        "江苏省南京市江宁区东山街道 3 栋***",
        "寄 赵* 199****0099 浙江省杭州市余杭区***",
        f"订单 {chance.randrange(10**18, 10**19)}",
        "已验视  2026-11-22 08:15  1.20kg  易碎品",
    )
    for row, line in enumerate(lines):
        pen.line([(30, 440 + row * 130), (970, 440 + row * 130)], fill="black", width=2)
        pen.text((50, 470 + row * 130), line, font=_font(40), fill="black")
    promo = zxingcpp.create_barcode("https://example.cn/promo", zxingcpp.BarcodeFormat.QRCode).to_image(
        scale=6
    )
    label.paste(Image.fromarray(promo).convert("RGB").resize((240, 240)), (720, 1130))
    return label


def _taken(label: Image.Image, done: str, chance: random.Random) -> bytes:
    """The label on a table, as a phone of 3000 px sees it."""
    scene = Image.new("RGB", (1700, 2200), _TABLE)
    size = (430, 602) if done == "far" else (1000, 1400)
    scene.paste(label.resize(size, Image.Resampling.LANCZOS), (850 - size[0] // 2, 1100 - size[1] // 2))
    if done == "turned":
        scene = scene.rotate(chance.choice((90, 180, 270)), expand=True)
    if done == "tilted":
        scene = scene.rotate(chance.choice((-24, -14, 9, 17, 28)), Image.Resampling.BICUBIC, fillcolor=_TABLE)
    if done == "slanting":
        scene = _seen_from_the_side(scene, chance.randrange(60, 200))
    if done == "soft":
        scene = scene.filter(ImageFilter.GaussianBlur(chance.uniform(1.5, 2.6)))
    if done == "dim":
        scene = ImageEnhance.Contrast(ImageEnhance.Brightness(scene).enhance(0.45)).enhance(0.5)
    scene = scene.resize((2250, 2912), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    Image.blend(scene, _noise(scene.size), 0.06).save(out, "JPEG", quality=80)
    return out.getvalue()


@cache
def _noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 14).convert("RGB")


def _seen_from_the_side(scene: Image.Image, slant: int) -> Image.Image:
    """A perspective: the far edge shorter than the near one."""
    width, height = scene.size
    x = slant / width
    # the eight numbers of the map from the picture back to the scene (near edge kept, far edge narrowed)
    map_back = (1.0, x * 0.9, -slant * 0.9, 0.0, 1.0 + x, 0.0, 0.0, 2 * x / height)
    how = Image.Transform.PERSPECTIVE
    return scene.transform((width, height), how, map_back, Image.Resampling.BICUBIC, fillcolor=_TABLE)
