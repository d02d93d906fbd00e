"""Pasted name, telephone and address: every case of the usual forms."""

import pytest

from tests.assistant.reading import rows_of
from yishi.assistant.rules.addresses import parts_of, pasted_in

FIELDS = 8


@pytest.mark.parametrize("row", rows_of("addresses.tsv"), ids=lambda row: row[0][:24])
def test_every_usual_form_is_read(row):
    text, *expected = [*row, *[""] * (FIELDS - len(row))]
    pasted = pasted_in(text.replace("\\n", "\n"))
    parts = pasted.parts
    found = [
        pasted.name,
        pasted.phone,
        parts.province,
        parts.city,
        parts.district,
        parts.street,
        parts.detail,
    ]
    assert found == expected
    assert 0.4 <= pasted.certainty <= 1


def test_an_extension_belongs_to_its_telephone():
    pasted = pasted_in("马云飞 19900000015转1234 浙江省杭州市余杭区文一西路969号")
    assert (pasted.phone, pasted.extension) == ("19900000015", "1234")


@pytest.mark.parametrize(
    "text", ["", "今天能送吗", "我的快递呢 19900000001", "放门口", "取件码3-1-1024", "赔200元", "，" * 900]
)
def test_what_is_no_address_is_none(text):
    assert pasted_in(text) is None


def test_a_known_city_brings_its_province():
    assert parts_of("苏州市姑苏区人民路1号").province == "江苏省"
    assert parts_of("人民路1号").province == ""
