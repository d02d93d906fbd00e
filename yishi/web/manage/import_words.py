"""The words of the pages for head-office files: states, why a row or a file was not taken, what a row is."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.web.shared.words import Sign

STATES: dict[str, Sign] = {
    "CHECKING": Sign(_("正在看"), "search", "is-brand"),
    "READY": Sign(_("等你确认"), "hand", "is-warn"),
    "IMPORTING": Sign(_("正在导入"), "down", "is-brand"),
    "DONE": Sign(_("已导入"), "ok", "is-good"),
    "UNDOING": Sign(_("正在撤销"), "undo", "is-brand"),
    "UNDONE": Sign(_("已撤销"), "undo", "is-idle"),
    "DROPPED": Sign(_("没有导入"), "x", "is-idle"),
    "FAILED": Sign(_("没能做完"), "alert", "is-bad"),
}

ROW_REASONS: dict[str, str | Promise] = {
    "missing_waybill_no": _("没有运单号"),
    "bad_waybill_no": _("运单号不对"),
    "precision_lost": _("运单号的后几位丢了，请把这一列设成文本再导出"),
    "bad_time": _("时间读不懂"),
    "missing_time": _("没有时间"),
    "time_out_of_range": _("时间不合理（太早，或在后天以后）"),
    "bad_amount": _("金额读不懂"),
    "missing_amount": _("没有金额"),
    "bad_rate": _("比率读不懂，或超过 100%"),
    "missing_field": _("缺少必要的内容"),
    "missing_reference": _("没有照片或录音的名称"),
    "other_outlet": _("是别的网点的件"),
    "too_long": _("内容太长"),
    "nothing_said": _("除了运单号什么都没有"),
}

FILE_REASONS: dict[str, str | Promise] = {
    "unknown_layout": _("没有一张表的表头是认识的"),
    "empty": _("文件是空的"),
    "too_large": _("展开以后太大：最多 30 万行、400 列"),
    "password": _("文件有密码，请先去掉密码"),
    "bad_workbook": _("不是表格，或者已经损坏"),
    "bad_encoding": _("不是表格，也不是文本"),
    "bad_csv": _("表格的分隔或引号不对"),
    "file_gone": _("原文件已经过了保存期"),
    "failed": _("试了几次都没能做完，请联系运维"),
}

CONTACTS: dict[str, str | Promise] = {
    "CALL": _("电话"),
    "SMS": _("短信"),
    "KNOCK": _("敲门"),
    "PHOTO": _("拍照"),
}

RECORD_KINDS: dict[str, Sign] = {
    "QUALITY": Sign(_("质量"), "chart", "is-info"),
    "PENALTY": Sign(_("考核"), "yuan", "is-warn"),
    "EVIDENCE": Sign(_("凭证"), "clip", "is-idle"),
}
