"""The sample's ways in and its conversations, lived through the rooms' own actions, each at its moment."""

import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from django.db import transaction

from yishi.assistant.actions.turn import take_turn
from yishi.conversations.actions.accounts import add_account, pause_account
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.calls import enter_call
from yishi.conversations.actions.hand import end_conversation, place
from yishi.conversations.actions.receive import receive
from yishi.conversations.actions.say import say
from yishi.conversations.actions.take_in import incoming_of, take_in
from yishi.conversations.queries.accounts import find_account, list_accounts
from yishi.conversations.queries.threads import get_conversation
from yishi.conversations.rules import Channel
from yishi.people.rules import SYSTEM_VIEWER, Viewer
from yishi.sample.people import phone_of
from yishi.sample.routes import DAYS, Parcel, make_parcel
from yishi.sample.stories import in_waking_hours
from yishi.sample.talk_words import CALLS, LETTERS, NOTED, SHORT_MESSAGES, TALKS, WECHAT, Talk
from yishi.sample.traces import trace

_CALLERS_FROM = 95_000
# nobody answers there: the sample never speaks to a house outside
_NOWHERE = "127.0.0.1"
_FEWEST_SCANS = 3
_HOTLINE, _SMS, _WECHAT, _MAIL = "hotline", "sms", "wechat", "mail"


def build_talks(*, seed: int, parcels: int, agents: Mapping[str, Viewer], at: datetime) -> None:
    """Four ways in (two of them paused: their keys are invented) and some thirty conversations; again adds
    nothing. Short transactions: cases are lived beside it."""
    if list_accounts():
        return
    ways = _build_ways(at)
    finder = _Finder(seed, parcels, at)
    for talk in TALKS:
        _live(talk, finder.at_rest(talk.hours), agents, at)
    for hours, channel, text in NOTED:
        parcel = finder.at_rest(hours)
        enter_call(
            caller=parcel.consignee.phone,
            text=text.format(no=parcel.waybill_no),
            waybill_no=parcel.waybill_no if "{no}" in text else "",
            channel=Channel(channel),
            by=agents[parcel.outlet.code],
            at=_before(at, hours),
        )
    for way, bodies in (
        (_HOTLINE, _calls(at)),
        (_SMS, _short_messages(finder, at)),
        (_WECHAT, _wechat(finder, at)),
        (_MAIL, _letters(finder, at)),
    ):
        for moment, kind, body in bodies:
            _take(ways[way], body, kind, moment)
    for code in (_WECHAT, _MAIL):
        pause_account(account_id=ways[code], reason="示例：换成真实的密钥再恢复", by=SYSTEM_VIEWER, at=at)


class _Finder:
    """Parcels for talks: the assistant reads today's record, so nothing may have happened to them since."""

    def __init__(self, seed: int, total: int, at: datetime) -> None:
        self._seed, self._total, self._at = seed, total, at
        self._used: set[int] = set()

    def at_rest(self, hours: float) -> Parcel:
        """A parcel that has been scanned and lay still from so many hours ago on; the youngest such."""
        moment = _before(self._at, hours)
        first = int(self._total * hours / 24 / DAYS)
        for number in range(first, self._total):
            parcel = self._made(number)
            scans = trace(parcel, seed=self._seed, until=self._at) if number not in self._used else []
            if len(scans) >= _FEWEST_SCANS and scans[-1].happened_at <= moment:
                self._used.add(number)
                return parcel
        return self._made(self._total - 1)

    def _made(self, number: int) -> Parcel:
        return make_parcel(seed=self._seed, number=number, total=self._total, at=self._at)


@transaction.atomic
def _build_ways(at: datetime) -> dict[str, int]:
    secret = secrets.token_urlsafe(12)
    settings: dict[str, tuple[str, str, dict[str, str]]] = {
        _HOTLINE: ("voice", "客服热线（示例）", {"secret": secret}),
        _SMS: ("sms", "短信上行（示例）", {"secret": secret}),
        _WECHAT: (
            "wechat",
            "公众号（示例）",
            {
                "app_id": "wx-example",
                "app_secret": secret,
                "token": secret,
                "api_url": f"http://{_NOWHERE}:9",
            },
        ),
        _MAIL: (
            "mail",
            "客服邮箱（示例）",
            {
                "address": "care@example.com",
                "password": secret,
                "imap_host": _NOWHERE,
                "smtp_host": _NOWHERE,
                "smtp_port": "9",
            },
        ),
    }
    return {
        code: add_account(
            code=code,
            plugin=plugin,
            label=label,
            settings=given,
            # whom it cannot answer the assistant does not receive
            has_assistant=code == _SMS,
            by=SYSTEM_VIEWER,
            at=at,
        )[0]
        for code, (plugin, label, given) in settings.items()
    }


def _before(at: datetime, hours: float) -> datetime:
    """So many hours ago; of what is older than a day, when people are awake."""
    moment = at - timedelta(hours=hours)
    return in_waking_hours(moment) if hours > 24 else moment


def _live(talk: Talk, parcel: Parcel, agents: Mapping[str, Viewer], at: datetime) -> None:
    now = _before(at, talk.hours)
    number = parcel.waybill_no if any("{no}" in text for _who, _after, text in talk.lines) else ""
    begun = begin_conversation(person=Person(channel=Channel.WEB), waybill_no=number, at=now).id
    agent = agents[parcel.outlet.code]
    for who, after, text in talk.lines:
        now += timedelta(minutes=after)
        if who == "P":
            heard = receive(conversation_id=begun, text=text.format(no=parcel.waybill_no), at=now)
            take_turn(message_id=heard.message_id, at=now + timedelta(seconds=1))
            if get_conversation(begun).state == "QUEUED":
                place(conversation_id=begun, outlet_code_wanted=parcel.outlet.code, at=now)
        else:
            say(conversation_id=begun, text=text, by=agent, at=now)
    if talk.is_over:
        by = agent if any(who == "A" for who, _after, _text in talk.lines) else None
        end_conversation(conversation_id=begun, by=by, at=now + timedelta(minutes=10))


_Body = tuple[datetime, str, bytes]


def _take(account_id: int, body: bytes, kind: str, at: datetime) -> None:
    card = find_account(account_id)
    assert card is not None
    incoming = incoming_of(card, body=body, content_type=kind, headers={}, at=at)
    take_in(card=card, incoming=incoming, at=at)


def _calls(at: datetime) -> Iterator[_Body]:
    for number, (hours, rang, spoke) in enumerate(CALLS):
        began = _before(at, hours)
        taken = began + timedelta(seconds=rang)
        steps = [("RINGING", began)]
        if spoke:
            steps += [("ANSWERED", taken), ("ENDED", taken + timedelta(seconds=spoke))]
        else:
            steps.append(("MISSED", taken))
        for step, moment in steps:
            said = {
                "call_id": f"sample-{number}",
                "step": step,
                "happened_at": moment.isoformat(),
                "caller": phone_of(_CALLERS_FROM + number),
                "called": "025-00000100",
                "answered_by": "坐席 1" if step == "ANSWERED" else "",
            }
            yield moment, "application/json", json.dumps(said, ensure_ascii=False).encode()


def _short_messages(finder: "_Finder", at: datetime) -> Iterator[_Body]:
    for number, (hours, text) in enumerate(SHORT_MESSAGES):
        parcel, moment = finder.at_rest(hours), _before(at, hours)
        said = {
            "id": f"sample-{number}",
            "from": parcel.consignee.phone,
            "text": text.format(no=parcel.waybill_no),
        }
        yield moment, "application/json", json.dumps(said, ensure_ascii=False).encode()


def _wechat(finder: "_Finder", at: datetime) -> Iterator[_Body]:
    for number, (hours, text) in enumerate(WECHAT):
        moment = _before(at, hours)
        said = text.format(no=finder.at_rest(hours).waybill_no)
        yield (
            moment,
            "text/xml",
            (
                f"<xml><ToUserName>gh_sample</ToUserName><FromUserName>o-sample-{number}</FromUserName>"
                f"<CreateTime>{int(moment.timestamp())}</CreateTime><MsgType>text</MsgType>"
                f"<Content>{said}</Content><MsgId>{number + 1}</MsgId></xml>"
            ).encode(),
        )


def _letters(finder: "_Finder", at: datetime) -> Iterator[_Body]:
    for number, (hours, subject, text) in enumerate(LETTERS):
        moment, no = _before(at, hours), finder.at_rest(hours).waybill_no
        letter = EmailMessage()
        letter["From"], letter["To"] = f"reader{number}@example.org", "care@example.com"
        letter["Subject"], letter["Date"] = subject.format(no=no), format_datetime(moment)
        letter["Message-ID"] = f"<sample-{number}@example.org>"
        letter.set_content(text.format(no=no))
        yield moment, "message/rfc822", letter.as_bytes()
