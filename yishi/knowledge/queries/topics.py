"""The matters by which articles are put together, as pages name them."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Topic(NamedTuple):
    word: str | Promise
    icon: str


TOPICS: dict[str, Topic] = {
    "TRACKING": Topic(_("查快递"), "search"),
    "PICKUP": Topic(_("取件"), "ticket"),
    "DELIVERY": Topic(_("派送和改派"), "truck"),
    "COMPLAINT": Topic(_("投诉"), "flag"),
    "CLAIMS": Topic(_("赔付"), "yuan"),
    "SENDING": Topic(_("寄快递"), "parcel"),
    "PRIVACY": Topic(_("隐私和安全"), "lock"),
    "OTHER": Topic(_("别的"), "info"),
}
