"""Where webhooks may lead: what is written is judged when it is kept, what it leads to when it is called."""

import socket
from dataclasses import replace

import pytest

from tests.api.conftest import Caller
from tests.cases.making import at_dongshan
from tests.notifications.test_webhooks import receiver, tell_all
from tests.security.conftest import database_print
from tests.security.probing import FORM, staff
from tests.security.words import form
from tests.world import START
from yishi.kit.addresses import may_call
from yishi.kit.clock import now
from yishi.notifications.models import Webhook, WebhookCall
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role

__all__ = ["receiver"]

NEVER = [
    "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "javascript:alert(1)", "data:text/plain,x", "ftp://a.cn/",
    "//example.cn/", "https://", "https:///x", "https://user@example.cn/", "https://:pw@example.cn/",
    "https://example.cn@127.0.0.1/", "https://example.cn:0/", "https://example.cn:99999/", "https://[::1/",
    "https://example.cn/\r\nHost: x", "https://exa\ufffdmple.cn/", "https://" + "a" * 70 + ".cn/", "https://a..cn/",
    "https://example.cn/#" + "x", "https://example.cn/" + "a" * 2_000, "http://example.cn/", "", " ",
]  # fmt: skip


@pytest.mark.parametrize("door", ["page", "api"])
def test_no_address_but_https_is_kept(world, door):
    key = add_key(role=Role.INTEGRATOR, name="shop", by=SYSTEM_VIEWER, at=START)
    client, before = staff(world.operator), database_print()
    for url in NEVER:
        if door == "api":
            answer = Caller(key).post("/webhooks", {"url": url, "events": ["case.opened"]})
        else:
            said = form({"url": url, "events": "case.opened"})
            answer = client.post("/manage/webhooks", said, FORM)
        assert (url, answer.status_code) == (url, 422)
    assert database_print() == before


INSIDE = [
    "2130706433", "0x7f000001", "017700000001", "127.1", "0", "localhost", "localhost.", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::127.0.0.1]", "①②⑦.⓪.⓪.①",
    "inside.example.cn", "both.example.cn",
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_no_way_of_writing_our_own_house_is_called(world, receiver, settings, monkeypatch):
    """Whatever an address or name leads to is judged when it is called, each of its addresses."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, webhook_networks=("10.0.0.0/8",))
    monkeypatch.setattr(socket, "getaddrinfo", _names(socket.getaddrinfo))
    port = receiver.server_address[1]
    key = add_key(role=Role.INTEGRATOR, name="shop", by=SYSTEM_VIEWER, at=START)
    for host in INSIDE:
        said = {"url": f"http://{host}:{port}/hook", "events": ["case.opened"]}
        assert Caller(key).post("/webhooks", said).status_code in {201, 422}, host
    assert Webhook.objects.count() >= len(INSIDE) - 1
    at_dongshan(world, at=now())
    tell_all(now())
    assert receiver.told == []
    outcomes = set(WebhookCall.objects.values_list("state", "last_error"))
    assert outcomes <= {("QUEUED", "address not allowed"), ("QUEUED", "unknown host")}


def _names(ask):
    """Two names: one leads into our house, one to a stranger's and into ours."""
    known = {"inside.example.cn": ["127.0.0.1"], "both.example.cn": ["93.184.215.14", "127.0.0.1"]}

    def answer(host, port, *args, **kwargs):
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in known[host]]
        return ask(host, port, *args, **kwargs)

    return answer


@pytest.mark.parametrize(
    "address", ["64:ff9b::7f00:1", "64:ff9b::a01:203", "::7f00:1", "fec0::1", "::ffff:0:7f00:1"]
)
def test_an_address_inside_another_is_ours_too(address):
    assert not may_call(address)
    assert may_call("64:ff9b::5db8:d70e"), "a public one behind a translator"
