"""Letters made to cost memory and time (numbers.md, F10): ≤ 64 MB at the peak, ≤ 2 s of work each."""

# ruff: noqa: E501 - a letter a line

import base64
import json
import os
import subprocess
import sys

import pytest

from tests.plugins.channels.mail.letters import encoded, letter, multipart, part

MB = 1024 * 1024
MOST_MB, MOST_S = 64, 2.0
PHOTO = base64.encodebytes(os.urandom(MB))


def photos(count: int) -> list[bytes]:
    file = part(PHOTO, "image/jpeg", content_transfer_encoding="base64", content_disposition="attachment")
    return [file] * count


def boxes(depth: int) -> bytes:
    inside = part("里面")
    for number in range(depth):
        mark = f"--b{number}\r\n".encode()
        inside = part(mark + inside + b"\r\n" + mark * 20_000, f"multipart/mixed; boundary=b{number}")
    return inside


HEAVY = {
    "10,000 parts": lambda: multipart("mixed", *[part("一")] * 10_000),
    "60,000 parts": lambda: multipart("mixed", *[part("一")] * 60_000),
    "10,000 files": lambda: multipart("mixed", *[encoded(b"\xff\xd8\xff" + b"x" * 900, "image/jpeg", "a")] * 10_000),
    "19 MB of photos": lambda: multipart("mixed", part("看"), *photos(14)),
    "one file of 19 MB": lambda: multipart("mixed", part("看"), encoded(os.urandom(14 * MB), "image/png", "a.png")),
    "broken signs": lambda: letter(os.urandom(19 * MB), label="gb2312"),
    "broken signs in base64": lambda: letter(os.urandom(14 * MB), label="utf-8", coding="base64"),
    "broken quoted-printable": lambda: letter(b"=ZZ=\r\n=E5" * (2 * MB), label="utf-8").replace(b"8bit", b"quoted-printable"),
    "one line": lambda: letter(b"x" * 19 * MB),
    "beginnings of tags": lambda: letter(b"<a \"'" * (3 * MB), kind="text/html"),
    "unended comments": lambda: letter(b"<!-- <div style='" * MB, kind="text/html"),
    "tags in tags": lambda: letter(b"<div><blockquote>" * MB, kind="text/html"),
    "marks of quotes": lambda: letter(("On 2026-11-22 a@b.c " * 12 + "\n") * 60_000),
    "lines from, sent": lambda: letter("From: a@b\n" * 400_000),
    "headers": lambda: b"X-A: b\r\n" * (2 * MB) + letter("头"),
    "one header": lambda: b"Subject: " + b"=?utf-8?B?" * (2 * MB) + b"\r\n" + letter("头"),
    "folded header": lambda: b"References: " + b"<a@b>\r\n " * (2 * MB) + b"\r\n" + letter("头"),
    "parameters": lambda: letter("x", kind="text/plain; " + 'a*0*="b;' * MB, label=""),
    "boundaries in boundaries": lambda: letter(boxes(25), label="", kind="multipart/mixed; boundary=b24"),
    "almost boundaries": lambda: multipart("mixed", part(b"\n--=_b1x" * (2 * MB))),
    "a report of 200,000 groups": lambda: multipart("report", part(b"Action: failed\r\n\r\n" * 200_000, "message/delivery-status")),
    "numbers": lambda: letter("1234-5678 " * MB),
}  # fmt: skip


@pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="no /proc to measure memory by")
def test_no_letter_costs_much(tmp_path):
    paths = []
    for name, build in HEAVY.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(build()[: 20 * MB])
    command = [sys.executable, "-m", "tests.plugins.channels.mail.measure", *map(str, paths)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr[-2_000:]
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert [row["name"] for row in rows] == list(HEAVY)
    assert [row for row in rows if row["mb"] > MOST_MB or row["s"] > MOST_S] == []
