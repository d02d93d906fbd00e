"""快递100's work orders as its public page and demo describe them, on a loopback socket: the key and the
signature are checked, `status` tells how one stands, `reply` with `addReply` takes an answer."""

import json
import threading
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

KEY, SECRET = "fake-key-1", "fake-secret-1"


class WorkOrders:
    """`orders` by number, `replies` as they came; `drop` takes what is said and hangs up."""

    def __init__(self):
        self.orders, self.replies, self.url = {}, [], ""
        self.drop, self.status = False, 200

    @property
    def settings(self):
        return {"key": KEY, "secret": SECRET, "api_url": self.url, "closed_states": "3"}

    def answer(self, path, form):
        signed = md5((form["param"] + form["t"] + KEY + SECRET).encode()).hexdigest().upper()
        if form["key"] != KEY or form["sign"] != signed:
            return {"code": 503, "success": False, "message": f"验证签名失败 {form['key']}"}
        param = json.loads(form["param"])
        order = self.orders.get(param["consultId"])
        if order is None:
            return {"code": 400, "success": False, "message": "工单不存在"}
        if path == "/reply" and form["method"] == "addReply":
            self.replies.append((param["consultId"], param["content"], param["attach"]))
            return {"code": 200, "success": True, "message": "成功", "data": None, "time": 3}
        return {"code": 200, "success": True, "message": "成功", "data": order, "time": 3}


@contextmanager
def work_orders():
    fake = WorkOrders()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = fake.answer(self.path, dict(parse_qsl(body, keep_blank_values=True)))
            if fake.drop:
                self.connection.close()
                return
            data = json.dumps(said, ensure_ascii=False).encode()
            self.send_response(fake.status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            """Clients that are hung up on are what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
