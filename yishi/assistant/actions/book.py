"""The learning book of an installation: what was not understood, and the lines that people add."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction

from yishi.assistant.models import Miss, Phrase
from yishi.assistant.rules.clauses import core
from yishi.assistant.rules.intents import INTENTS
from yishi.assistant.rules.normalise import normalise
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.personal import without_phones
from yishi.people.queries import person_of, require
from yishi.people.rules import Permission, Viewer

LONGEST = 300
_NUMBER = re.compile(r"[A-Za-z]{0,6}\d[\dA-Za-z-]{4,}")


class AlreadyInBook(Refusal):
    """这句话已经在学习本里了"""

    code = "already_in_book"
    status = 409


def note_miss(
    *, text: str, intent: str, confidence: float, reason: str, conversation_ref: str = "", at: datetime
) -> None:
    """Keeps a line that was not surely understood, without numbers in it; what cannot be read is no line."""
    said = without_personal(text)
    if core(normalise(said)):
        Miss.objects.create(
            text=said,
            intent=intent,
            confidence=confidence,
            reason=reason,
            conversation_ref=conversation_ref,
            at=at,
        )


@transaction.atomic
def add_phrase(
    *, text: str, intent: str, second: str = "", miss_id: int | None = None, by: Viewer, at: datetime
) -> int:
    """Adds a line to what the next model learns; numbers are taken out. With `miss_id` that miss is settled.

    Raises NotAllowed, Invalid (no words left, unknown intent), AlreadyInBook, NotFound (the miss).
    """
    require(by, Permission.POLICY_MANAGE)
    said = without_personal(text)
    if not core(normalise(said)):
        raise Invalid([("/text", "required", "写一句话")])
    if intent not in INTENTS or second not in {"", *INTENTS}:
        raise Invalid([("/intent", "unknown_intent", "没有这个意图")])
    if miss_id is not None:
        settle_miss(miss_id=miss_id, by=by, at=at)
    try:
        with transaction.atomic():
            row = Phrase.objects.create(
                text=said, intent=intent, second=second, added_at=at, added_by_id=person_of(by)
            )
    except IntegrityError as error:
        raise AlreadyInBook() from error
    return row.pk


@transaction.atomic
def remove_phrase(*, phrase_id: int, by: Viewer, at: datetime) -> None:
    """The next model does not learn it; models that did stay as they are. Raises NotAllowed, NotFound."""
    require(by, Permission.POLICY_MANAGE)
    if not Phrase.objects.filter(pk=phrase_id, removed_at__isnull=True).update(removed_at=at):
        raise NotFound()


@transaction.atomic
def settle_miss(*, miss_id: int, by: Viewer, at: datetime) -> None:
    """Takes a miss off the list, learnt from or not. Raises NotAllowed, NotFound."""
    require(by, Permission.POLICY_MANAGE)
    if not Miss.objects.filter(pk=miss_id, settled_at__isnull=True).update(settled_at=at):
        raise NotFound()


def without_personal(text: str) -> str:
    """One line without telephone numbers, waybills and other long numbers."""
    plain = " ".join(text.replace("\x00", " ").encode(errors="replace").decode().split())
    return _NUMBER.sub("[数字x]", without_phones(plain).replace("***", "[电话x]"))[:LONGEST]
