"""Words of the roster's page."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from yishi.web.desk.choices import Text

WEEKDAYS: tuple[Text, ...] = (
    _("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"),
)  # fmt: skip

CLASSES: Mapping[str, Text] = {
    "E": _("异常件（未收到、丢失、破损…）"),
    "C": _("投诉"),
    "R": _("请求（催件、改址、拦截…）"),
    "Q": _("咨询和建议"),
    "P": _("表扬"),
}
LANGUAGES: Mapping[str, Text] = {"zh-hans": _("中文"), "en": _("英文")}

# why a person would take a case (`routing.rules.people`)
TAKES: Mapping[str, Text] = {
    "NAMED": _("专属客服"),
    "KNOWS": _("办过"),
    "SKILLED": _("值班，擅长这一类"),
    "LEAST_LOAD": _("值班，手上最少"),
    "ONLY_ONE": _("值班"),
    "FALLBACK": _("后备"),
    "ALL_FULL": _("值班的都满了，他手上最少"),
    "MANAGER": _("这会儿没人值班，网点负责人"),
    "HEAD_OFFICE": _("这会儿没人值班，总部"),
    "OWNER": _("没有别人在，老板"),
}

WEIGHTS: tuple[tuple[str, Text], ...] = (
    ("category", _("擅长这类诉求")),
    ("case_class", _("擅长这一大类")),
    ("language", _("会顾客的语言")),
    ("knows", _("办过这位顾客或这件包裹")),
    ("load", _("手上每多一件，减")),
    ("knows_days", _("办过算多少天以内")),
    ("most_open", _("一个人手上最多几件")),
    ("most_talks", _("一个人同时最多接几个会话")),
    ("accept_within", _("请别的网点接收，几分钟内答复（服务时间）")),
)
