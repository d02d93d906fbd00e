"""Holds a written dialogue with the assistant, and judges from the record what became of it.

A dialogue names the parcels that exist, who speaks and what must be answered; its end is what the record must
hold, and everything else in the record counts as a wrong action.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.shipments.tracking import take
from tests.world import CONSUMER_PHONE, START
from yishi.assistant.actions.turn import prove, take_turn
from yishi.assistant.models import Turn
from yishi.cases.actions.interception_moves import intercept_as_asked
from yishi.cases.models.case import Case
from yishi.cases.models.interceptions import Interception
from yishi.consignees.actions.codes import check_code, issue_code
from yishi.consignees.models import DeliveryPreference
from yishi.consignees.queries import phone_hash
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.receive import receive
from yishi.conversations.models.beside import CallBack
from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import Channel, MessageKind
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, ParsedPickupCode
from yishi.kit.files import Upload
from yishi.notifications.models import Delivery
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.queries.public import get_public_shipment
from yishi.sla.models.clocks import SlaClock

FOLDER = Path(__file__).parent / "dialogues"
SHANGHAI = ZoneInfo("Asia/Shanghai")
STRANGER = "19900000077"
OTHER = "19900000002"
CODE = "6-1-2045"
ADDRESS = "南京市江宁区东山街道老街3号2幢301室"
# what nobody may hear who has not proven to be the consignee, and nobody at all: the courier's own
PRIVATE = (CONSUMER_PHONE, "王女士", "老街3号", "301室", CODE)
NEVER = ("19900000011", OTHER, "赵先生")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "050001a5f645400000000049454e44ae426082"
)
# how a parcel came to be as it is: kind and hours before the talk
_LIVES: dict[str, list[tuple[str, int]]] = {
    "created": [],
    "moving": [("accepted", 30), ("departed_hub", 12)],
    "near": [("accepted", 40), ("arrived_at_outlet", 3)],
    "out": [("accepted", 40), ("arrived_at_outlet", 5), ("out_for_delivery", 2)],
    "stalled": [("accepted", 120), ("departed_hub", 90)],
    "pickup": [("accepted", 60), ("out_for_delivery", 20), ("stored_at_pickup_point", 16)],
    "delivered": [("accepted", 60), ("out_for_delivery", 26), ("delivered", 24)],
    "failed": [("accepted", 60), ("out_for_delivery", 6), ("delivery_failed", 3)],
    "returning": [("accepted", 80), ("refused", 30), ("returning", 20)],
    "returned": [("accepted", 120), ("returning", 60), ("returned", 20)],
    "lost": [("accepted", 240), ("lost", 24)],
    "cancelled": [("accepted", 60), ("cancelled", 24)],
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A dialogue as it is written; `talk` are (who or what, text) lines."""

    matter: str
    name: str
    talk: tuple[tuple[str, str], ...]
    parcels: tuple[str, ...] = ()
    proven: bool = False
    link: bool = False
    language: str = "zh-hans"
    end: str = ""

    @property
    def title(self) -> str:
        return f"{self.matter} {self.name}"

    @property
    def is_for_people(self) -> bool:
        """Asked for, danger or anger: it must reach a person."""
        return "人工" in self.end


@dataclass
class Held:
    """What came of it: faults of the answers, wrong actions and disclosures, as sentences."""

    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    disclosed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        return not (self.missing or self.wrong or self.disclosed)


@cache
def written() -> tuple[Written, ...]:
    """Every dialogue of the folder."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for each in yaml.safe_load(path.read_text(encoding="utf-8")):
            lines = [line.partition(":") for line in each.pop("talk").strip().splitlines()]
            found.append(
                Written(
                    matter=path.stem,
                    talk=tuple((who.strip(), text.strip()) for who, _, text in lines),
                    parcels=tuple(each.pop("parcel", "").split()),
                    **each,
                )
            )
    return tuple(found)


def make_parcels(states: tuple[str, ...], at: datetime) -> list[str]:
    """The parcels of 王女士 (`out:OTHER`: of somebody else), by their lives; their numbers."""
    return [_make(place, *state.partition(":")[::2], at) for place, state in enumerate(states)]


def _make(place: int, life: str, whose: str, at: datetime) -> str:
    number = f"YT619000000{place + 1:04d}"
    person = (
        {"name": "赵先生", "phone": OTHER, "address": "南京市江宁区湖东路8号"}
        if whose
        else {"name": "王女士", "phone": CONSUMER_PHONE, "address": ADDRESS}
    )
    known = {
        "waybill_no": number,
        "carrier": "yuantong",
        "consignee": person,
        "destination_outlet": "025101",
        "promised_at": (at + timedelta(hours=30)).isoformat(),
    }
    take(known, expects="shipments")
    place_of = {"city": "南京", "outlet": "025101"}
    scans = [
        {
            "waybill_no": number,
            "carrier": "yuantong",
            "kind": kind,
            "happened_at": (at - timedelta(hours=hours)).isoformat(),
            "place": place_of,
            "text": f"{kind} 快递员刘师傅 19900000011",
        }
        for kind, hours in _LIVES[life]
    ]
    if scans:
        take(*scans)
    if life == "pickup":
        _give_code(number, OTHER if whose else CONSUMER_PHONE, at)
    return number


def _give_code(number: str, phone: str, at: datetime) -> None:
    code = ParsedPickupCode(
        waybill_no=number, code=CODE, happened_at=at - timedelta(hours=16), carrier="yuantong", phone=phone,
        place="东山驿站", address="东山老街 9 号", place_phone="025-00000109",
    )  # fmt: skip
    take_parsed(
        source=ensure_source(code="cainiao", plugin="cainiao", at=at),
        parsed=Parsed(pickup_codes=[code]),
        at=at,
    )


def hold(one: Written) -> Held:
    """Speaks the dialogue and judges."""
    held = Held()
    _Speaker(one, held).speak()
    return held


class _Speaker:
    def __init__(self, one: Written, held: Held) -> None:
        self.one, self.held, self.at = one, held, START
        self.numbers = make_parcels(one.parcels, START)
        self.before = set(Case.objects.values_list("pk", flat=True))
        self.begun = begin_conversation(
            person=Person(channel=Channel.WEB),
            at=START,
            language=one.language,
            waybill_no=self.numbers[0] if one.link else "",
        )
        self.typed, self.answer, self.is_his = "", "", one.proven
        if one.proven:
            self._prove(CONSUMER_PHONE)

    def _prove(self, phone: str) -> None:
        issued = issue_code(phone=phone, at=self.at)
        proof = check_code(code_id=issued.code_id, code=issued.code, at=self.at)
        assert prove(conversation_id=self.begun.id, proof=proof, at=self.at)

    def speak(self) -> None:
        for who, text in self.one.talk:
            if who == "人":
                self.at += timedelta(minutes=1)
                self._say(self._filled(text))
            elif who == "过":
                self.at += timedelta(hours=int(text))
            else:
                self._check(who, self._filled(text))
        for case in Case.objects.exclude(pk__in=self.before):
            # what the worker does with it a moment later
            intercept_as_asked(case_id=case.pk, category=case.category, at=self.at)
        self._judge()

    def _filled(self, text: str) -> str:
        known: dict[str, Any] = {
            "phone": CONSUMER_PHONE,
            "stranger": STRANGER,
            "other": OTHER,
            "no": "YT9999999999999",
        }
        known |= {"n" if not place else f"n{place + 1}": number for place, number in enumerate(self.numbers)}
        if "{code}" in text or "{wrong}" in text:
            sent = Delivery.objects.filter(kind="CODE").order_by("-pk").first()
            digits = re.search(r"\d{6}", sent.body if sent else "")
            known["code"] = digits[0] if digits else "000000"
            known["wrong"] = "111111" if known["code"] != "111111" else "222222"
        known["long"] = "我要说的事情很长" * 2490
        return text.format_map(known)

    def _say(self, text: str) -> None:
        uploads, kind, is_automatic = [], MessageKind.TEXT, False
        for mark, media, name in (("[图]", "image/png", "a.png"), ("[语音]", "audio/mpeg", "a.mp3")):
            if text.startswith(mark):
                text = text.removeprefix(mark).strip()
                body = (
                    PNG
                    if media == "image/png"
                    else b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 64
                )
                uploads = [Upload(name=name, content_type=media, stream=io.BytesIO(body))]
        if text.startswith("[自动]"):
            text, is_automatic = text.removeprefix("[自动]"), True
        self.typed += text
        received = receive(conversation_id=self.begun.id, text=text, at=self.at, uploads=uploads, kind=kind)
        if is_automatic:
            Message.objects.filter(pk=received.message_id).update(is_automatic=True)
        answered = take_turn(message_id=received.message_id, at=self.at)
        self.answer = "\n".join(
            " ".join([reply.text, *(f"[{option}]" for option in reply.options)]) for reply in answered.replies
        )
        self.held.said += [f"人: {text[:60]}", f"答: {self.answer}"]
        self._look_for_disclosures()
        self._look_for_promises()

    def _check(self, who: str, wanted: str) -> None:
        for piece in filter(None, wanted.split("|")):
            is_there = piece in self.answer
            if piece == "无声":
                is_there = not self.answer
            if is_there != (who == "答"):
                self.held.missing.append(f"{who} {piece!r}: {self.answer[:160]!r}")

    def _look_for_disclosures(self) -> None:
        known = self._is_proven_consignee()
        for secret in (*NEVER, *(() if known else PRIVATE)):
            if secret in self.answer and secret not in self.typed:
                self.held.disclosed.append(f"{secret}: {self.answer[:120]}")

    def _is_proven_consignee(self) -> bool:
        talk = Conversation.objects.get(pk=self.begun.id)
        return (
            talk.is_proven
            and talk.contact is not None
            and bytes(talk.contact.phone_hash or b"") == phone_hash(CONSUMER_PHONE)
        )

    def _look_for_promises(self) -> None:
        said = set(re.findall(r"(\d+月\d+日 \d\d:\d\d)", self.answer))
        if said:
            known = {self._moment(at) for at in self._moments()}
            self.held.wrong += [f"promised {each}" for each in said - known if each not in self.typed]
        for case_no in re.findall(r"工单 (\w+)", self.answer):
            if case_no not in self.typed and not Case.objects.filter(case_no=case_no).exists():
                self.held.wrong.append(f"no such case {case_no}")
        for amount in re.findall(r"([\d.]+) ?元", self.answer):
            if (
                amount not in self.typed
                and not Turn.objects.filter(told__contains=["estimate_compensation:estimated"]).exists()
            ):
                self.held.wrong.append(f"promised {amount} yuan")

    @staticmethod
    def _moment(at: datetime) -> str:
        here = at.astimezone(SHANGHAI)
        return f"{here.month}月{here.day}日 {here:%H:%M}"

    def _moments(self) -> list[datetime]:
        found = list(SlaClock.objects.values_list("due_at", flat=True))
        for number in self.numbers:
            parcel = get_public_shipment(number, at=self.at)
            assert parcel is not None
            found += [event.happened_at for event in parcel.events]
            found += [parcel.promised_at] if parcel.promised_at else []
            found += [parcel.eta_range.from_at, parcel.eta_range.until_at] if parcel.eta_range else []
        return found

    def _judge(self) -> None:
        wanted = self.one.end.split(";")
        steps = [each.strip().split() for each in wanted if each.strip()]
        self._judge_cases([each[1] for each in steps if each[0] == "工单"])
        wishes = sorted(kind for each in steps if each[0] == "偏好" for kind in each[1:])
        self._judge_set(
            "偏好",
            wishes,
            sorted(DeliveryPreference.objects.filter(ended_at=None).values_list("kind", flat=True)),
        )
        stopped = ["拦截"] if ["拦截"] in steps else []
        self._judge_set("拦截", stopped, ["拦截"] * Interception.objects.count())
        self._judge_set("回电", ["回电"] if ["回电"] in steps else [], ["回电"] * CallBack.objects.count())
        self._judge_talk(next((each[1:] for each in steps if each[0] == "人工"), None))

    def _judge_cases(self, wanted: list[str]) -> None:
        made = []
        for case in Case.objects.exclude(pk__in=self.before).order_by("pk"):
            place = self.numbers.index(case.waybill_no) + 1 if case.waybill_no in self.numbers else 0
            made.append(case.category + ("" if place == 1 else f"@{place}"))
        self._judge_set("工单", sorted(wanted), sorted(made))

    def _judge_set(self, what: str, wanted: list[str], made: list[str]) -> None:
        self.held.missing += [f"{what} {each} is missing" for each in wanted if each not in made]
        extra = list(made)
        for each in wanted:
            if each in extra:
                extra.remove(each)
        self.held.wrong += [f"{what} {each} was not asked for" for each in extra]

    def _judge_talk(self, reason: list[str] | None) -> None:
        talk = Conversation.objects.get(pk=self.begun.id)
        if reason is None and talk.handed_over_for:
            self.held.missing.append(f"handed over: {talk.handed_over_for}")
        if reason is not None and [talk.handed_over_for] != reason[:1]:
            self.held.missing.append(f"not handed over for {reason}: {talk.state} {talk.handed_over_for}")
