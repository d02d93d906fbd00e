"""AfterShip: checkpoints of parcels all over the world, signed by an HMAC in a header."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed, SettingField, Unreadable
from yishi.plugins.common.pushes import in_json
from yishi.plugins.common.reading import load_json, same
from yishi.plugins.common.traces import TraceForm, add_scans, add_verdict, by_code, said
from yishi.plugins.feeds.aftership.mapping import KIND_OF

CARD = Card(
    name="aftership",
    label=_("AfterShip（国际）"),
    settings=(SettingField("secret", _("Webhook 密钥"), is_secret=True),),
    docs="https://www.aftership.com/docs/tracking/webhook",
)

FORM = TraceForm(
    number=("tracking_number",),
    at=("checkpoint_time",),
    code=("subtag", "tag"),
    meaning=by_code(KIND_OF),
    text=("message",),
    city=("city", "location"),
)


class AfterShip:
    """Reads `tracking_update`. `event_id` needs no memory: checkpoints are known by what they say."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`aftership-hmac-sha256` is base64(HMAC-SHA256(body, secret)). Without a secret none is needed."""
        secret = settings.get("secret", "")
        expected = b64encode(hmac.digest(secret.encode(), body, "sha256"))
        return not secret or same(expected, headers.get("aftership-hmac-sha256", "").strip())

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        push = load_json(body)
        told: Any = push.get("msg") if isinstance(push, dict) else None
        number = said(told, FORM.number) if isinstance(told, dict) else ""
        if not number:
            raise Unreadable("missing_field", "msg.tracking_number")
        parsed, slug = Parsed(), said(told, ("slug",))
        add_scans(parsed, told.get("checkpoints") or [], number, FORM, zone, carrier=slug)
        add_verdict(parsed, said(told, ("subtag", "tag")), FORM.meaning)
        return parsed

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=b'{"ok":true}', refused=b'{"ok":false}')


PLUGIN = AfterShip()
