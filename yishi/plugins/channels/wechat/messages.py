"""What a message of an official account says: a person's words, what he pressed, and what became of ours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from yishi.conversations.port import GivenFile, Heard, Receipt, Said, Unreadable
from yishi.plugins.common.reading import word

Message = Mapping[str, Any]

_FILES = {
    "image": ("PICTURE", "picture.jpg", "image/jpeg"),
    "voice": ("VOICE", "voice.amr", "audio/amr"),
    "video": ("FILE", "video.mp4", "video/mp4"),
    "shortvideo": ("FILE", "video.mp4", "video/mp4"),
}
_PRESSED = {"CLICK", "SUBSCRIBE", "SCAN"}
# what a template's end is called there
_ENDED = {"TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH"}


def read_message(message: Message) -> Heard:
    """One push is one message. Raises Unreadable for one that names nobody."""
    if not word(message.get("FromUserName")):
        raise Unreadable("missing_field", "FromUserName")
    kind = word(message.get("MsgType"))
    if kind == "event":
        return _event(message)
    if not word(message.get("MsgId")):
        raise Unreadable("missing_field", "MsgId")
    return Heard(said=(_said(message, kind),))


def _said(message: Message, kind: str) -> Said:
    number, person = word(message.get("MsgId")), word(message.get("FromUserName"))
    said = Said(external_id=number, address=person, said_at=_at(message))
    if kind == "text":
        return replace(said, text=word(message.get("Content")), key=word(message.get("bizmsgmenuid")))
    if kind in _FILES:
        is_a, name, content_type = _FILES[kind]
        file = GivenFile(name, content_type, reference=word(message.get("MediaId")))
        return replace(said, text=word(message.get("Recognition")), kind=is_a, files=(file,))
    if kind == "location":
        place = {"latitude": word(message.get("Location_X")), "longitude": word(message.get("Location_Y"))}
        return replace(said, text=word(message.get("Label")) or _pair(place), data={"position": place})
    # a link, a card: what it says of itself
    parts = (word(message.get(name)) for name in ("Title", "Description", "Url"))
    return replace(said, text=" ".join(filter(None, parts)) or f"[{kind[:20]}]")


def _pair(place: Mapping[str, str]) -> str:
    return f"{place['latitude']},{place['longitude']}"


def _event(message: Message) -> Heard:
    """Events have no number: sender, second and kind are theirs."""
    event = word(message.get("Event")).upper()
    if event in _ENDED:
        return Heard(receipts=(_receipt(message),))
    person, second = word(message.get("FromUserName")), word(message.get("CreateTime"))
    if event not in _PRESSED:
        # where he is, what he looked at, that he left: nothing that he said
        return Heard()
    # a menu's button and a code that is scanned say what their key says; who follows us says hello
    key = word(message.get("EventKey")).removeprefix("qrscene_")[:200]
    said = Said(
        external_id=f"{person}-{second}-{event}",
        address=person,
        kind="EVENT",
        text=key or "你好",
        key=f"{event}:{key}" if key else event,
        said_at=_at(message),
    )
    return Heard(said=(said,))


def _receipt(message: Message) -> Receipt:
    status = word(message.get("Status"))
    number = word(message.get("MsgID")) or word(message.get("MsgId"))
    if status == "success":
        return Receipt(number, "DELIVERED")
    return Receipt(number, "FAILED", status[:100])


def _at(message: Message) -> datetime | None:
    second = word(message.get("CreateTime"))
    return datetime.fromtimestamp(int(second), UTC) if second.isdigit() and len(second) <= 11 else None
