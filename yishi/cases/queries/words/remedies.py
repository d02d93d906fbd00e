"""What can be done for a person, by the key that a settled case keeps; a program may write its own words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

REMEDIES: Mapping[str, str | Promise] = {
    "FOUND": gettext_lazy("找到了，已送到本人手上"),
    "REDELIVERED": gettext_lazy("重新派送、送上门"),
    "EXPLAINED": gettext_lazy("查清后说明，顾客接受"),
    "CHANGED": gettext_lazy("已改地址、改时间或拦截"),
    "RESENT": gettext_lazy("补发或换新"),
    "REFUNDED": gettext_lazy("退费"),
    "COMPENSATED": gettext_lazy("赔付"),
    "APOLOGISED": gettext_lazy("道歉并改正"),
    "ESCALATED": gettext_lazy("已交给上级，有专人负责"),
    "THANKED": gettext_lazy("已转达感谢"),
    "OTHER": gettext_lazy("其他办法"),
}
