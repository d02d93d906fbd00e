"""What of the worklist an address or a form asks for; words nobody knows count as not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from yishi.cases.queries.worklist import VIEWS as KNOWN_VIEWS
from yishi.cases.queries.worklist import Filters
from yishi.cases.rules.categories import CATEGORIES
from yishi.web.shared import words

VIEWS = tuple(view for view in KNOWN_VIEWS if view != "all")


@dataclass(frozen=True)
class Wanted:
    """The filters of the list as they stand in its address."""

    view: str = "mine"
    q: str = ""
    status: str = ""
    category: str = ""
    outlet: str = ""
    source: str = ""
    tag: str = ""
    cursor: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.status or self.category or self.outlet or self.source or self.tag)

    def kept(self, *, view: str = "") -> dict[str, str]:
        """What was said, as a saved view, a bulk or an export keeps it."""
        values = {
            "view": view or self.view,
            "q": self.q,
            "status": self.status,
            "category": self.category,
            "outlet": self.outlet,
            "source": self.source,
            "tag": self.tag,
        }
        return {name: value for name, value in values.items() if value}

    def query(self, *, view: str = "", cursor: str = "") -> str:
        return urlencode({**self.kept(view=view), **({"cursor": cursor} if cursor else {})})

    def address(self, *, view: str = "", cursor: str = "") -> str:
        return f"{reverse('desk:worklist')}?{self.query(view=view, cursor=cursor)}"

    def filters(self) -> Filters:
        return Filters(
            view=self.view,
            outlet=self.outlet or None,
            status=self.status or None,
            category=self.category or None,
            source=self.source or None,
            tag=self.tag,
            q=self.q,
        )


def wanted_of(said: Mapping[str, str]) -> Wanted:
    """From the address or a form that carries the list's filters."""
    view, status, category = said.get("view", ""), said.get("status", ""), said.get("category", "")
    source = said.get("source", "")
    return Wanted(
        view=view if view in VIEWS else "",
        q=said.get("q", "").replace("\x00", "").strip()[:60],
        status=status if status in words.CASE_STATUSES else "",
        category=category if category in CATEGORIES else "",
        outlet=said.get("outlet", "").replace("\x00", "")[:40],
        source=source if source in words.SOURCES else "",
        tag=said.get("tag", "").replace("\x00", "").strip()[:12],
        cursor=said.get("cursor", "")[:400],
    )
