"""微信's API and the webhooks of 企业微信, 钉钉 and 飞书 as their public pages describe them, on a loopback
socket: tokens end, signatures are checked, `refuse` makes the next answers."""

import base64
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

APP_ID, APP_SECRET = "wx00000000000000a1", "fake-app-secret"
CORP_ID = "ww00000000000001"
HOOK, HOOK_SECRET = "fake-hook-key", "fake-hook-secret"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class ChatServers:
    """`sent` are the messages taken, as (path, body); `refuse` the errcodes of the next sends."""

    def __init__(self):
        self.sent, self.refuse, self.url, self.delay = [], [], "", 0.0
        self.tokens, self.asked_tokens, self.media = [], 0, PICTURE

    def handle(self, method, path, query, body):
        if path == "/cgi-bin/stable_token":
            return self._token(body)
        if path == "/cgi-bin/gettoken":
            asked = {"appid": query["corpid"], "secret": query["corpsecret"]}
            return self._token({**asked, "force_refresh": True})
        if path.startswith("/cgi-bin/") and "access_token" in query:
            if query["access_token"] != (self.tokens or [""])[-1]:
                return {"errcode": 40001, "errmsg": "invalid credential"}
            if path == "/cgi-bin/media/get":
                is_there = query["media_id"] == "media-1"
                return self.media if is_there else {"errcode": 40007, "errmsg": "invalid"}
        elif not self._is_allowed(path, query, body):
            return {"errcode": 310000, "code": 19021, "errmsg": "sign not match", "msg": "sign not match"}
        if self.refuse:
            code = self.refuse.pop(0)
            return {"errcode": code, "code": code, "errmsg": "refused", "msg": "refused"}
        self.sent.append((path, body))
        return {"errcode": 0, "code": 0, "errmsg": "ok", "msg": "success", "msgid": 7000 + len(self.sent)}

    def _token(self, body):
        self.asked_tokens += 1
        if (body["appid"], body["secret"]) not in ((APP_ID, APP_SECRET), (CORP_ID, APP_SECRET)):
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        if not self.tokens or body["force_refresh"]:
            self.tokens.append(f"token-{len(self.tokens) + 1}")
        return {"access_token": self.tokens[-1], "expires_in": 7200}

    def _is_allowed(self, path, query, body):
        if path == "/cgi-bin/webhook/send":
            return query.get("key") == HOOK
        if path == "/robot/send":
            key = HOOK_SECRET.encode()
            right = hmac.digest(key, f"{query['timestamp']}\n{HOOK_SECRET}".encode(), "sha256")
            return query["access_token"] == HOOK and query["sign"] == base64.b64encode(right).decode()
        if path == f"/open-apis/bot/v2/hook/{HOOK}":
            right = hmac.digest(f"{body['timestamp']}\n{HOOK_SECRET}".encode(), b"", "sha256")
            return body["sign"] == base64.b64encode(right).decode()
        return False

    @property
    def texts(self):
        """What was said, in order."""
        return [_text(body) for _path, body in self.sent]


def _text(body):
    if "msgmenu" in body:
        return body["msgmenu"]["head_content"]
    text = body.get("text") or body.get("content") or {}
    return text.get("content", "") or text.get("text", "")


@contextmanager
def chat_servers():
    fake = ChatServers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer({})

        def do_POST(self):
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body):
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            time.sleep(fake.delay)
            said = fake.handle(self.command, parts.path, query, body)
            is_file = isinstance(said, bytes)
            data = said if is_file else json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "image/png" if is_file else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

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
