"""The private page of a complaint: every public step, none of the inside, and what the person can do."""

from datetime import timedelta

import pytest
import time_machine

from tests.web.consumer.test_complain import SAID, answers, photo, text_of
from yishi.cases.actions.reply import add_note, add_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status
from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence
from yishi.feedback.models import Rating
from yishi.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(client, parcel):
    return client.post(f"/t/{parcel}/complain", {**answers(), "photos": [photo()]}).headers["Location"]


@pytest.fixture
def settled(link, world):
    resolve_case(
        case_id=Case.objects.get().pk,
        remedy="FOUND",
        text="找到了，刘师傅 18:00 前送上门。",
        finding=Finding(validity="VALID", category="SIGNED_NOT_RECEIVED", reason="放错楼道"),
        root_cause="",
        by=world.viewer(world.zhou),
        at=now(),
    )
    return link


def test_the_page_tells_what_was_said_and_what_comes(client, link):
    page = text_of(client.get(link))
    assert SAID in page and "收到你说的事" in page and "给你处理办法" in page


def test_a_public_reply_is_shown_and_a_note_is_not(client, link, world):
    case, viewer = Case.objects.get(), world.viewer(world.zhou)
    add_reply(case_id=case.pk, text="已让刘师傅回去找", by=viewer, at=now())
    add_note(case_id=case.pk, text="先别下结论", by=viewer, at=now())
    page = text_of(client.get(link))
    assert "已让刘师傅回去找" in page and "先别下结论" not in page and "周站长" not in page


def test_the_page_shows_no_phone_of_the_person(client, link):
    assert "19900000001" not in text_of(client.get(link))


def test_the_persons_own_photo_is_served_to_the_link_only(client, link):
    file_id = Evidence.objects.get().file_id
    assert client.get(f"{link}/photos/{file_id}").headers["Content-Type"] == "image/jpeg"
    assert client.get(f"/c/nobody/photos/{file_id}").status_code == 404


def test_an_unknown_link_is_404_in_plain_words(client, world):
    page = client.get("/c/nobody")
    assert page.status_code == 404 and "都还在" in text_of(page)


def test_the_person_says_more(client, link):
    assert client.post(f"{link}/say", {"text": "邻居也没看见"}).status_code == 302
    assert "邻居也没看见" in text_of(client.get(link))


def test_a_photo_alone_is_enough(client, link):
    client.post(f"{link}/say", {"photos": [photo("2.jpg")]})
    assert Evidence.objects.count() == 2


def test_saying_nothing_is_told_beside_the_field(client, link):
    page = client.post(f"{link}/say", {"text": "   "})
    assert page.status_code == 422 and "写一句，或加一张照片" in text_of(page)


def test_a_broken_photo_keeps_the_words(client, link):
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff no", "image/jpeg")
    page = client.post(f"{link}/say", {"text": "看照片", "photos": [bad]})
    assert page.status_code == 422 and "看照片" in text_of(page)


def test_asking_for_somebody_higher_is_a_public_step(client, link):
    client.post(f"{link}/escalate", {"text": "一直没人理"})
    page = text_of(client.get(link))
    assert "已请上级来看" in page and "一直没人理" in page


def test_asking_twice_is_refused_with_the_reason(client, link):
    client.post(f"{link}/escalate", {})
    page = client.post(f"{link}/escalate", {"text": "快点"})
    assert page.status_code == 409 and "刚刚已经升级过" in text_of(page)


def test_withdrawn_and_opened_again(client, link):
    client.post(f"{link}/withdraw", {"text": "找到了"})
    assert "你已撤回这件事" in text_of(client.get(link))
    client.post(f"{link}/reopen", {"text": "不是我的"})
    assert Case.objects.get().status == "IN_PROGRESS" and "不是我的" in text_of(client.get(link))


def test_a_withdrawn_case_takes_no_more_words(client, link):
    client.post(f"{link}/withdraw", {})
    page = client.post(f"{link}/say", {"text": "还有"})
    assert page.status_code == 409 and "已经结束" in text_of(page)


@pytest.mark.parametrize("verb", ["say", "escalate", "withdraw", "confirm", "reopen"])
def test_a_verb_opened_as_a_page_leads_to_the_page(client, link, verb):
    """A restored tab, or another language chosen where a form was refused."""
    assert client.get(f"{link}/{verb}").headers["Location"] == link
    assert Case.objects.get().status == "OPEN"


def test_waiting_for_the_person_is_said_in_his_words(client, link, world):
    case, viewer = Case.objects.get(), world.viewer(world.zhou)
    change_status(case_id=case.pk, status="WAITING_CUSTOMER", by=viewer, at=now())
    page = text_of(client.get(link))
    assert "等你补充或回复，才能接着办" in page
    assert "状态改为" not in page and "待客户回复" not in page


def test_what_the_person_is_asked_stands_on_the_page(client, link, world):
    case, viewer = Case.objects.get(), world.viewer(world.zhou)
    change_status(case_id=case.pk, status="WAITING_CUSTOMER", reason="您住几楼？", by=viewer, at=now())
    page = text_of(client.get(link))
    assert "要你回的话" in page and page.count("您住几楼？") == 2
    client.post(f"{link}/say", {"text": "三楼"})
    assert text_of(client.get(link)).count("您住几楼？") == 1


def test_why_others_are_waited_for_stays_inside(client, link, world):
    case, viewer = Case.objects.get(), world.viewer(world.zhou)
    change_status(case_id=case.pk, status="WAITING_THIRD_PARTY", reason="等监控", by=viewer, at=now())
    assert "等监控" not in text_of(client.get(link))


def test_a_higher_level_is_offered_again_after_two_hours(client, link):
    assert f"{link}/escalate" in text_of(client.get(link))
    client.post(f"{link}/escalate", {})
    page = text_of(client.get(link))
    assert f"{link}/escalate" not in page and "已请上级来看" in page and 'data-stage="OPEN-0-up"' in page
    with time_machine.travel(now() + timedelta(hours=2)):
        assert f"{link}/escalate" in text_of(client.get(link))


def test_withdrawn_is_not_told_of_a_third_person(client, link):
    client.post(f"{link}/withdraw", {})
    assert "客户" not in text_of(client.get(link))


def test_without_an_outlet_nothing_is_promised_in_its_name(client, world):
    link = client.post("/complain", answers(waybill_no="")).headers["Location"]
    page = text_of(client.get(link))
    assert "发给总部客服" in page and "总部客服回复你" in page and "网点" not in page.split("<main")[1]


def test_the_page_says_which_parcel(client, link):
    assert "7712 0000 0018 826" in text_of(client.get(link))


def test_the_person_says_that_it_is_solved(client, settled):
    assert client.post(f"{settled}/confirm").status_code == 302
    page = text_of(client.get(settled))
    assert Case.objects.get().status == "CLOSED" and "你说解决了" in page and f"{settled}/rate" in page


def test_what_runs_cannot_be_called_solved(client, link):
    assert client.post(f"{link}/confirm").status_code == 409
    assert Case.objects.get().status == "OPEN"


def test_the_forms_know_the_stage_they_belong_to(client, settled):
    page = text_of(client.get(settled))
    assert page.count('data-stage="RESOLVED-1"') == 2
    assert "/say" not in page and f"{settled}/confirm" in page


def test_many_people_behind_one_address_may_all_answer(client, link):
    for n in range(22):
        assert client.post(f"{link}/say", {"text": f"第 {n} 句"}).status_code == 302


def test_too_many_words_are_kept_on_the_page(client, link):
    for n in range(60):
        client.post(f"{link}/say", {"text": f"第 {n} 句"})
    page = client.post(f"{link}/say", {"text": "第六十一句"})
    assert page.status_code == 429 and "第六十一句" in text_of(page)


def test_too_long_a_word_opens_nothing_again_and_stays(client, link):
    client.post(f"{link}/withdraw", {})
    page = client.post(f"{link}/reopen", {"text": "长" * 20001})
    assert page.status_code == 422 and "长" * 20001 in text_of(page)
    assert Case.objects.get().status == "WITHDRAWN"


def test_an_unknown_verb_is_404(client, link):
    assert client.post(f"{link}/erase").status_code == 404


def test_a_settled_case_asks_for_a_rating(client, settled):
    page = text_of(client.get(settled))
    assert "有结果了" in page and f"{settled}/rate" in page and "刘师傅 18:00 前送上门" in page


def test_opening_the_rating_does_not_vote(client, settled):
    assert client.get(f"{settled}/rate").status_code == 200
    assert not Rating.objects.exists()


def test_one_tap_votes_once(client, settled):
    assert client.post(f"{settled}/rate", {"score": "5", "comment": "很快"}).status_code == 302
    again = client.post(f"{settled}/rate", {"score": "1"})
    assert again.status_code == 409 and "谢谢" in text_of(again)
    assert Rating.objects.get().score == 5


@pytest.mark.parametrize("given", [{}, {"score": "6"}, {"score": "0"}, {"score": "x"}])
def test_no_score_is_no_vote(client, settled, given):
    page = client.post(f"{settled}/rate", given)
    assert page.status_code == 422 and "点一个分数就好" in text_of(page)
    assert not Rating.objects.exists()


def test_a_case_that_runs_is_not_rated_yet(client, link):
    assert "办完再评" in text_of(client.get(f"{link}/rate"))
    assert client.post(f"{link}/rate", {"score": "5"}).status_code == 409


def test_the_next_promise_stands_first(client, link):
    from yishi.sla.models.clocks import SlaClock

    page = text_of(client.get(link))
    assert "前回复你" in page and "y-dial" in page
    SlaClock.objects.filter(kind="FIRST_RESPONSE").update(due_at=now() - timedelta(minutes=26))
    assert "该回复你了，还没有" in text_of(client.get(link))


def test_the_settlement_stands_before_the_steps(client, settled):
    page = text_of(client.get(settled))
    assert page.index("刘师傅 18:00 前送上门") < page.index('id="steps"') and "前没有异议" in page


def test_a_very_long_text_is_folded_and_whole(client, parcel):
    said = "很长的经过。" * 2000
    link = client.post(f"/t/{parcel}/complain", answers(text=said, once="long")).headers["Location"]
    page = text_of(client.get(link))
    assert "看全文" in page and said in page
