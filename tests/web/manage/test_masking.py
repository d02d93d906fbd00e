"""A raw body keeps its shape and codes; people in it do not show."""

import pytest

from yishi.web.manage.masking import MAX_SHOWN, masked


@pytest.mark.parametrize(
    ("body", "hidden", "kept"),
    [
        ('{"receiverName": "赵小姐", "status": "3"}', "赵小姐", '"status": "3"'),
        ('{"param":"{\\"consigneePhone\\":\\"19900000077\\",\\"state\\":\\"3\\"}"}', "19900000077", "state"),
        ("<Receiver><name>赵小姐</name><code>301</code></Receiver>", "赵小姐", "<code>301</code>"),
        ("waybill=7712&receiverAddress=江宁区 12 栋&state=3", "12 栋", "state=3"),
        ("快递员电话 19900000011，已签收", "19900000011", "已签收"),
        ('{"收件人":"赵小姐","运单":"7712"}', "赵小姐", '"运单":"7712"'),
    ],
)
def test_people_are_taken_out(body: str, hidden: str, kept: str) -> None:
    text, left_away = masked(body.encode())
    assert hidden not in text and kept in text and left_away == 0


def test_what_is_no_text_is_shown_all_the_same() -> None:
    assert masked(b"\xff\xfe\x00ok")[0].endswith("␀ok")


def test_long_bodies_are_cut_and_say_so() -> None:
    text, left_away = masked(b"a" * (MAX_SHOWN + 5))
    assert (len(text), left_away) == (MAX_SHOWN, 5)
