"""The menu of the operator's pages: five groups, and the pages of the one that is open. One line a page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yishi.people.rules import Permission, Viewer
from yishi.web.manage.feeds import MANAGERS

Text = str | Promise
_POLICIES = (Permission.POLICY_MANAGE,)


@dataclass(frozen=True)
class Entry:
    """A page: its tab as views name it, its address, who sees it (any of these)."""

    tab: str
    word: Text
    address: str
    permissions: tuple[Permission, ...] = MANAGERS


GROUPS: tuple[tuple[Text, tuple[Entry, ...]], ...] = (
    (
        _("数据"),
        (
            Entry("feeds", _("数据来源"), "manage:home", (Permission.FEEDS_MANAGE,)),
            Entry("imports", _("总部文件"), "manage:imports", (Permission.FILES_IMPORT,)),
            Entry("orders", _("工单来源"), "manage:order_sources"),
            Entry("silence", _("轨迹率"), "manage:silence"),
            Entry("channels", _("会话渠道"), "manage:channels", (Permission.FEEDS_MANAGE,)),
            Entry("notices", _("没发出的通知"), "manage:notices"),
            Entry("webhooks", _("回调"), "manage:webhooks", (Permission.WEBHOOKS,)),
        ),
    ),
    (
        _("规则"),
        (
            Entry("types", _("工单类型"), "manage:case_types", _POLICIES),
            Entry("sla", _("处理时限"), "manage:sla", _POLICIES),
            Entry("promises", _("时效承诺"), "manage:promises", _POLICIES),
            Entry("goods", _("收寄规定"), "manage:goods", _POLICIES),
            Entry("ahead", _("派送前的消息"), "manage:ahead", _POLICIES),
            Entry("detection", _("异常规则"), "manage:detection", _POLICIES),
            Entry("risk", _("派件风险"), "manage:risk", _POLICIES),
            Entry("rules", _("自动规则"), "manage:rules", _POLICIES),
            Entry("assistant", _("智能助手"), "manage:assistant", _POLICIES),
            Entry("claim_rules", _("理赔规则"), "manage:claim_rules", _POLICIES),
            Entry("articles", _("帮助文章"), "manage:articles", _POLICIES),
        ),
    ),
    (
        _("结果"),
        (
            Entry("rates", _("处理结果"), "manage:rates", (Permission.CASE_READ,)),
            Entry("settled", _("助手办成的"), "manage:assistant_settled", _POLICIES),
            Entry("events", _("大范围延误"), "desk:events", (Permission.EVENTS_DECLARE,)),
            Entry("interceptions", _("拦截"), "manage:interceptions", (Permission.CASE_READ,)),
            Entry("penalties", _("收到的考核"), "manage:penalties", (Permission.FILES_IMPORT,)),
        ),
    ),
    (
        _("人和网点"),
        (
            Entry("outlets", _("网点"), "manage:outlets"),
            Entry("stations", _("驿站"), "manage:stations", (Permission.STATIONS,)),
            Entry("roster", _("排班"), "manage:roster", (Permission.ROSTER,)),
            Entry("couriers", _("快递员账号"), "manage:couriers", (Permission.USERS_MANAGE,)),
            Entry("people", _("人员与密钥"), "manage:people"),
        ),
    ),
)


@dataclass(frozen=True)
class Group:
    """A group as this person sees it: it leads to its first page."""

    word: Text
    address: str
    is_open: bool
    pages: tuple[tuple[Text, str, bool], ...]


def menu_of(viewer: Viewer, tab: str) -> list[Group]:
    """The groups with a page for this person; the one that holds `tab` is open."""
    return list(_groups(viewer, tab))


def _groups(viewer: Viewer, tab: str) -> Iterator[Group]:
    for word, entries in GROUPS:
        seen = [entry for entry in entries if any(viewer.may(one) for one in entry.permissions)]
        if seen:
            pages = tuple((one.word, reverse(one.address), one.tab == tab) for one in seen)
            yield Group(word, pages[0][1], any(is_here for _word, _address, is_here in pages), pages)
