"""The form of a booking on every page that has one: what was typed, its marks, the advice on the goods."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.assistant.rules.addresses import parts_of
from yishi.assistant.rules.slips import Slip
from yishi.kit.texts import clean_text
from yishi.network.queries import list_carriers
from yishi.shipments.queries.booking_words import LAWS, REASONS, STEPS, fault_words, kind_words
from yishi.shipments.queries.goods import own_words
from yishi.shipments.rules.bookings import Checked, Order, Party
from yishi.shipments.rules.completeness import door_parts
from yishi.shipments.rules.goods import laws_at

Text = str | Promise
FIELDS = ("name", "phone", "address")
VERDICTS: Mapping[str, tuple[Text, str, str]] = {
    "OK": (gettext_lazy("可以收"), "ok", "is-good"),
    "CHECK": (gettext_lazy("打开看过再收"), "eye", "is-warn"),
    "RESTRICTED": (gettext_lazy("有条件收"), "alert", "is-warn"),
    "FORBIDDEN": (gettext_lazy("不收"), "stop", "is-bad"),
}


def order_of(request: HttpRequest) -> Order:
    """What stands in the form."""

    def said(name: str, most: int = 600) -> str:
        return clean_text(request.POST.get(name, ""))[0][:most]

    def party(who: str) -> Party:
        return Party(*(said(f"{who}_{field}") for field in FIELDS))

    return Order(
        sender=party("sender"),
        receiver=party("receiver"),
        goods=said("goods"),
        declared_value_fen=fen_of(said("declared_value", 20)),
        is_insured=said("insured") == "on",
        reference=said("reference"),
        waybill_no=said("waybill_no", 64),
        carrier=said("carrier", 64),
        is_opened=said("opened") == "on",
        is_asked=said("asked") == "on",
    )


def fen_of(yuan: str) -> int | None:
    """Yuan as they are typed; -1 for what is no amount, which the check names."""
    try:
        return round(float(yuan) * 100) if yuan else None
    except (ValueError, OverflowError):
        return -1


def order_of_slip(slip: Slip) -> Order:
    """What a photo said, as the form begins with it."""
    sender, receiver = (Party(one.name, one.phone, one.address) for one in (slip.sender, slip.receiver))
    return Order(
        sender=sender,
        receiver=receiver,
        goods=slip.goods,
        declared_value_fen=fen_of(slip.declared_value),
        waybill_no=slip.waybill_no,
    )


@dataclass(frozen=True)
class Shown:
    """One field of a person with its marks: (words, is it sure)."""

    name: str
    label: Text
    value: str
    marks: list[tuple[str, bool]]
    parts: list[tuple[Text, str]]


_LABELS = {
    "name": gettext_lazy("姓名"),
    "phone": gettext_lazy("电话"),
    "address": gettext_lazy("地址"),
}
_PEOPLE = {"receiver": gettext_lazy("收件人"), "sender": gettext_lazy("寄件人")}


def form_values(checked: Checked, *, is_fresh: bool, at: datetime) -> dict[str, Any]:
    """Everything that the form shows; a form that nobody has filled in yet has no marks."""
    marks: dict[str, list[tuple[str, bool]]] = {}
    for fault in checked.faults:
        marks.setdefault(fault.where, []).append((fault_words(fault.code), fault.is_sure))
    marks = {} if is_fresh else marks
    value = checked.order.declared_value_fen
    return {
        "people": [
            (who, word, [_field(checked.order, who, field, marks) for field in FIELDS])
            for who, word in _PEOPLE.items()
        ],
        "order": checked.order,
        "yuan": "" if value is None or value < 0 else f"{value / 100:g}",
        "marks_goods": marks.get("goods", []) + marks.get("declared_value", []) + marks.get("waybill_no", []),
        "marked": sum(len(found) for found in marks.values()),
        "asks": [] if is_fresh else checked.asked,
        "advice": None if is_fresh or not checked.order.goods else advice_words(checked, at),
        "carriers": list_carriers(),
    }


def _field(order: Order, who: str, field: str, marks: Mapping[str, list[tuple[str, bool]]]) -> Shown:
    value = getattr(getattr(order, who), field)
    parts = parts_said(value) if field == "address" and value else []
    return Shown(f"{who}_{field}", _LABELS[field], value, marks.get(f"{who}.{field}", []), parts)


def parts_said(address: str) -> list[tuple[Text, str]]:
    """The parts of an address, as far as they are named."""
    place, door = parts_of(address), door_parts(address)
    said: list[tuple[Text, str]] = [
        (_("省"), place.province),
        (_("市"), place.city),
        (_("区县"), place.district),
        (_("街道"), place.street),
        (_("楼栋"), door.building),
        (_("单元"), door.unit),
        (_("楼层"), door.floor),
        (_("房号"), door.room),
    ]
    return [(word, value) for word, value in said if value]


def advice_words(checked: Checked, at: datetime) -> dict[str, Any]:
    """The advice in words: what it is, how it is packed, what speaks against it and where that stands."""
    advice, own = checked.advice, own_words()
    word, icon, role = VERDICTS[advice.verdict]
    return {
        "kinds": [kind_words(kind.key, own) for kind in advice.kinds],
        "word": word,
        "icon": icon,
        "role": role,
        "steps": [*(STEPS.get(step, step) for step in advice.steps), *advice.own_steps],
        "needs_ice": advice.needs_ice,
        "hours": advice.best_before_hours,
        "insures": advice.insures and not checked.order.is_insured,
        "must_open": advice.must_open,
        "reasons": [
            (kind_words(kind.key, own), kind.own_reason or REASONS.get(kind.reason, ""), kind.source)
            for kind in advice.reasons
        ],
        "laws": [(law, LAWS[law.key]) for law in laws_at(timezone.localtime(at).date())],
    }
