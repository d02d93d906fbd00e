"""The words of the operator's pages: how a source stands, why a body could not be read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.web.shared.words import Sign

HEALTHS: dict[str, Sign] = {
    "WELL": Sign(_("正常"), "ok", "is-good"),
    "QUIET": Sign(_("一天没有数据"), "pause", "is-idle"),
    "TROUBLED": Sign(_("有读不懂的"), "alert", "is-warn"),
    "PAUSED": Sign(_("已暂停"), "stop", "is-bad"),
}

NEVER_CAME = Sign(_("还没有来过数据"), "pause", "is-idle")

REASONS: dict[str, str | Promise] = {
    "bad_json": _("不是完整的 JSON"),
    "bad_csv": _("表格的分隔或引号不对"),
    "bad_encoding": _("编码不对，应为 UTF-8"),
    "old_excel": _("旧版 Excel，请另存为 xlsx"),
    "empty": _("内容是空的"),
    "too_large": _("内容太大"),
    "missing_field": _("缺少必要的内容"),
    "not_framed": _("认不出是什么格式"),
    "unknown_push_state": _("推送的状态不认识"),
    "bad_signature": _("签名对不上"),
    "paused": _("来源已暂停"),
    "failed": _("程序没能处理"),
}

CHANNELS: dict[str, str | Promise] = {"EMAIL": _("邮件"), "SMS": _("短信")}

NOTICE_KINDS: dict[str, str | Promise] = {
    "ACK": _("收到诉求"),
    "PUBLIC_STEP": _("处理进度"),
    "SETTLED": _("处理结果"),
    "RATING_REQUEST": _("邀请评价"),
    "CODE": _("验证码"),
    "ETA_SLIP": _("快递要晚到"),
    "STAFF_WARNING": _("快到时限"),
    "STAFF_BREACH": _("已超时限"),
    "STAFF_ESCALATION": _("升级提醒"),
}
