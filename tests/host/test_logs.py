"""Logs of a demo: JSON lines in files, the terminal shows what matters, once."""

import json
import os
import time

import pytest

from yishi.host.logs import LogFile, Logs, as_record, worth_showing


def written(folder, name):
    return [json.loads(line) for line in (folder / f"{name}.log").read_text().splitlines()]


@pytest.fixture
def logs(tmp_path):
    said = []
    logs = Logs(tmp_path / "log", said.append)
    logs.said = said
    return logs


def line(level, logger="yishi.x", message="text"):
    return json.dumps({"level": level, "logger": logger, "message": message}).encode() + b"\n"


def test_every_line_is_kept_and_only_what_matters_is_shown(logs):
    end = logs.open("web")
    logs.start()
    os.write(end, line("INFO") + line("WARNING") + line("WARNING", "django.x") + line("ERROR", "django.x"))
    os.write(end, "载入示例数据 …\nhalf a ".encode())
    os.write(end, b"line")
    logs.close()
    assert logs.said == [
        "web: WARNING yishi.x: text",
        "web: ERROR django.x: text",
        "载入示例数据 …",
        "half a line",
    ]
    assert [record["level"] for record in written(logs.folder, "web")] == [
        "INFO", "WARNING", "WARNING", "ERROR", "PLAIN", "PLAIN",
    ]  # fmt: skip


def test_two_children_of_a_kind_share_a_file(logs):
    ends = [logs.open("web"), logs.open("web")]
    logs.start()
    for end in ends:
        os.write(end, line("INFO", message=str(end)))
    logs.close()
    assert {record["message"] for record in written(logs.folder, "web")} == {str(end) for end in ends}


def test_the_same_failure_is_shown_once_a_minute(logs):
    end = logs.open("worker")
    logs.start()
    os.write(end, line("ERROR") * 50)
    logs.close()
    assert len(logs.said) == 1
    assert len(written(logs.folder, "worker")) == 50


def test_quiet_while_stopping(logs):
    end = logs.open("web")
    logs.start()
    logs.is_quiet = True
    os.write(end, b"[WARNING] Killing worker-1\n")
    logs.close()
    assert logs.said == []
    assert len(written(logs.folder, "web")) == 1


def test_closing_does_not_wait_for_a_child_that_hangs(logs):
    end = logs.open("web")
    kept = os.dup(end)
    logs.start()
    began = time.monotonic()
    logs.close()
    os.close(kept)
    assert time.monotonic() - began < 3


def test_a_full_file_is_put_aside(tmp_path):
    log = LogFile(tmp_path / "web.log", rotate_bytes=10)
    for number in range(6):
        log.write(f"line {number}\n".encode())
    log.close()
    texts = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert texts == {
        "web.log": "line 5\n",
        "web.log.1": "line 4\n",
        "web.log.2": "line 3\n",
        "web.log.3": "line 2\n",
    }


@pytest.mark.parametrize("said", [b"123", b"[1]", b"{broken", b"\xff\xfe"])
def test_words_become_a_record(said):
    assert as_record(said)["level"] == "PLAIN"
    assert worth_showing("web", as_record(said))
