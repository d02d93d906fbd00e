"""The tabs of a station's pages: what everybody needs all day stands open, the rest under 更多."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yishi.people.rules import Role, Viewer
from yishi.stations.queries.stations import StationCard, list_stations
from yishi.stations.queries.stays import count_past
from yishi.web.station.words import Text


@dataclass(frozen=True)
class Tab:
    """One page; `rank` 1 stands in the bar on a phone too, 2 only where there is room, 3 under 更多.

    Those who keep stations but no shelves see the pages that are not the keeper's own.
    """

    key: str
    page: str
    icon: str
    word: Text
    rank: int
    is_keepers: bool = True


TABS = (
    Tab("in", "station:in", "parcel", _("入库"), 1),
    Tab("out", "station:out", "hand", _("出库"), 1),
    Tab("shelves", "station:shelves", "shelf", _("货架"), 1, is_keepers=False),
    Tab("overdue", "station:overdue", "clock", _("超期"), 1),
    Tab("counts", "stock:counts", "list", _("盘点"), 2),
    Tab("queue", "queue:queue", "people", _("排队"), 1, is_keepers=False),
    Tab("messages", "station:messages", "bell", _("通知"), 2),
    Tab("doors", "station:doors", "truck", _("送上门"), 3),
    Tab("find", "stock:find", "search", _("找件"), 3),
    Tab("score", "stock:score", "chart", _("成绩"), 3, is_keepers=False),
    Tab("hours", "queue:hours", "calendar", _("忙时预测"), 3, is_keepers=False),
    Tab("machines", "queue:machines", "eye", _("屏和自助机"), 3, is_keepers=False),
    Tab("stock", "stock:stock", "clip", _("材料与打印"), 3, is_keepers=False),
    Tab("working", "station:working", "gear", _("取件码和保管规则"), 3, is_keepers=False),
)
FEW = 6


@dataclass(frozen=True)
class Shown:
    """A tab as the page shows it."""

    tab: Tab
    address: str
    is_here: bool
    count: int = 0


@dataclass(frozen=True)
class Tabs:
    """Those that stand open, those under 更多, and whether there is another station to go to."""

    bar: Sequence[Shown]
    more: Sequence[Shown]
    has_others: bool

    @property
    def is_more_here(self) -> bool:
        """The page here stands under 更多 on every screen."""
        return any(one.is_here and one.tab.rank == 3 for one in self.more)

    @property
    def is_more_here_narrow(self) -> bool:
        """The page here stands under 更多 on a phone."""
        return any(one.is_here for one in self.more)


def tabs_of(card: StationCard, viewer: Viewer, *, here: str, at: datetime) -> Tabs:
    """The tabs that this person may open; what is kept too long is counted on its tab."""
    is_keeper = viewer.role is Role.STATION_KEEPER
    past = count_past(card, at=at) if is_keeper else 0
    shown = [
        Shown(tab, reverse(tab.page, args=[card.code]), tab.key == here, past if tab.key == "overdue" else 0)
        for tab in TABS
        if is_keeper or not tab.is_keepers
    ]
    if len(shown) <= FEW:
        return Tabs(shown, [], has_others=False)
    has_others = is_keeper and len(list_stations(viewer)) > 1
    return Tabs(
        [one for one in shown if one.tab.rank < 3],
        [one for one in shown if one.tab.rank > 1],
        has_others,
    )
