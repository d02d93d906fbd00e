"""What a message names, by a table; codes, telephones, orders and days are kept apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assistant.reading import rows_of
from yishi.assistant.rules.slots import Kind, masked, slots_in


@pytest.mark.parametrize(("text", "expected"), rows_of("slots.tsv"))
def test_slots_of_our_own_lines(text, expected):
    found = [
        f"{slot.kind}={slot.value}{f'/{slot.extension}' if slot.extension else ''}" for slot in slots_in(text)
    ]
    assert found == ([] if expected == "-" else expected.split(" "))


def test_what_is_personal_is_marked_and_masked():
    text = "我是张三 电话19900000001 取件码1-2-3034 赔50元 送到江苏省南京市江宁区金箔路1号"
    slots = slots_in(text)
    personal = {slot.kind for slot in slots if slot.is_personal}
    assert personal == {Kind.PERSON, Kind.PHONE, Kind.PICKUP_CODE, Kind.ADDRESS}
    assert masked(text, slots) == "我是[姓名] 电话[电话] 取件码[取件码] 赔50元 送到[地址]"


def test_what_is_about_is_less_sure():
    [about], [exact] = slots_in("赔三百多块"), slots_in("赔300块")
    assert about.value == exact.value == "30000" and about.certainty < exact.certainty


@given(
    st.text(alphabet=st.sampled_from("取件码放门口驿站0123456789-转 张三元块号路市a,，\n"), max_size=60)
    | st.text(max_size=80)
)
def test_slots_stand_where_they_say_and_do_not_overlap(text):
    slots = slots_in(text)
    assert all(text[slot.span[0] : slot.span[1]] == slot.text for slot in slots)
    assert all(one.span[1] <= two.span[0] for one, two in pairwise(slots))
