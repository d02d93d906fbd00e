"""Our own format: JSON and NDJSON over the API, CSV and Excel files."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import BAD_SIGNATURE, Answer, Card, Parsed, Pushed
from yishi.plugins.feeds.generic.json_body import parse_json
from yishi.plugins.feeds.generic.sheets import is_excel, parse_sheet

CARD = Card(
    name="generic", label=_("通用接口与文件"), docs="POST /api/v1/events, POST /api/v1/shipments, CSV, XLSX"
)


class GenericFeed:
    """Reads what integrators send and what people load. It is not signed: the key in the address is the
    proof."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        return True

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        """JSON where the body begins like it, else a sheet. `settings["expects"]`: events, shipments or
        either."""
        expects = settings.get("expects", "")
        if _is_json(body, content_type):
            # a time without offset is refused where a program sends it, and local where a person loads a file
            return parse_json(body, expects, None)
        return parse_sheet(body, expects, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        if outcome == BAD_SIGNATURE:
            return Answer(401, "application/json", b'{"ok": false}')
        return Answer(200, "application/json", b'{"ok": true}')


def _is_json(body: bytes, content_type: str) -> bool:
    start = body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return not is_excel(body) and ("json" in content_type or start[:1] in (b"", b"[", b"{"))


PLUGIN = GenericFeed()
