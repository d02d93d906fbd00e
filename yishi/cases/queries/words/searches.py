"""What the search for a parcel tells: begun, looked at, asked, found or not; and the places by name."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from yishi.cases.queries.words.kinds import Say, Titles
from yishi.cases.rules.searches import Place
from yishi.kit.phrases import Phrase, joined, phrase_of, remarked

PLACES: Mapping[str, Promise] = {
    Place.OUTLET_FLOOR: gettext_lazy("网点场地、格口"),
    Place.PROBLEM_SHELF: gettext_lazy("问题件区"),
    Place.VEHICLE: gettext_lazy("车里"),
    Place.HUB: gettext_lazy("转运中心"),
    Place.STATION_SHELF: gettext_lazy("驿站货架"),
    Place.LOCKER: gettext_lazy("快递柜"),
    Place.LODGE: gettext_lazy("门卫、物业"),
    Place.DOOR: gettext_lazy("门口、消防箱"),
    Place.NEIGHBOUR: gettext_lazy("邻居家"),
    Place.OTHER: gettext_lazy("别的地方"),
}

TITLES: Titles = {
    "SEARCH_OPENED": gettext_lazy("开始找件"),
    "SEARCH_PLACE": gettext_lazy("加了要找的地方"),
    "SEARCH_LOOKED": gettext_lazy("看过一处"),
    "SEARCH_ASKED": gettext_lazy("问了人"),
    "SEARCH_CCTV": gettext_lazy("看了监控"),
    "SEARCH_PATROL": gettext_lazy("巡查"),
    "SEARCH_FOUND": gettext_lazy("件找到了"),
    "SEARCH_NOT_FOUND": gettext_lazy("没找到件"),
    "SEARCH_RECOVERED": gettext_lazy("后来找到了"),
    "SEEN_AT_STATION": gettext_lazy("盘点扫到了这一件"),
}


def place_words(place: str, name: str) -> str:
    """What kind of place, and which one."""
    word = str(PLACES.get(place, place))
    return remarked(word, name)


def place_phrase(place: str, name: str) -> Phrase:
    """The same, to be kept."""
    word = phrase_of(PLACES[Place(place)])
    return Phrase(gettext_noop("%(word)s（%(remark)s）"), {"word": word, "remark": name}) if name else word


def _places(data: Mapping[str, Any]) -> str:
    return joined(place_words(place, name) for place, name in data["places"])


def _looked(data: Mapping[str, Any]) -> str:
    where = place_words(data["place"], data.get("name", ""))
    return (
        _("%(where)s：在") % {"where": where} if data["is_there"] else _("%(where)s：没有") % {"where": where}
    )


SENTENCES: Say = {
    "SEARCH_OPENED": _places,
    "SEARCH_PLACE": _places,
    "SEARCH_LOOKED": _looked,
    "SEARCH_ASKED": lambda data: _("记在找件表里"),
    "SEARCH_CCTV": lambda data: _("记在找件表里"),
    "SEARCH_PATROL": lambda data: _("记在找件表里"),
    "SEARCH_FOUND": lambda data: str(data["where"]),
    "SEARCH_NOT_FOUND": lambda data: _("看过 %(count)d 处") % {"count": data["count"]},
    "SEARCH_RECOVERED": lambda data: str(data["where"]),
    "SEEN_AT_STATION": lambda data: f"{data['station']} {data['place']}".strip(),
}
