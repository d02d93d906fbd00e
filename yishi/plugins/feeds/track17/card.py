"""17TRACK v2: whole traces of parcels all over the world, signed by a digest in a header."""

from collections.abc import Mapping
from datetime import tzinfo
from hashlib import sha256

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, Parsed, Pushed, SettingField
from yishi.plugins.common.pushes import in_json
from yishi.plugins.common.reading import load_json, same
from yishi.plugins.feeds.track17.trace import read_push

CARD = Card(
    name="track17",
    label=_("17TRACK（国际）"),
    settings=(SettingField("key", _("访问密钥 key"), is_secret=True),),
    docs="https://api.17track.net/en/doc",
)


class Track17:
    """Reads the webhook of version 2; the first version has another shape and is unreadable here."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        """`sign` is sha256hex(body + "/" + key). Without a key nothing is signed."""
        key = settings.get("key", "")
        expected = sha256(body + b"/" + key.encode()).hexdigest()
        return not key or same(expected, headers.get("sign", "").strip().lower())

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return read_push(load_json(body), zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return in_json(outcome, taken=b'{"code":0}', refused=b'{"code":401}')


PLUGIN = Track17()
