"""What the operator sets of every group's robot: what it tells of its own accord, and when it is silent."""

from django.utils.translation import gettext_noop as _

from yishi.conversations.port import SettingField

TELLING = (
    SettingField(
        "tells",
        _("主动提醒什么：new 新工单、due 快到时限、broken 超时限、event 大范围延误（不填都提醒，no 不提醒）"),
    ),
    SettingField("quiet", _("几点不提醒，例如 22:00-07:30")),
)
