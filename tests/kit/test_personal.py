"""Personal data: sealed at rest with its key's id, found by keyed hash, masked by default."""

import base64
import dataclasses

import pytest
from cryptography.exceptions import InvalidTag

from yishi.kit import personal


def test_a_sealed_text_comes_back_and_never_looks_the_same_twice():
    first, second = personal.seal("王女士 19900000001"), personal.seal("王女士 19900000001")
    assert personal.unseal(first) == personal.unseal(second) == "王女士 19900000001"
    assert first != second
    assert b"19900000001" not in first


def test_an_altered_text_is_refused():
    sealed = bytearray(personal.seal("19900000001"))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        personal.unseal(bytes(sealed))


def test_a_value_of_an_old_key_is_still_read_after_a_new_key_is_active(settings):
    old = personal.seal("王女士")
    ring = settings.KEYRING
    settings.KEYRING = dataclasses.replace(
        ring, active="k9", keys={**ring.keys, "k9": base64.b64decode("A" * 43 + "=")}
    )
    personal._cipher.cache_clear()
    assert personal.unseal(old) == "王女士"
    assert personal.seal("王女士")[1:3] == b"k9"
    personal._cipher.cache_clear()


def test_a_hash_finds_the_same_value_and_keeps_columns_apart():
    assert personal.keyed_hash("phone", "1") == personal.keyed_hash("phone", "1")
    assert personal.keyed_hash("phone", "1") != personal.keyed_hash("tail", "1")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("199 0000 0001", "19900000001"),
        ("+86 199-0000-0001", "19900000001"),
        ("008619900000001", "19900000001"),
        ("8619900000001", "19900000001"),
        ("１９９０００００００１", "19900000001"),
        ("025-00000101", "02500000101"),
        ("", ""),
    ],
)
def test_phones_are_written_one_way(typed, plain):
    assert personal.normalise_phone(typed) == plain


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (personal.mask_phone, "19900000001", "199****0001"),
        (personal.mask_phone, "1234", "**34"),
        (personal.mask_phone, "", ""),
        (personal.mask_name, "王小明", "王*"),
        (personal.mask_name, "", ""),
        (personal.mask_email, "wang@example.cn", "w***@example.cn"),
        (personal.mask_email, "", ""),
        (personal.mask_address, "南京市江宁区东山街道12栋3单元", "南京市江宁区东山街道***"),
        (personal.mask_address, "南京市江宁区东山街道１２栋", "南京市江宁区东山街道***"),
        (personal.mask_address, "", ""),
    ],
)
def test_masks(mask, plain, masked):
    assert mask(plain) == masked


@pytest.mark.parametrize(
    "phone", ["19900000001", "199 0000 0001", "025-00000101", "+8619900000001", "400-000-0101"]
)
def test_phones_leave_the_text(phone):
    assert personal.without_phones(f"请打{phone}找我") == "请打***找我"


def test_a_waybill_number_is_no_phone():
    assert personal.without_phones("运单 771200000018826") == "运单 771200000018826"
