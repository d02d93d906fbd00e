"""Clients that do not give up: each thing is sent again, with the same key, until it is acknowledged."""

import contextlib
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import httpx

# what may be sent again: the first try still runs, too many, not just now; a 500 is a fault of ours
_AGAIN = {409, 429, 503, 507}
_PAUSE_S = 0.05
_PATIENCE_S = 60
BATCH = 20


class Clients:
    """Two senders of events (web and edge) and two of cases, until told to stop.

    `cases` are the acknowledged (key, case_no), `events` counts acknowledged events by how they were taken,
    `longest_s` is the longest that anybody waited from the first try to the acknowledgement.
    """

    def __init__(self, installation, *, integrator, quality):
        self.installation = installation
        self.keys = {"events": integrator, "cases": quality}
        self.cases, self.events, self.numbers = [], {"sent": 0, "accepted": 0, "duplicate": 0}, []
        self.longest_s, self.failures = 0.0, []
        self._stopping, self._lock = threading.Event(), threading.Lock()
        self._run = uuid.uuid4().hex[:6].upper()

    @contextlib.contextmanager
    def at_work(self):
        """They work while the block runs; afterwards what was begun is brought to its end."""
        installation = self.installation
        jobs = [
            (self._send_events, installation.web, "W"),
            (self._send_events, installation.edge, "E"),
            (self._open_cases, installation.web, "A"),
            (self._open_cases, installation.web, "B"),
        ]
        threads = [threading.Thread(target=self._guard, args=job, daemon=True) for job in jobs]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stopping.set()
            for thread in threads:
                thread.join(_PATIENCE_S + 10)

    def _guard(self, job, base, name):
        """A client that falls over is a failure as well."""
        try:
            with httpx.Client(base_url=base, timeout=10) as client:
                job(client, name)
        except Exception as error:
            self.failures.append(repr(error))

    def acknowledged(self):
        """How much has been acknowledged so far."""
        return len(self.cases) + self.events["sent"]

    def _send_events(self, client, name):
        number = 0
        while not self._stopping.is_set():
            number += 1
            waybill_no = f"YT{self._run}{name}{number:06d}"
            body = [_event(waybill_no, n) for n in range(BATCH)]
            said = self._until_taken(client, "/api/v1/events", body, self.keys["events"], {})
            if said is None:
                return
            with self._lock:
                self.numbers.append(waybill_no)
                self.events["sent"] += BATCH
                for how in ("accepted", "duplicate"):
                    self.events[how] += said[how]

    def _open_cases(self, client, name):
        number = 0
        while not self._stopping.is_set():
            number += 1
            body = {
                "waybill_no": f"YT{self._run}{name}{number:06d}",
                "category": "DELAY",
                "text": "还没到",
                "contact": {"email": f"{name}{number}@example.cn".lower()},
            }
            key = uuid.uuid4().hex
            said = self._until_taken(
                client, "/api/v1/cases", body, self.keys["cases"], {"Idempotency-Key": key}
            )
            if said is None:
                return
            with self._lock:
                self.cases.append((key, said["case_no"]))

    def _until_taken(self, client, path, body, token, headers):
        begin = time.monotonic()
        headers = {"Authorization": f"Bearer {token}", **headers}
        last = None
        while time.monotonic() - begin < _PATIENCE_S:
            try:
                last = client.post(path, json=body, headers=headers)
            except httpx.HTTPError as error:
                last = error
            else:
                if last.status_code in {200, 201}:
                    self.longest_s = max(self.longest_s, time.monotonic() - begin)
                    return last.json()
                if last.status_code not in _AGAIN:
                    break
            time.sleep(_PAUSE_S)
        text = last.text[:500] if isinstance(last, httpx.Response) else repr(last)
        self.failures.append(f"{path}: {text}")
        return None


def _event(waybill_no, number):
    moment = datetime.now(UTC) - timedelta(days=1) + timedelta(minutes=number)
    return {
        "waybill_no": waybill_no,
        "carrier": "yuantong",
        "kind": "in_transit",
        "happened_at": moment.replace(microsecond=0).isoformat(),
        "place": {"city": "南京市"},
        "text": f"第 {number} 站",
    }
