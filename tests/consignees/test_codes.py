"""One-time codes: sent to any phone, right once, locked after five wrong tries; and the proof they give."""

import uuid
from datetime import timedelta

import pytest
import time_machine

from tests.world import CONSUMER_PHONE, START
from yishi.consignees.actions.codes import (
    CodeExpired,
    CodeLocked,
    CodeUsed,
    WrongCode,
    check_code,
    issue_code,
)
from yishi.consignees.models import Code
from yishi.consignees.queries import phone_hash, phone_of_proof, read_proof
from yishi.kit.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued():
    return issue_code(phone="+86 199 0000 0001", at=START)


def check(issued, code=None, after_s=0):
    return check_code(code_id=issued.code_id, code=code or issued.code, at=START + timedelta(seconds=after_s))


def wrong(issued):
    return "000000" if issued.code != "000000" else "111111"


def test_the_right_code_proves_the_phone(issued):
    proof = check(issued, f" {issued.code} ")
    assert phone_of_proof(proof) == CONSUMER_PHONE
    assert read_proof(proof) == phone_hash(CONSUMER_PHONE)


def test_neither_phone_nor_code_lies_open(issued):
    row = Code.objects.get()
    assert issued.code.encode() not in bytes(row.code_hash)
    assert CONSUMER_PHONE not in check(issued)


def test_a_code_is_six_digits_for_ten_minutes(issued):
    assert len(issued.code) == 6 and issued.code.isdigit()
    assert issued.expires_at == START + timedelta(minutes=10)
    assert check(issued, after_s=600)


def test_a_code_ends(issued):
    with pytest.raises(CodeExpired):
        check(issued, after_s=601)


def test_a_code_is_used_once(issued):
    check(issued)
    with pytest.raises(CodeUsed):
        check(issued)


def test_five_wrong_tries_lock(issued):
    for _ in range(5):
        with pytest.raises(WrongCode):
            check(issued, wrong(issued))
    with pytest.raises(CodeLocked):
        check(issued)
    assert Code.objects.get().used_at is None


@pytest.mark.django_db(transaction=True)
def test_a_wrong_try_counts_although_it_is_refused(issued):
    with pytest.raises(WrongCode):
        check(issued, wrong(issued))
    assert Code.objects.get().tries == 1


@pytest.mark.parametrize("code_id", [uuid.UUID(int=7), "not-an-id", ""])
def test_unknown_codes(code_id):
    with pytest.raises(NotFound):
        check_code(code_id=code_id, code="123456", at=START)


@pytest.mark.parametrize("phone", ["", "12", "abc", "1" * 30])
def test_what_is_no_phone_gets_no_code(phone):
    with pytest.raises(Invalid):
        issue_code(phone=phone, at=START)
    assert not Code.objects.exists()


@pytest.mark.parametrize("proof", ["", "nonsense", "a:b:c", "é", "\x00"])
def test_forged_proofs_prove_nothing(proof):
    assert phone_of_proof(proof) == "" and read_proof(proof) is None


def test_a_proof_ends_after_half_an_hour(issued):
    with time_machine.travel(START, tick=False) as clock:
        proof = check(issued)
        clock.shift(timedelta(minutes=30))
        assert phone_of_proof(proof) == CONSUMER_PHONE
        clock.shift(timedelta(seconds=1))
        assert phone_of_proof(proof) == ""
