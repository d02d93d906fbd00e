"""Look-up and parcel: what a stranger sees, and what he does not."""

import re

import pytest

from tests.web.consumer.conftest import take_road

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def test_the_front_page_asks_for_a_number(client):
    page = client.get("/")
    assert page.status_code == 200 and "运单号" in text_of(page)


@pytest.mark.parametrize(
    "pasted", ["7712 0000 0018 826", "７７１２００００００１８８２６", "单号：771200000018826，急"]
)
def test_a_pasted_number_leads_to_its_parcel(client, pasted):
    assert client.get("/", {"q": pasted}).headers["Location"] == "/t/771200000018826"


def test_text_without_a_number_is_kept_and_explained(client):
    page = text_of(client.get("/", {"q": "我的快递呢"}))
    assert "这里面没看到单号" in page and "我的快递呢</textarea>" in page


def test_two_numbers_are_offered(client):
    page = text_of(client.get("/", {"q": "771200000018826 YT1234567890123"}))
    assert 'href="/t/771200000018826"' in page and 'href="/t/YT1234567890123"' in page


def test_a_number_as_somebody_types_it_is_made_straight(client, parcel):
    assert client.get("/t/7712-0000-0018-826").headers["Location"] == f"/t/{parcel}"


def test_an_unknown_number_is_404_and_bars_no_complaint(client, world):
    page = client.get("/t/999900001111")
    assert page.status_code == 404
    assert "没查到 9999 0000 1111" in text_of(page) and "/complain?no=999900001111" in text_of(page)


@pytest.mark.parametrize("path", ["/t/%00%00", "/t/" + "9" * 500, "/t/..%2f..%2fetc", "/t/<script>"])
def test_nonsense_is_404(client, world, path):
    page = client.get(path)
    assert page.status_code == 404 and "<script>" not in text_of(page)


def test_the_parcel_says_state_place_and_who_has_it(client, parcel):
    page = text_of(client.get(f"/t/{parcel}"))
    assert "派送中" in page and "南京" in page and "东山网点" in page and "025-00000101" in page
    assert "圆通速递" in page and "7712 0000 0018 826" in page


def test_a_stranger_sees_no_person(client, parcel):
    page = text_of(client.get(f"/t/{parcel}"))
    assert not re.search(r"1[3-9]\d{9}", page)
    assert "张三" not in page and "李四" not in page


def test_what_can_be_done_fits_the_state(client, world):
    take_road("771200000000001", ("delivered", 0.5, "南京市", "025101", "已签收"))
    page = text_of(client.get("/t/771200000000001"))
    assert "?category=SIGNED_NOT_RECEIVED" in page and "?category=RESCHEDULE" not in page


def test_every_answer_has_the_strict_policy(client, parcel):
    policy = client.get(f"/t/{parcel}").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_a_mobile_number_is_called_one(client, world):
    assert "这像是手机号" in text_of(client.get("/t/19900000001"))
    assert "这像是手机号" not in text_of(client.get("/t/999900001111"))


def test_the_posters_outlet_is_kept_on_every_way_on(client, world):
    page = text_of(client.get("/", {"o": "DS01"}))
    assert '<input type="hidden" name="o" value="DS01">' in page and 'href="/complain?o=DS01"' in page


def test_nothing_of_the_page_needs_a_cookie(client, parcel):
    assert not client.get(f"/t/{parcel}").cookies


def test_english_is_one_press_away(client, world):
    answer = client.post("/language", {"language": "en", "next": "/t/771200000018826"})
    assert answer.headers["Location"] == "/t/771200000018826"
    assert '<html lang="en">' in text_of(client.get("/"))


def test_the_language_opened_as_a_page_leads_home(client):
    assert client.get("/language").headers["Location"] == "/"


def test_the_language_leads_to_no_other_host(client):
    answer = client.post("/language", {"language": "en", "next": "https://example.com/"})
    assert answer.headers["Location"] == "/"


def test_too_many_look_ups_are_told_when_to_come_back(client, world):
    for _ in range(121):
        page = client.get("/")
    assert page.status_code == 429 and int(page.headers["Retry-After"]) <= 60
    assert "太频繁" in text_of(page) and "1 分后再来就好" in text_of(page)


def test_the_poster_is_a_pdf_of_this_outlet(client, world):
    poster = client.get("/poster/DS01.pdf")
    assert poster.headers["Content-Type"] == "application/pdf" and poster.content.startswith(b"%PDF")


def test_no_poster_for_nobody(client, world):
    page = client.get("/poster/NOBODY.pdf")
    assert page.status_code == 404 and "没找到这一页" in text_of(page)


def test_an_unknown_address_says_that_nothing_is_lost(client, db):
    page = client.get("/no/such/page")
    assert page.status_code == 404 and "都还在" in text_of(page)


MESSAGE = "【驿站】您的{}到了，取件码3-2-1045，另一件YT1234567890123，电话13812345678。"


def test_a_pasted_message_is_posted_and_its_numbers_alone_stand_in_the_address(client, parcel):
    onward = client.post("/", {"q": MESSAGE.format(parcel), "o": "DS01"}).headers["Location"]
    assert onward == f"/?q=YT1234567890123+{parcel}&o=DS01"


def test_the_one_known_of_several_is_opened(client, parcel):
    assert client.get("/", {"q": MESSAGE.format(parcel)}).headers["Location"] == f"/t/{parcel}"


def test_several_known_ones_are_told_in_a_line_each(client, parcel):
    take_road("771200000000001", ("delivered", 0.5, "南京市", "025101", "已签收，签收人：王女士"))
    page = text_of(client.get("/", {"q": f"{parcel} 771200000000001 771200000000002"}))
    assert (
        "3 个单号" in page and "派送中" in page and "已签收" in page and "南京市" in page and "没查到" in page
    )
    assert "王女士" not in page and "李四" not in page and page.index("已签收") < page.index("没查到")


def test_many_numbers_cost_one_question_and_few_counts(client, parcel, django_assert_max_num_queries):
    many = " ".join(str(771200000000100 + n) for n in range(40))
    with django_assert_max_num_queries(30):
        page = text_of(client.get("/", {"q": f"{parcel} YT1234567890123 {many}"}))
    assert page.count("没查到") <= 20


def test_each_of_several_numbers_counts_for_the_limit(client, world):
    many = " ".join(str(771200000000100 + n) for n in range(20))
    for _ in range(6):
        assert client.get("/", {"q": many}).status_code == 200
    assert client.get("/", {"q": many}).status_code == 429


def test_one_number_is_limited_from_wherever_it_is_asked(client, parcel, monkeypatch):
    monkeypatch.setattr("yishi.web.consumer.doors.LOOK_UPS_A_MINUTE_OF_ONE", 3)
    for number in (parcel, "999900001111", "no number"):
        answers = [client.get(f"/t/{number}").status_code for _ in range(4)]
        assert answers[-1] == 429 and 429 not in answers[:-1]


def test_a_wrong_number_is_answered_like_an_unknown_one(client, parcel):
    unknown, wrong = client.get("/t/999900001111"), client.get("/t/nonsense!")
    assert unknown.status_code == wrong.status_code == 404
    assert text_of(unknown).replace("9999 0000 1111", "").replace("999900001111", "") == text_of(
        wrong
    ).replace("nons ense !", "").replace("nonsense%21", "").replace("nonsense!", "")


@pytest.mark.parametrize(
    ("scanned", "onward"),
    [
        ("http://testserver/?o=DS01", "/?o=DS01"),
        ("http://testserver/t/771200000018826", "/t/771200000018826"),
        ("https://elsewhere.example/t/YT1234567890123", "/t/YT1234567890123"),
        ("https://elsewhere.example/q?mailNo=YT1234567890123", "/t/YT1234567890123"),
    ],
)
def test_a_scanned_link_leads_on_and_never_out(client, world, scanned, onward):
    assert client.get("/", {"q": scanned}).headers["Location"] == onward


def test_a_mobile_number_leads_to_my_parcels(client, world):
    assert 'href="/mine"' in text_of(client.get("/t/19900000001"))
