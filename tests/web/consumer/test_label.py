"""A photo of a label: its numbers are read, the photo is not kept, and whatever fails leaves a way on."""

import io
import sys
from dataclasses import replace

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.web.consumer.conftest import WAYBILL_NO
from yishi.kit import ocr
from yishi.kit.models import StoredFile

pytestmark = pytest.mark.django_db
# speaks as ours does: a photo in, lines out
SAYS = """
import socket, sys
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(sys.argv[-1])
    listener.listen(2)
    for said in sys.argv[1:-1]:
        line, _ = listener.accept()
        while line.recv(65536):
            pass
        line.sendall(said.encode())
        line.close()
"""


def text_of(response):
    return response.content.decode()


def drawn(*texts, kind=zxingcpp.BarcodeFormat.Code128, turned=0):
    """A sheet of paper with these barcodes one below the other."""
    sheet = Image.new("RGB", (1200, 300 * max(1, len(texts)) + 100), "white")
    for row, text in enumerate(texts):
        bars = Image.fromarray(zxingcpp.create_barcode(text, kind).to_image(scale=3))
        sheet.paste(bars.convert("RGB"), (60, 60 + row * 300))
    return sheet.rotate(turned, expand=True, fillcolor="white")


def photo_of(image, name="label.jpg", form="JPEG"):
    out = io.BytesIO()
    image.save(out, form)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def send(client, photo):
    return client.post("/label", {"photo": photo})


@pytest.fixture
def reader(settings, tmp_path):
    """`reader("text", …)` puts a program in OCR's place that says these one after the other; it is ended."""

    def choose(*said, program=SAYS):
        path = tmp_path / "reader.py"
        path.write_text(program)
        words = " ".join(f"'{word}'" for word in said)
        command = f"{sys.executable} {path} {words}" if program else ""
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path, ocr_command=command)
        ocr.ocr_command.cache_clear()

    yield choose
    ocr.ocr_command.cache_clear()
    for process, _began in ocr._started:
        process.kill()
        process.wait()
    ocr._started.clear()


@pytest.mark.parametrize("turned", [0, 90, 180, 17, -25, 38, -45])
def test_the_barcode_is_read_however_it_lies(client, parcel, turned):
    page = text_of(send(client, photo_of(drawn(WAYBILL_NO, turned=turned))))
    assert "读出 1 个单号" in page and f'href="/t/{parcel}"' in page and "派送中" in page


@pytest.mark.parametrize("kind", [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix])
def test_codes_of_other_kinds_are_read(client, world, kind):
    assert 'href="/t/YT1234567890123"' in text_of(send(client, photo_of(drawn("YT1234567890123", kind=kind))))


def test_several_numbers_are_offered_the_known_one_first(client, parcel):
    page = text_of(send(client, photo_of(drawn("YT1234567890123", WAYBILL_NO))))
    assert "读出 2 个单号" in page and page.index(WAYBILL_NO) < page.index("YT1234567890123")


def test_nothing_of_the_photo_is_kept_or_shown(client, world, tmp_path, settings):
    page = send(client, photo_of(drawn(WAYBILL_NO)))
    assert StoredFile.objects.count() == 0 and "<img" not in text_of(page).split("<main")[1]


def test_where_no_ocr_is_the_page_says_so_and_offers_typing(client, world, reader, monkeypatch):
    reader(program="")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    page = text_of(send(client, photo_of(Image.new("RGB", (600, 400), "white"))))
    assert "没读出单号" in page and "照着条码下面的数字填" in page and 'id="q"' in page


def test_print_is_read_where_the_barcode_is_not(client, parcel, reader):
    reader(f"某快递\n{WAYBILL_NO}\n收 王* 199****0001")
    page = text_of(send(client, photo_of(Image.new("RGB", (600, 400), "white"))))
    assert "读出 1 个单号" in page and f'href="/t/{parcel}"' in page and "王*" not in page


def test_one_process_reads_photo_after_photo(client, world, reader):
    reader("单号 YT1234567890123", "单号 YT1234567890124")
    blank = Image.new("RGB", (600, 400), "white")
    pages = [text_of(send(client, photo_of(blank))) for _ in range(2)]
    assert "YT1234567890123" in pages[0] and "YT1234567890124" in pages[1] and len(ocr._started) == 1


def test_a_reader_that_dies_leaves_a_way_on(client, world, reader):
    reader(program="raise SystemExit(1)")
    page = text_of(send(client, photo_of(Image.new("RGB", (600, 400), "white"))))
    assert "忙不过来" in page and 'id="q"' in page


def test_a_reader_that_hangs_is_not_waited_for(client, world, reader, monkeypatch):
    monkeypatch.setattr(ocr, "READ_S", 0.3)
    reader("x", program=SAYS.replace("line.sendall(said.encode())", "import time; time.sleep(60)"))
    page = text_of(send(client, photo_of(Image.new("RGB", (600, 400), "white"))))
    assert "忙不过来" in page


def test_one_waits_at_most_and_others_are_told(client, world, reader):
    reader("YT1234567890123")
    with ocr._waiting:
        page = text_of(send(client, photo_of(Image.new("RGB", (600, 400), "white"))))
    assert "忙不过来" in page and "YT1234567890123" not in page


@pytest.mark.parametrize(
    ("photo", "status", "said"),
    [
        (SimpleUploadedFile("a.jpg", b"not a photo at all", "image/jpeg"), 422, "不是能打开的照片"),
        (SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>", "image/svg+xml"), 422, "不是能打开的照片"),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * 100, "image/jpeg"), 422, "不是能打开的照片"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.4 1234567890123", "application/pdf"), 422, "不是能打开的照片"),
        (SimpleUploadedFile("a.jpg", b"", "image/jpeg"), 422, "文件是空的"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(client, world, photo, status, said):
    answer = send(client, photo)
    assert answer.status_code == status and said in text_of(answer)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(client, world):
    answer = send(client, photo_of(Image.new("1", (8_000, 7_000)), form="PNG"))
    assert answer.status_code == 422 and "5000 万像素" in text_of(answer)


def test_a_body_that_is_too_long_is_refused_by_its_length(client, world):
    kind = "multipart/form-data; boundary=x"
    answer = client.post("/label", b"", content_type=kind, CONTENT_LENGTH="1000000000")
    assert answer.status_code == 413


def test_forty_photos_an_hour_from_one_address(client, world):
    answers = [client.post("/label").status_code for _ in range(41)]
    assert answers == [422] * 40 + [429]


def test_only_the_scanners_page_may_compile(client, world):
    policy = client.get("/scan").headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy and "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert all("wasm" not in client.get(url).headers["Content-Security-Policy"] for url in ("/", "/mine"))


def test_a_reader_that_loads_slowly_is_waited_for_by_the_next_photo(client, world, reader, monkeypatch):
    monkeypatch.setattr(ocr, "START_S", 0.1)
    reader("YT1234567890123", program="import time; time.sleep(1.0)\n" + SAYS)
    blank = Image.new("RGB", (600, 400), "white")
    assert "忙不过来" in text_of(send(client, photo_of(blank)))
    monkeypatch.setattr(ocr, "START_S", 10.0)
    assert "YT1234567890123" in text_of(send(client, photo_of(blank))) and len(ocr._started) == 1
