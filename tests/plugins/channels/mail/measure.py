"""Reads the letters named on the command line in a process of its own; a line of JSON for each: what came of
it, how long it took, and by how much memory grew at its peak, the letter itself counted."""

import gc
import json
import re
import sys
import time
from pathlib import Path

import django

from tests.plugins.channels.mail.letters import letter, read
from yishi.conversations.port import Unreadable


def _kilobytes(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


def measure(path: Path) -> dict[str, object]:
    gc.collect()
    # the highest mark begins anew
    Path("/proc/self/clear_refs").write_text("5")
    before, begin = _kilobytes("VmRSS"), time.process_time()
    try:
        heard = read(path.read_bytes())
        came = f"{len(heard.said)} said, {len(heard.said[0].text) if heard.said else 0} signs"
    except Unreadable as unreadable:
        came = unreadable.reason
    took = time.process_time() - begin
    return {
        "name": path.name,
        "came": came,
        "s": round(took, 2),
        "mb": (_kilobytes("VmHWM") - before) // 1024,
    }


if __name__ == "__main__":
    django.setup()
    read(letter("到哪了".encode("gb18030") + b"\xff"))  # what is made once is nobody's growth
    for each in sys.argv[1:]:
        print(json.dumps(measure(Path(each))), flush=True)
