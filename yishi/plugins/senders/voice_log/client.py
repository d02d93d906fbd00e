"""Every call becomes one line of outbox/calls.jsonl; nobody answers it."""

from pathlib import Path

from yishi.plugins.common.outbox import FileLine


def connect(url: str, home: Path) -> FileLine:
    return FileLine(home / "outbox" / "calls.jsonl")
