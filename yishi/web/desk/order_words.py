"""The words of the pages for work orders of others: what becomes of a row, why it is refused, how a hand-in
or an answer stands."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.web.shared.words import Sign

FATES: dict[str, Sign] = {
    "NEW": Sign(_("新建工单"), "plus", "is-good"),
    "CHANGED": Sign(_("有变化"), "refresh", "is-info"),
    "SAME": Sign(_("没有变化"), "copy", "is-idle"),
    "OLDER": Sign(_("比已有的旧"), "clock", "is-idle"),
    "": Sign(_("不收"), "x", "is-bad"),
}

RUN_STATES: dict[str, Sign] = {
    "PREVIEW": Sign(_("等你确认"), "hand", "is-warn"),
    "WAITING": Sign(_("正在收"), "down", "is-brand"),
    "DONE": Sign(_("收好了"), "ok", "is-good"),
    "DROPPED": Sign(_("没有收"), "x", "is-idle"),
    "FAILED": Sign(_("没能收完"), "alert", "is-bad"),
}

WAYS: dict[str, str | Promise] = {
    "FILE": _("文件"),
    "PASTE": _("粘贴"),
    "PUSH": _("推送"),
    "FETCH": _("我们去问的"),
}

SEND_STATES: dict[str, Sign] = {
    "WAITING": Sign(_("等着提交"), "clock", "is-brand"),
    "SENDING": Sign(_("正在提交"), "send", "is-brand"),
    "SENT": Sign(_("对方收下了"), "ok", "is-good"),
    "FAILED": Sign(_("没提交成"), "alert", "is-bad"),
    "UNSURE": Sign(_("不确定对方收到没有"), "alert", "is-warn"),
}

ROW_REASONS: dict[str, str | Promise] = {
    "missing_external_no": _("没有工单号"),
    "bad_external_no": _("工单号不对"),
    "missing_waybill_no": _("没有工单号，也没有运单号"),
    "bad_waybill_no": _("运单号不对"),
    "precision_lost": _("号码的后几位丢了，请把这一列设成文本再导出"),
    "bad_time": _("时间读不懂"),
    "too_long": _("内容太长"),
    "too_many_rows": _("行太多，后面的没有读"),
    "again_below": _("同一个工单号下面还有一行，以最后一行为准"),
    "not_an_object": _("不是一条工单"),
    "number_taken": _("这个工单号已被另一个来源用了"),
}

# why a whole body could not be read, as plug-ins name it
BODY_REASONS: dict[str, str | Promise] = {
    "bad_json": _("不是完整的 JSON"),
    "bad_csv": _("表格的分隔或引号不对"),
    "bad_encoding": _("不是表格，也不是文本"),
    "bad_workbook": _("不是表格，或者已经损坏"),
    "empty": _("内容是空的"),
    "not_framed": _("里面没有一个像运单号或工单号的号码"),
    "password": _("文件有密码，请先去掉密码"),
    "too_large": _("展开以后太大"),
}
