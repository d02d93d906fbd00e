"""Slips as people write them, drawn and photographed; and a stand-in for the program that reads them."""

import io
import sys
from importlib.resources import files
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

_FONT = files("pylopdf_fonts_zh_cn").joinpath("NotoSansSC-Regular.otf")
WRITTEN = (
    "寄件人：赵云",
    "电话：19900000099",
    "地址：浙江省杭州市余杭区仓前街道文一西路969号",
    "收件人：王小明",
    "电话：1990000001",
    "地址：江苏省南京市江宁区东山街道翠屏山花园12栋1203室",
    "物品：玻璃茶具",
    "声明价值：400",
)
# speaks as the real one does: a photo in, lines out
SAYS = """
import socket, sys
said = open(sys.argv[1]).read()
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(sys.argv[-1])
    listener.listen(2)
    while True:
        line, _ = listener.accept()
        while line.recv(65536):
            pass
        line.sendall(said.encode())
        line.close()
"""


def drawn(*lines: str) -> SimpleUploadedFile:
    """A sheet with these lines on it, as a phone's photo."""
    with _FONT.open("rb") as body:
        font = ImageFont.truetype(body, 46)
    sheet = Image.new("RGB", (1400, 1000), (250, 249, 244))
    pen = ImageDraw.Draw(sheet)
    for row, line in enumerate(lines):
        pen.text((60, 60 + row * 105), line, font=font, fill="black")
    out = io.BytesIO()
    sheet.rotate(1.5, Image.Resampling.BICUBIC, fillcolor=(150, 130, 110)).save(out, "JPEG", quality=85)
    return SimpleUploadedFile("slip.jpg", out.getvalue(), "image/jpeg")


def stand_in(folder: Path, *lines: str) -> str:
    """The command of a program that reads these lines out of every photo."""
    program, said = folder / "reads.py", folder / "said.txt"
    program.write_text(SAYS)
    said.write_text("\n".join(lines))
    return f"{sys.executable} {program} {said}"
