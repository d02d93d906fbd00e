"""快递100's work orders (商家寄件工单接口): asked one by one, answered by a message, heard of by callback.

Known from the public page api.kuaidi100.com/document/5f0ff095bc8da837cbd8aef10 and the vendor's demo in Go:
addresses, signature, `create`, `status`, `reply` (queryReply, addReply), `upload`, and the names of fields.
Not public, so not guessed: the numbers of `status` and (but for 4) of `secondType`, the error codes, the
fields and signature of the two callbacks, the answer to `upload`. There is no list of work orders, and no
deadline in them.
"""

import json
from collections.abc import Mapping
from datetime import tzinfo

from django.utils.translation import gettext_noop as _

from yishi.cases.port import (
    PASTE,
    PUSH,
    AnsweredCase,
    FilledAnswer,
    ParsedRows,
    SettingField,
    WorkOrderCard,
)
from yishi.plugins.common.order_answers import as_text
from yishi.plugins.work_orders.kuaidi100.client import Kuaidi100WorkOrders
from yishi.plugins.work_orders.kuaidi100.orders import read_orders

# `content` stands beside its own number: no need to say it in the text
_PATTERN = (
    "{处理结果}\n核实情况：{核实结果}，{核实说明}\n{答复}\n{网点}　{处理人}　{答复时间}\n凭证（另附）：{凭证}"
)

CARD = WorkOrderCard(
    name="kuaidi100",
    label=_("快递100 工单"),
    takes=frozenset({PASTE, PUSH}),
    settings=(
        SettingField("key", _("授权 key"), is_secret=True),
        SettingField("secret", _("secret"), is_secret=True),
        SettingField("api_url", _("工单接口地址")),
        SettingField("closed_states", _("表示已结的 status 数字，用逗号隔开")),
    ),
    docs="https://api.kuaidi100.com/document/5f0ff095bc8da837cbd8aef10",
)


class Kuaidi100Plugin:
    def parse(self, body: bytes, content_type: str, settings: Mapping[str, str], zone: tzinfo) -> ParsedRows:
        return read_orders(body, settings)

    def answer(self, case: AnsweredCase, settings: Mapping[str, str], zone: tzinfo) -> FilledAnswer:
        """The `param` of addReply; its text is what a person would type into the page of the source."""
        text = as_text(case, _PATTERN, zone).text
        param = {"consultId": case.external_no, "content": text, "attach": []}
        body = json.dumps(param, ensure_ascii=False, indent=2).encode()
        parts = {"consultId": case.external_no, "content": text}
        return FilledAnswer(text, f"addReply-{case.case_no}.json", "application/json", body, parts)


PLUGIN = Kuaidi100Plugin()
CLIENT = Kuaidi100WorkOrders()
