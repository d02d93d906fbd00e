"""Files that head office hands out: delivery lists, waybill lists, quality and penalty tables, evidence."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.feeds.port import Answer, Card, FileReader, Parsed, Pushed
from yishi.plugins.feeds.head_office.reader import HeadOfficeReader

CARD = Card(name="head_office", label=_("总部报表"), docs="XLSX, XLS, CSV, HTML")
READER: FileReader = HeadOfficeReader()


class HeadOfficeFeed:
    """The same files as a body; nobody pushes them, so nothing is signed."""

    def check_signature(self, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]) -> bool:
        return True

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> Parsed:
        return HeadOfficeReader().parse(body, zone)

    def answer(self, outcome: str, pushed: Pushed) -> Answer:
        return Answer(200, "application/json", b'{"ok": true}')


PLUGIN = HeadOfficeFeed()
