"""A clamd of our own on a loopback socket: INSTREAM as its manual documents it. It knows one virus."""

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator

# the test virus of all scanners, in two parts: nobody's scanner shall find it in this file
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.seen: list[int] = []
        self.answer: bytes | None = None

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        body = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            body += self.rfile.read(size)
        self.server.seen.append(len(body))
        found = b"stream: Eicar-Signature FOUND" if EICAR in body else b"stream: OK"
        self.wfile.write((found if self.server.answer is None else self.server.answer) + b"\0")


@contextlib.contextmanager
def clamd() -> Iterator[Clamd]:
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
