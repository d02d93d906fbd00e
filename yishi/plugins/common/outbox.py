"""A folder instead of a gateway: every notice is one JSON line, for demonstrations and trials."""

import json
import os
from pathlib import Path

from yishi.notifications.port import Notice, PluginError


class FileLine:
    """Appends to one file of `$YISHI_HOME/outbox`; a line is written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, notice: Notice) -> None:
        line = {"at": notice.at, "to": notice.to, "text": notice.body, "notice_id": notice.notice_id}
        if notice.heading:
            line["heading"] = notice.heading
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, data)
            finally:
                os.close(handle)
        except OSError as broken:
            raise PluginError(f"not written: {broken.strerror}", outage=True) from broken

    def close(self) -> None:
        """Nothing stays open between notices."""
