"""A person begins to speak: on our page, or by a channel that we hear."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.conversations.facts import ConversationBegan
from yishi.conversations.models.talk import ChannelAccount, Conversation, Participant
from yishi.conversations.rules import Author, Channel, State
from yishi.kit.facts import announce
from yishi.kit.ids import token_hash
from yishi.kit.personal import keyed_hash
from yishi.network.models import Outlet
from yishi.shipments.queries.parcels import find_shipment_refs


@dataclass(frozen=True)
class Begun:
    """`token` opens it on our pages and is shown once; `participant_id` is the person in it."""

    conversation: Conversation
    participant_id: int
    token: str

    @property
    def id(self) -> int:
        return self.conversation.pk


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who speaks, by which way. `room` is a group that he speaks in."""

    channel: Channel
    address: str = ""
    room: str = ""
    name: str = ""
    contact_id: int | None = None
    is_proven: bool = False


@transaction.atomic
def begin_conversation(
    *,
    person: Person,
    at: datetime,
    account: ChannelAccount | None = None,
    language: str = "zh-hans",
    entry_point: str = "",
    waybill_no: str = "",
    subject: str = "",
    is_assisted: bool = True,
    outlet: Outlet | None = None,
    previous_id: int | None = None,
) -> Begun:
    """A new conversation in which nothing has been said yet. The assistant receives where it may."""
    token = secrets.token_urlsafe(24)
    talk = Conversation.objects.create(
        token_hash=token_hash(token),
        state=State.ASSISTANT if is_assisted else State.QUEUED,
        channel=person.channel,
        language=language,
        outlet=outlet or (account.outlet if account else None),
        contact_id=person.contact_id,
        is_proven=person.is_proven,
        shipment_id=find_parcel(waybill_no),
        waybill_no=waybill_no,
        subject=subject[:300],
        opened_at=at,
        last_message_at=at,
        entry_point=entry_point[:60],
        previous_id=previous_id,
    )
    # on our own page the conversation itself is the address
    speaker = join(talk, person=person, account=account)
    announce(
        ConversationBegan(
            conversation_id=talk.pk,
            outlet_code=talk.outlet.code if talk.outlet else "",
            channel=person.channel,
            at=at,
        )
    )
    return Begun(talk, speaker.pk, token)


def find_parcel(waybill_no: str) -> int | None:
    """The parcel of this number that moved last; None for an unknown or empty one."""
    refs = find_shipment_refs(waybill_no) if waybill_no else []
    return refs[0].id if refs else None


def join(talk: Conversation, *, person: Person, account: ChannelAccount | None) -> Participant:
    """The person as he takes part by this way; known where he has spoken by it before."""
    speaker, _is_new = Participant.objects.get_or_create(
        conversation=talk,
        channel=person.channel,
        address_hash=address_hash(person.channel, person.address or f"conversation:{talk.pk}"),
        defaults={
            "kind": Author.CONSUMER,
            "account": account,
            "address": person.address,
            "room": person.room,
            "name": person.name[:100],
        },
    )
    return speaker


def address_hash(channel: str, address: str) -> bytes:
    """What an address is found again by."""
    return keyed_hash(f"talk:{channel}", address.strip().lower())
