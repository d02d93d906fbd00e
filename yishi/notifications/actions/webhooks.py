"""Webhooks: made, paused, taken away; and each matter written down once for every webhook that wants it."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from yishi.cases.facts import CaseFact
from yishi.cases.queries.cards import get_case
from yishi.cases.rules.status import NEVER
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import Fact, hash_of
from yishi.kit.ids import new_key
from yishi.notifications.models import Webhook, WebhookCall
from yishi.notifications.queries.webhooks import is_anybody_told, within
from yishi.notifications.rules import TEST_EVENT, WEBHOOK_EVENTS, webhook_fault
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

log = logging.getLogger(__name__)

MOST_WEBHOOKS = 50


class TooManyWebhooks(Refusal):
    """回调地址太多了，先删掉不用的"""

    code = "too_many_webhooks"


class WebhookPaused(Refusal):
    """这个回调停着，先放开再测试"""

    code = "webhook_paused"


@transaction.atomic
def add_webhook(*, url: str, events: Sequence[str], by: Viewer, at: datetime) -> tuple[int, str]:
    """Tells that address of these events from now on, as far as `by` sees. Returns its number and the secret
    that signs each call, which is never shown again. Raises Invalid, TooManyWebhooks."""
    require(by, Permission.WEBHOOKS)
    wanted, url = list(dict.fromkeys(events)), url.strip()
    errors = [
        (f"/events/{place}", "unknown_event", "没有这种事件")
        for place, event in enumerate(wanted)
        if event not in WEBHOOK_EVENTS
    ]
    if not wanted:
        errors.append(("/events", "missing_field", "至少选一种事件"))
    fault = webhook_fault(url, is_plain_allowed=bool(settings.ENVIRONMENT.webhook_networks))
    if fault:
        says = "地址要以 https:// 开头" if fault == "not_https" else "这不是能回调的网址"
        errors.append(("/url", fault, says))
    if errors:
        raise Invalid(errors)
    if Webhook.objects.filter(removed_at__isnull=True).count() >= MOST_WEBHOOKS:
        raise TooManyWebhooks()
    secret = _new_secret()
    codes = None if by.outlet_codes is None else sorted(by.outlet_codes)
    made = Webhook.objects.create(
        url=url, events=wanted, secret=secret, outlet_codes=codes, made_by=by.label, created_at=at
    )
    return made.pk, secret


def _new_secret() -> str:
    return new_key().replace("yk_", "whsec_", 1)


def _hold(webhook_id: int, by: Viewer) -> Webhook:
    require(by, Permission.WEBHOOKS)
    mine = Webhook.objects.select_for_update().filter(within(by), pk=webhook_id, removed_at__isnull=True)
    found = mine.first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def remove_webhook(*, webhook_id: int, by: Viewer, at: datetime) -> None:
    """Nothing is told there any more; what waited is dropped. Raises NotFound, also for somebody else's."""
    webhook = _hold(webhook_id, by)
    webhook.removed_at = at
    webhook.save(update_fields=["removed_at"])
    webhook.calls.filter(due_at__isnull=False).update(
        due_at=None, state=WebhookCall.State.DEAD, last_error="removed"
    )


@transaction.atomic
def pause_webhook(*, webhook_id: int, reason: str, by: Viewer) -> None:
    """With a reason nothing is sent until it is let go on by an empty one; what happens meanwhile waits."""
    webhook = _hold(webhook_id, by)
    webhook.paused_reason = reason.strip()[:200]
    webhook.save(update_fields=["paused_reason"])


@transaction.atomic
def rotate_secret(*, webhook_id: int, by: Viewer, at: datetime) -> str:
    """A new secret, never shown again, in place of one that somebody else may know: it signs every call from
    now on, also those that wait. Raises NotFound."""
    webhook = _hold(webhook_id, by)
    webhook.secret = secret = _new_secret()
    webhook.save(update_fields=["secret"])
    log.warning("webhook secret renewed", extra={"webhook": webhook.pk, "by": by.label})
    return secret


class StillTesting(Refusal):
    """上一次测试还没有结果，等它送到或失败再试"""

    code = "test_waits"


@transaction.atomic
def send_test(*, webhook_id: int, by: Viewer, at: datetime) -> int:
    """One signed call of event `webhook.test` that tells of nothing; the call's number. It is tried and set
    aside like every other. Raises NotFound, WebhookPaused, StillTesting while one is on its way."""
    webhook = _hold(webhook_id, by)
    if webhook.paused_reason:
        raise WebhookPaused()
    if webhook.calls.filter(event=TEST_EVENT, due_at__isnull=False).exists():
        raise StillTesting()
    call = WebhookCall(webhook=webhook, event=TEST_EVENT, due_at=at, created_at=at)
    call.fact_hash = hashlib.sha256(call.delivery_id.bytes).digest()
    body = {"id": str(call.delivery_id), "event": TEST_EVENT, "at": at.isoformat(), "data": {}}
    call.body = json.dumps(body)
    call.save()
    return call.pk


@transaction.atomic
def send_again(*, webhook_id: int, call_id: int | None = None, by: Viewer, at: datetime) -> int:
    """Tries what was set aside once more, one call or all of them, for another three days; how many."""
    webhook = _hold(webhook_id, by)
    dead = webhook.calls.filter(state=WebhookCall.State.DEAD)
    if call_id is not None:
        dead = dead.filter(pk=call_id)
    return dead.update(state=WebhookCall.State.QUEUED, due_at=at, tries=0, created_at=at)


def tell_webhooks(
    *, event: str, fact: Fact, data: Mapping[str, Any], outlet_code: str | None, at: datetime
) -> int:
    """Writes down one call for each webhook that wants the event and may see that outlet's matters; returns
    how many. The same fact again adds nothing."""
    fact_hash = hash_of(fact)
    calls = []
    for webhook in Webhook.objects.filter(removed_at__isnull=True):
        is_seen = webhook.outlet_codes is None or outlet_code in webhook.outlet_codes
        if event in webhook.events and is_seen:
            call = WebhookCall(webhook=webhook, event=event, fact_hash=fact_hash, due_at=at, created_at=at)
            body = {
                "id": str(call.delivery_id),
                "event": event,
                "at": fact.at.isoformat(),
                "data": dict(data),
            }
            call.body = json.dumps(body, ensure_ascii=False)
            calls.append(call)
    WebhookCall.objects.bulk_create(calls, ignore_conflicts=True)
    return len(calls)


def tell_of_case(*, event: str, fact: CaseFact) -> int:
    """A case as programs know it, with what has just happened to it; no contact and no words of anybody."""
    if not is_anybody_told():
        return 0
    case = get_case(fact.case_id)
    data = {
        "what": fact.name.rpartition(".")[2],
        "case_no": case.case_no,
        "status": case.status,
        "category": case.category,
        "source": case.source,
        "external_no": case.external_no,
        "waybill_no": case.waybill_no,
        "carrier": case.carrier,
        "outlet": case.outlet_code,
        "priority": case.priority,
        "opened_at": case.opened_at.isoformat(),
        "next_due_at": case.next_due_at.isoformat() if case.next_due_at < NEVER else None,
        "remedy": case.remedy,
        "finding": case.finding_validity or None,
        "version": case.version,
    }
    return tell_webhooks(event=event, fact=fact, data=data, outlet_code=case.outlet_code, at=fact.at)
