"""Every notice becomes one line of outbox/sms.jsonl."""

from pathlib import Path

from yishi.plugins.common.outbox import FileLine


def connect(url: str, home: Path) -> FileLine:
    return FileLine(home / "outbox" / "sms.jsonl")
