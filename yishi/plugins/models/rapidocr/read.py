"""`python -m yishi.plugins.models.rapidocr.read SOCKET`: a JPEG in, its lines of text out, one by one.

Needs the extra `ai`; its models come inside the wheel and nothing is downloaded. Started by `yishi.kit.ocr`;
it listens only once it can read, and ends when nobody asked for `IDLE_S`, or with who started it.
"""

import contextlib
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

IDLE_S = 300.0
MOST_PHOTOS = 500  # then it starts afresh: whatever a library keeps is given back
_SLOW_S = 5.0
_LARGEST = 32 * 1024 * 1024
# printed labels are large enough to be found at this size; more costs seconds and reads no better
_SIDE = 1280


def main(path: str) -> int:
    """Serves until it was idle for long enough."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    read = reader()
    with socket.socket(socket.AF_UNIX) as listener:
        Path(path).unlink(missing_ok=True)
        os.umask(0o177)
        listener.bind(path)
        listener.listen(2)
        with contextlib.suppress(TimeoutError):
            for _ in range(MOST_PHOTOS):
                listener.settimeout(IDLE_S)
                line, _peer = listener.accept()
                with line, contextlib.suppress(OSError):  # whoever asked has gone
                    line.settimeout(_SLOW_S)
                    line.sendall(read(received(line)).encode())
        Path(path).unlink(missing_ok=True)
    return 0


def reader() -> Callable[[bytes], str]:
    """What makes text of a photo, its lines from top to bottom."""
    from rapidocr import RapidOCR

    options = {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "Global.max_side_len": _SIDE,
        # its threads wait for each other by spinning: on a busy machine two are slower than one
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    engine = RapidOCR(params=options)

    def read(picture: bytes) -> str:
        try:
            found = engine(picture)
        except Exception:  # a photo that the library cannot bear reads as nothing; the next one may be fine
            return ""
        return "\n".join(line.replace("\n", " ") for line in found.txts or ())

    return read


def received(line: socket.socket) -> bytes:
    """What was sent, until the sender's end."""
    body = bytearray()
    while len(body) <= _LARGEST and (part := line.recv(65536)):
        body += part
    return bytes(body)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
