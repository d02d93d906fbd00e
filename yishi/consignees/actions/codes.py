"""A phone is proved by a code that was sent to it.

A wrong code must count although it is refused, so `check_code` runs in a transaction of its own (`durable`);
the edges call it outside of any other.
"""

import base64
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction

from yishi.consignees.models import Code
from yishi.consignees.queries import PROOF_SALT, phone_hash
from yishi.consignees.rules import CODE_WITHIN, code_outcome
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.personal import keyed_hash, normalise_phone, seal


class WrongCode(Refusal):
    """验证码不对"""

    code = "wrong_code"
    status = 422


class CodeExpired(Refusal):
    """验证码过期了，请重新获取"""

    code = "code_expired"
    status = 409


class CodeUsed(Refusal):
    """验证码已经用过，请重新获取"""

    code = "code_used"
    status = 409


class CodeLocked(Refusal):
    """试错太多次，请重新获取验证码"""

    code = "code_locked"
    status = 423


@dataclass(frozen=True)
class IssuedCode:
    """A fresh code; `code` goes to the phone and nowhere else."""

    code_id: uuid.UUID
    code: str
    expires_at: datetime


PROVE, AGREE = "PROVE_PHONE", "AGREE"
"""Whoever passes on a code of the second kind agrees to something; it opens nothing of his."""


def issue_code(*, phone: str, purpose: str = PROVE, at: datetime) -> IssuedCode:
    """A six-digit code for this phone, good for 10 min. Whether the phone is known changes nothing.

    Raises Invalid for what is no telephone number.
    """
    plain = normalise_phone(phone)
    if not 7 <= len(plain) <= 20:
        raise Invalid([("/phone", "bad_phone", "手机号是 11 位")])
    code = f"{secrets.randbelow(1_000_000):06}"
    row = Code(
        phone=plain,
        phone_hash=phone_hash(plain),
        purpose=purpose,
        created_at=at,
        expires_at=at + CODE_WITHIN,
    )
    row.code_hash = _code_hash(row.id, code)
    row.save(force_insert=True)
    return IssuedCode(row.id, code, row.expires_at)


def _code_hash(code_id: uuid.UUID, code: str) -> bytes:
    return keyed_hash("code", f"{code_id}:{code}")


def check_code(*, code_id: uuid.UUID | str, code: str, at: datetime) -> str:
    """The proof (signed, good for 30 min) that somebody holds the phone to which this code went.

    Raises NotFound, WrongCode, CodeExpired, CodeUsed, or CodeLocked once 5 tries were wrong.
    """
    phone = _right(code_id, code, PROVE, at)
    return signing.dumps(base64.b64encode(seal(phone)).decode(), salt=PROOF_SALT)


def agreed_phone(*, code_id: uuid.UUID | str, code: str, at: datetime) -> str:
    """The telephone whose holder passed on the code by which he agrees: no proof for anything else. Refuses
    as `check_code` does."""
    return _right(code_id, code, AGREE, at)


def _right(code_id: uuid.UUID | str, code: str, purpose: str, at: datetime) -> str:
    outcome, phone = _try_code(code_id, code.strip(), purpose, at)
    if outcome == "RIGHT":
        return phone
    raise {"WRONG": WrongCode, "EXPIRED": CodeExpired, "USED": CodeUsed, "LOCKED": CodeLocked}[outcome]


@transaction.atomic(durable=True)
def _try_code(code_id: uuid.UUID | str, code: str, purpose: str, at: datetime) -> tuple[str, str]:
    try:
        row = Code.objects.select_for_update().get(pk=code_id, purpose=purpose)
    except (Code.DoesNotExist, ValidationError):
        raise NotFound() from None
    outcome = code_outcome(
        is_right=secrets.compare_digest(bytes(row.code_hash), _code_hash(row.id, code)),
        tries=row.tries,
        expires_at=row.expires_at,
        is_used=row.used_at is not None,
        at=at,
    )
    if outcome == "WRONG":
        row.tries += 1
    elif outcome == "RIGHT":
        row.used_at = at
    row.save(update_fields=["tries", "used_at"])
    return outcome, row.phone
