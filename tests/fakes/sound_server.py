"""A call centre's store of recordings on a loopback socket: `answers` by path, `asked` with its headers."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# eight samples of silence, as telephones record
WAV = (
    b"RIFF,\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00@\x1f\x00\x00\x01\x00\x08\x00"
    b"data\x08\x00\x00\x00\x80\x80\x80\x80\x80\x80\x80\x80"
)


class SoundServer:
    def __init__(self):
        self.url, self.asked = "", []
        self.answers = {"/r1.wav": (200, "audio/wav", WAV)}


@contextmanager
def sound_server():
    fake = SoundServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            fake.asked.append((self.path, dict(self.headers)))
            status, kind, body = fake.answers.get(self.path, (404, "text/plain", b"not yet"))
            self.send_response(status)
            self.send_header("Location" if status == 302 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
