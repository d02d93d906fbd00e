"""Real gateways on loopback: a SMTP server and an HTTP sink that can be told to misbehave."""

import asyncio
import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


class Mailbox:
    """What a SMTP server has taken; `answer` is its word to the next messages, `delay` its slowness."""

    def __init__(self):
        self.messages = []
        self.answer = "250 OK"
        self.recipient_answer = "250 OK"
        self.delay = 0.0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.delay)
        if self.answer.startswith("250"):
            self.messages.append(envelope)
        return self.answer


@contextmanager
def smtp_server():
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}?from=care@example.cn"
    try:
        yield box
    finally:
        controller.stop()


class Sink:
    """What an HTTP gateway has taken, with the headers; `status` is its answer."""

    def __init__(self):
        self.posts = []
        self.status = 200
        self.refuse_to = ""
        self.delay = 0.0


@contextmanager
def sms_sink():
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(sink.delay)
            status = 400 if body["to"] == sink.refuse_to else sink.status
            if status < 300:
                sink.posts.append((dict(self.headers), body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sink.url = f"http://key:@127.0.0.1:{server.server_port}/sms"
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
