"""What people copy from a page of a head office or platform, or from a group chat."""

from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.cases.port import PASTE, AnsweredCase, FilledAnswer, ParsedRows, SettingField, WorkOrderCard
from yishi.plugins.common.order_answers import TEXT_PATTERN, as_text
from yishi.plugins.common.reading import as_text as text_of
from yishi.plugins.work_orders.paste.lines import read_paste

CARD = WorkOrderCard(
    name="paste",
    label=_("粘贴（网页表格、群聊）"),
    takes=frozenset({PASTE}),
    settings=(
        SettingField("answer_pattern", _("回填的写法，例如：{运单号}{处理结果}")),
        SettingField("closed_words", _("表示已结的状态，用逗号隔开")),
    ),
    docs=_(
        "带表头的行按列认；没有表头的，一段里有运单号就是一件，没有工单号的按内容记号，同一段贴两次还是一件。"
    ),
)


class PastePlugin:
    """Reads rows with or without a header, and free text with numbers in it."""

    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> ParsedRows:
        return read_paste(text_of(body), settings, zone)

    def answer(self, case: AnsweredCase, settings: Mapping[str, str], zone: tzinfo) -> FilledAnswer:
        return as_text(case, settings.get("answer_pattern") or TEXT_PATTERN, zone)


PLUGIN = PastePlugin()
