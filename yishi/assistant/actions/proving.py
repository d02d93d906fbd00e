"""A person shows in the talk that a phone is his: a code goes to it, he says it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from yishi.consignees.actions.codes import CodeExpired, CodeLocked, CodeUsed, WrongCode, check_code
from yishi.consignees.queries import find_contact_ids, phone_of_proof
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.personal import mask_phone, normalise_phone
from yishi.kit.ratelimit import check_rate
from yishi.notifications.actions.codes import send_code


@dataclass(frozen=True)
class Sent:
    """`code_id` is empty where none was sent."""

    outcome: str
    values: Mapping[str, str] = field(default_factory=dict)
    code_id: str = ""


@dataclass(frozen=True)
class Checked:
    outcome: str
    proof: str = ""
    contact_id: int | None = None
    is_over: bool = False


def send_code_to(phone: str, *, asker: int, language: str, at: datetime) -> Sent:
    """A fresh code to this phone, at most five an hour a phone and a conversation (`asker`).

    The answer is the same whether we know the phone or not.
    """
    plain = normalise_phone(phone)
    try:
        check_rate(kind="code of a talk", key=str(asker), limit=5, window_s=3600, at=at)
        check_rate(kind="code", key=plain, limit=5, window_s=3600, at=at)
        code_id, _until = send_code(phone=plain, at=at, language=language)
    except Invalid:
        return Sent("bad_phone")
    except Refusal:
        return Sent("too_many_codes")
    return Sent("code_sent", {"phone": mask_phone(plain)}, str(code_id))


def check_code_of(code_id: str, code: str, *, at: datetime) -> Checked:
    """The proof that a right code gives; a wrong one counts, five lock it."""
    try:
        proof = check_code(code_id=code_id, code=code, at=at)
    except WrongCode:
        return Checked("wrong_code")
    except (CodeExpired, CodeUsed):
        return Checked("code_over", is_over=True)
    except CodeLocked:
        return Checked("code_locked", is_over=True)
    known = find_contact_ids(phone_of_proof(proof))
    return Checked("proven", proof, known[0] if known else None)
