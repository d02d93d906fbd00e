"""The complaint form: one case however often it is sent, nothing typed is lost, nobody is barred."""

import io
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence, TimelineEntry

SAID = "上午我一直在家，没有人敲门，现在显示本人签收了。"


def answers(**other):
    return {"category": "SIGNED_NOT_RECEIVED", "text": SAID, "phone": "19900000001", "once": "abc", **other}


def photo(name="door.jpg"):
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "#b9c6c4").save(body, "JPEG")
    return SimpleUploadedFile(name, body.getvalue(), "image/jpeg")


def text_of(response):
    return response.content.decode()


@pytest.mark.django_db
def test_the_page_offers_what_fits_first(client, parcel):
    page = text_of(client.get(f"/t/{parcel}/complain"))
    assert page.index('value="RESCHEDULE"') < page.index("<details") < page.index('value="DAMAGED"')


@pytest.mark.django_db
def test_a_category_chosen_on_the_parcel_page_is_chosen_here(client, parcel):
    page = text_of(client.get(f"/t/{parcel}/complain?category=URGE"))
    assert 'value="URGE" required checked' in page


@pytest.mark.django_db
def test_a_wish_is_not_called_a_complaint(client, parcel):
    page = text_of(client.get(f"/t/{parcel}/complain?category=REDIRECT"))
    assert "有什么事？" in page and "新地址、收件人和电话" in page and "哪里不对" not in page


def test_a_complaint_opens_a_case_and_leads_to_its_progress(client, parcel):
    answer = client.post(f"/t/{parcel}/complain", answers())
    case = Case.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/c/")
    assert (case.waybill_no, case.category, case.source) == (parcel, "SIGNED_NOT_RECEIVED", "SELF")
    assert TimelineEntry.objects.filter(case=case, text=SAID).count() == 1


@pytest.mark.django_db
def test_photos_come_along(client, parcel):
    client.post(f"/t/{parcel}/complain", {**answers(), "photos": [photo("1.jpg"), photo("2.jpg")]})
    assert Evidence.objects.count() == 2


@pytest.mark.django_db
def test_the_same_form_again_is_the_same_case(client, parcel):
    first = client.post(f"/t/{parcel}/complain", answers())
    again = client.post(f"/t/{parcel}/complain", answers())
    assert first.headers["Location"] == again.headers["Location"] and Case.objects.count() == 1


@pytest.mark.django_db
def test_a_minute_later_the_same_form_is_still_the_same_case(client, parcel):
    first = client.post(f"/t/{parcel}/complain", answers())
    Case.objects.update(opened_at="2026-01-01T00:00Z")
    assert client.post(f"/t/{parcel}/complain", answers()).headers["Location"] == first.headers["Location"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_case(parcel):
    def press(_):
        try:
            return Client().post(f"/t/{parcel}/complain", answers()).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        places = set(both.map(press, range(2)))
    assert len(places) == 1 and Case.objects.count() == 1


@pytest.mark.django_db
def test_without_words_the_choice_speaks(client, parcel):
    client.post(f"/t/{parcel}/complain", answers(text=""))
    assert TimelineEntry.objects.filter(text="显示签收，我没收到").exists()


@pytest.mark.django_db
def test_a_case_without_any_number(client, world):
    answer = client.post("/complain", answers(waybill_no=""))
    assert answer.status_code == 302 and Case.objects.get().waybill_no == ""


@pytest.mark.django_db
def test_an_unknown_number_is_taken_as_it_is(client, world):
    client.post("/t/999900001111/complain", answers(waybill_no="9999 0000 1111"))
    assert Case.objects.get().waybill_no == "999900001111"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "字" * 20_000,
        "没收到\x00包裹",
        "🙃" * 50 + "💔",
        "\u202eمرحبا\u202c 包裹",
        "<script>alert(1)</script>",
    ],
)
def test_whatever_is_written_arrives(client, parcel, text):
    answer = client.post(f"/t/{parcel}/complain", answers(text=text))
    page = text_of(client.get(answer.headers["Location"]))
    assert answer.status_code == 302 and "<script>alert" not in page
    assert TimelineEntry.objects.filter(text=text.replace("\x00", "")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "1990000"}, "少了 4 位，手机号是 11 位"),
        ({"phone": "199000000012"}, "多了 1 位，手机号是 11 位"),
        ({"phone": "abc"}, "这个号码打不通"),
        ({"phone": ""}, "留一个手机号或邮箱"),
        ({"phone": "", "email": "wang@"}, "邮箱写法不对"),
        ({"category": ""}, "选一下发生了什么"),
        ({"category": "FALSE_SIGN_OFF"}, "选一下发生了什么"),
        ({"text": SAID + "字" * 20_000}, "最多 20,000 字"),
    ],
)
def test_a_mistake_is_said_in_words_and_keeps_what_was_typed(client, parcel, wrong, said):
    page = client.post(f"/t/{parcel}/complain", answers(**wrong))
    assert page.status_code == 422 and said in text_of(page) and SAID in text_of(page)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_no_photo_is_told_and_nothing_is_opened(client, parcel):
    bad = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff not a photo", "image/jpeg")
    page = client.post(f"/t/{parcel}/complain", {**answers(), "photos": [bad]})
    assert page.status_code == 422 and "照片要重新选一次" in text_of(page) and SAID in text_of(page)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_seven_photos_are_too_many(client, parcel):
    page = client.post(
        f"/t/{parcel}/complain", {**answers(), "photos": [photo(f"{n}.jpg") for n in range(7)]}
    )
    assert page.status_code == 422 and "一次最多 6 张" in text_of(page)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_too_much_at_once_is_413_in_plain_words(client, parcel):
    page = client.post(f"/t/{parcel}/complain", answers(), CONTENT_LENGTH=str(70 * 1024 * 1024))
    assert page.status_code == 413 and "少选几张" in text_of(page)


@pytest.mark.django_db
def test_too_many_complaints_keep_what_was_typed(client, parcel):
    with mock.patch("yishi.web.consumer.doors.COMPLAINTS_AN_HOUR", 0):
        page = client.post(f"/t/{parcel}/complain", answers())
    assert page.status_code == 429 and SAID in text_of(page)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_no_cookie_is_needed(parcel):
    answer = Client(enforce_csrf_checks=True).post(f"/t/{parcel}/complain", answers())
    assert answer.status_code == 302 and not answer.cookies
