"""The process that reads print: what it says on its socket, and when it goes; the library where it is."""

import io
import os
import socket
import threading
import time

import pytest
from PIL import Image, ImageDraw

from yishi.plugins.models.rapidocr import read


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """`serve(reader)` runs the process's own loop in a thread; gives its socket's path and the thread."""
    mask = os.umask(0o077)
    monkeypatch.setattr(read, "IDLE_S", 0.5)

    def begin(reader):
        monkeypatch.setattr(read, "reader", lambda: reader)
        path = tmp_path / "ocr.sock"
        thread = threading.Thread(target=read.main, args=[str(path)])
        thread.start()
        while thread.is_alive() and not path.exists():
            time.sleep(0.01)
        return path, thread

    yield begin
    os.umask(mask)


def call(line, path):
    """The socket's file is there a moment before anybody listens."""
    for _ in range(500):
        try:
            return line.connect(str(path))
        except ConnectionRefusedError:
            time.sleep(0.01)
    raise TimeoutError


def ask(path, picture):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        call(line, path)
        line.sendall(picture)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(4096), b"")).decode()


def test_photo_after_photo_then_it_goes(serve):
    path, thread = serve(lambda picture: f"{len(picture)} bytes")
    assert [ask(path, b"x" * size) for size in (1, 200_000)] == ["1 bytes", "200000 bytes"]
    thread.join(3)
    assert not thread.is_alive() and not path.exists()


def test_only_its_owner_may_speak_to_it(serve):
    path, _thread = serve(lambda picture: "")
    assert path.stat().st_mode & 0o077 == 0


def test_whoever_hangs_up_harms_nobody(serve):
    path, _thread = serve(lambda picture: "x" * 1_000_000)
    with socket.socket(socket.AF_UNIX) as line:
        call(line, path)
    assert len(ask(path, b"x")) == 1_000_000


def test_the_library_reads_a_printed_number():
    pytest.importorskip("rapidocr", reason="the extra `ai` is not installed here")
    label = Image.new("RGB", (700, 160), "white")
    ImageDraw.Draw(label).text((30, 40), "YT1234567890123", font_size=64, fill="black")
    out = io.BytesIO()
    label.save(out, "JPEG")
    reader = read.reader()
    assert "YT1234567890123" in reader(out.getvalue()) and reader(b"no photo") == ""
