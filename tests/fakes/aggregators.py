"""快递100 and 快递鸟 as their documents describe them, on a loopback socket: they check keys and signatures
as the real ones do, and can be told to misbehave."""

import json
import threading
import time
from base64 import b64encode
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

KEY, CUSTOMER, SECRET = "fake-key-1", "FAKECUSTOMER1", "fake-secret-1"
ACCOUNT, APP_KEY = "1999999", "fake-app-key-1"


class Aggregator:
    """What was asked, and what to answer: `said` replaces the answer to the parcels it names."""

    def __init__(self):
        self.asked = []
        self.said = {}
        self.status = 200
        self.delay = 0.0
        self.raw = b""
        self.headers = {}
        self.url = ""

    def numbers(self, path=""):
        return [number for where, _, number in self.asked if where.startswith(path)]

    @property
    def kuaidi100(self):
        urls = {"subscribe_url": f"{self.url}/poll", "query_url": f"{self.url}/poll/query.do"}
        return urls | {"key": KEY, "customer": CUSTOMER, "secret": SECRET, "pickup_url": f"{self.url}/pickup"}

    @property
    def kdniao(self):
        urls = {"subscribe_url": f"{self.url}/api/dist", "query_url": f"{self.url}/Ebusiness"}
        return urls | {"ebusiness_id": ACCOUNT, "app_key": APP_KEY}

    def answer(self, path, form):
        number, said = {
            "/poll": _subscribe,
            "/poll/query.do": _query,
            "/pickup": _pickup,
            "/api/dist": _kdniao,
            "/Ebusiness": _kdniao,
        }[path](form)
        self.asked.append((path, form, number))
        return self.said.get(number, said)


def _upper_md5(text):
    return md5(text.encode()).hexdigest().upper()


def _subscribe(form):
    param = json.loads(form["param"])
    code = "200" if form["schema"] == "json" and param["key"] == KEY else "600"
    said = {
        "result": code == "200",
        "returnCode": code,
        "message": "提交成功" if code == "200" else "KEY错误",
    }
    return param["number"], said


def _query(form):
    param = json.loads(form["param"])
    if form["customer"] != CUSTOMER or form["sign"] != _upper_md5(form["param"] + KEY + CUSTOMER):
        return param["num"], {"result": False, "returnCode": "503", "message": "验证签名失败"}
    scan = {
        "time": "2026-11-21 09:00:00",
        "ftime": "2026-11-21 09:00:00",
        "context": "已揽收",
        "statusCode": "1",
    }
    said = {"message": "ok", "nu": param["num"], "com": param["com"], "status": "200", "state": "1"}
    return param["num"], said | {"ischeck": "0", "data": [scan]}


def _pickup(form):
    param = json.loads(form["param"])
    signed = _upper_md5(form["param"] + form["t"] + KEY + SECRET)
    if form["key"] != KEY or form["sign"] != signed or len(param["receiverPhone"]) != 11:
        return param["kuaidinum"], {"code": 503, "message": "验证签名失败", "data": None}
    data = {"kuaidicom": param["kuaidicom"], "kuaidinum": param["kuaidinum"], "pickUpCode": "6-1-2045"}
    return param["kuaidinum"], {"code": 200, "message": "", "data": data}


def _kdniao(form):
    data = json.loads(form["RequestData"])
    digest = md5((form["RequestData"] + APP_KEY).encode()).hexdigest()
    said = {"EBusinessID": form["EBusinessID"], "Success": True, "Reason": ""}
    if form["EBusinessID"] != ACCOUNT or form["DataSign"] != b64encode(digest.encode()).decode():
        return data["LogisticCode"], said | {"Success": False, "Reason": "数据验证不通过"}
    if form["RequestType"] in ("1002", "8002"):
        trace = {"AcceptTime": "2026-11-21 09:00:00", "AcceptStation": "已揽收", "Action": "1"}
        said |= {"ShipperCode": data["ShipperCode"], "LogisticCode": data["LogisticCode"], "State": "1"}
        said |= {"Traces": [trace]}
    return data["LogisticCode"], said


@contextmanager
def aggregator():
    fake = Aggregator()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = fake.answer(self.path, dict(parse_qsl(body, keep_blank_values=True)))
            time.sleep(fake.delay)
            data = fake.raw or json.dumps(said, ensure_ascii=False).encode()
            self.send_response(fake.status)
            for name, value in fake.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            """Clients that hang up are what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
