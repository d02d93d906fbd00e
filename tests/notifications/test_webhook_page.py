"""A webhook on its page: tested, signed anew with a secret that is shown once, paused, sent again."""

import hmac
import json
import re

import pytest

from tests.notifications.test_webhooks import at_home, receiver, tell_all
from tests.web.desk.conftest import browser
from yishi.kit.clock import now
from yishi.notifications.actions.webhooks import add_webhook, pause_webhook
from yishi.notifications.models import Webhook, WebhookCall
from yishi.people.rules import SYSTEM_VIEWER

__all__ = ["at_home", "receiver"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator(world):
    return browser(world.operator)


@pytest.fixture
def hook(world, receiver, at_home):
    webhook_id, secret = add_webhook(url=receiver.url, events=["case.opened"], by=SYSTEM_VIEWER, at=now())
    return f"/manage/webhooks/{webhook_id}", secret


def is_signed_with(secret, headers, body):
    second, _, signature = headers["Yishi-Signature"].partition(",v1=")
    return signature == hmac.new(secret.encode(), f"{second[2:]}.".encode() + body, "sha256").hexdigest()


def test_a_test_is_sent_signed_and_its_outcome_is_told(operator, hook, receiver):
    address, secret = hook
    assert "推一条测试" in operator.get(address).content.decode()
    assert operator.post(f"{address}/test").status_code == 302
    again = operator.post(f"{address}/test")
    assert (again.status_code, WebhookCall.objects.count()) == (409, 1)
    assert "上一次测试还没有结果" in again.content.decode()
    tell_all(now())
    ((headers, body),) = receiver.told
    assert is_signed_with(secret, headers, body)
    assert (json.loads(body)["event"], json.loads(body)["data"]) == ("webhook.test", {})
    page = operator.get(address).content.decode()
    assert "最近一次测试" in page and "HTTP 204" in page and "送到了" in page


def test_a_test_that_is_not_taken_says_why(operator, hook, receiver):
    receiver.status = 500
    operator.post(f"{hook[0]}/test")
    tell_all(now())
    page = operator.get(hook[0]).content.decode()
    assert "没接住，还会再试" in page and "HTTP 500" in page


def test_the_new_secret_is_shown_once_and_signs_what_waits(operator, hook, receiver):
    address, old = hook
    operator.post(f"{address}/test")
    answer = operator.post(f"{address}/secret")
    (new,) = set(re.findall(r"whsec_[\w-]+", answer.content.decode()))
    assert new != old and "no-store" in answer["Cache-Control"]
    assert new not in operator.get(address).content.decode()
    tell_all(now())
    ((headers, body),) = receiver.told
    assert is_signed_with(new, headers, body) and not is_signed_with(old, headers, body)


def test_a_paused_one_is_not_tested_and_goes_on_by_one_touch(operator, hook):
    address, _secret = hook
    operator.post(f"{address}/pause")
    assert operator.post(f"{address}/test").status_code == 409 and not WebhookCall.objects.exists()
    operator.post(f"{address}/resume")
    assert operator.post(f"{address}/test").status_code == 302 and WebhookCall.objects.count() == 1


def test_a_dead_letter_goes_again_by_one_touch(operator, hook, receiver):
    operator.post(f"{hook[0]}/test")
    WebhookCall.objects.update(state="DEAD", due_at=None, tries=9)
    operator.post(f"{hook[0]}/again", {"call": str(WebhookCall.objects.get().pk)})
    tell_all(now())
    assert WebhookCall.objects.get().state == "SENT" and len(receiver.told) == 1


def test_a_touch_nobody_knows_changes_nothing(operator, hook):
    pause_webhook(webhook_id=Webhook.objects.get().pk, reason="by hand", by=SYSTEM_VIEWER)
    assert operator.post(f"{hook[0]}/anything").status_code == 404
    assert Webhook.objects.get().paused_reason == "by hand"


def test_somebody_without_the_right_learns_nothing(world, hook):
    agent, before = browser(world.lin), Webhook.objects.get().secret
    assert agent.post(f"{hook[0]}/secret").status_code == 403
    assert Webhook.objects.get().secret == before
