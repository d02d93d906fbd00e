"""What a person did last, and how often he was answered since: whether his channel takes another answer."""

from django.db.models import Q

from yishi.conversations.models.messages import Message
from yishi.conversations.models.talk import Participant
from yishi.conversations.rules import Author, Deed, Did, MessageKind, MessageState

IN_THE_PUSH = "push"
"""`sent_as` of what went out in the answer to a push: no channel counts it."""
_WENT = (MessageState.QUEUED, MessageState.SENT, MessageState.DELIVERED, MessageState.READ)


def deeds_before(message_id: int) -> dict[Did, Deed]:
    """Of whom a message of ours goes to, in all his conversations by its way in."""
    ours = Message.objects.get(pk=message_id)
    whom = (
        Participant.objects.filter(
            conversation_id=ours.conversation_id, kind=Author.CONSUMER, channel=ours.channel
        )
        .order_by("-wrote_at", "-pk")
        .first()
    )
    if whom is None:
        return {}
    talks = Participant.objects.filter(address_hash=whom.address_hash, channel=whom.channel)
    here = Message.objects.filter(
        conversation_id__in=list(talks.values_list("conversation_id", flat=True)), channel=ours.channel
    ).exclude(pk=ours.pk)
    theirs = here.filter(author_kind=Author.CONSUMER).order_by("-pk")
    last = {
        Did.WROTE: theirs.exclude(kind=MessageKind.EVENT).first(),
        Did.PRESSED: theirs.filter(kind=MessageKind.EVENT).first(),
    }
    went = here.filter(author_kind__in=(Author.AGENT, Author.ASSISTANT), state__in=_WENT)
    counted = Q(data__sent_as__isnull=True) | ~Q(data__sent_as=IN_THE_PUSH)
    went = went.exclude(kind=MessageKind.NOTE).filter(counted)
    # one that was held was written before it went
    return {
        did: Deed(deed.at, went.filter(Q(pk__gt=deed.pk) | Q(at__gt=deed.at)).count())
        for did, deed in last.items()
        if deed is not None
    }


def heard_as(account_id: int, external_ids: list[str]) -> list[int]:
    """The messages that a way in gave under these numbers, oldest first."""
    rows = Message.objects.filter(
        account_id=account_id, external_id__in=[each for each in external_ids if each]
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))
