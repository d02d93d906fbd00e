"""The case page: for whom it is, what it shows of the person, and two people answering at once."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.desk.conftest import SAID, browser, open_at
from tests.world import CONSUMER_PHONE, World
from yishi.cases.actions.reply import add_note
from yishi.cases.queries.cards import CaseCard, get_case
from yishi.cases.queries.history import list_evidence, list_timeline
from yishi.kit.clock import now
from yishi.kit.models import Reveal

Fresh = Callable[[], CaseCard]


def url(case: CaseCard, verb: str = "") -> str:
    return f"/desk/cases/{case.case_no}" + (f"/{verb}" if verb else "")


FORMS = {
    "reply": {"text": "已让刘师傅回去查找"},
    "note": {"text": "没有拍照"},
    "assign": {"outlet": "DS01", "reason": "他熟"},
    "status": {"status": "IN_PROGRESS", "reason": "在查"},
    "settle": {"remedy": "FOUND", "text": "找到了", "validity": "VALID", "finding_reason": "监控"},
    "reopen": {"reason": "没办好"},
    "reveal": {"reason": "核对"},
}


def test_the_page_says_what_is_the_matter_and_why_here(lin: Client, case: CaseCard) -> None:
    text = lin.get(url(case)).content.decode()
    assert "显示签收未收到" in text and SAID in text and "签收扫描在这里" in text
    assert "回复顾客" in text and "内部备注" in text


@pytest.mark.parametrize("verb", ["", "news", "live"])
def test_a_foreign_case_is_unknown(he: Client, case: CaseCard, verb: str) -> None:
    answer = he.get(url(case, verb))
    assert answer.status_code == 404 and SAID not in answer.content.decode()


@pytest.mark.parametrize("verb", FORMS)
def test_a_foreign_case_cannot_be_touched(he: Client, case: CaseCard, fresh: Fresh, verb: str) -> None:
    before = len(list_timeline(case.id))
    assert he.post(url(case, verb), FORMS[verb]).status_code == 404
    assert (fresh().version, len(list_timeline(case.id))) == (case.version, before)


@pytest.mark.parametrize("verb", ["", *FORMS])
def test_the_wrong_role_is_refused(world: World, case: CaseCard, fresh: Fresh, verb: str) -> None:
    operator = browser(world.operator)
    answer = operator.post(url(case, verb), FORMS[verb]) if verb else operator.get(url(case))
    assert answer.status_code == 403
    assert fresh().version == case.version


def test_a_reply_is_public_and_takes_the_case_in_hand(
    world: World, lin: Client, case: CaseCard, fresh: Fresh
) -> None:
    answer = lin.post(url(case, "reply"), {"text": "王女士您好，正在查", "version": case.version})
    assert answer["Location"] == f"{url(case)}?done=reply"
    last = list_timeline(case.id)[-1]
    assert (last.audience, last.text, fresh().assignee_id) == ("PUBLIC", "王女士您好，正在查", world.lin.pk)


def test_a_note_is_internal(lin: Client, case: CaseCard) -> None:
    lin.post(url(case, "note"), {"text": "没有拍照，没有电话"})
    assert list_timeline(case.id)[-1].audience == "INTERNAL"
    assert "没有拍照" not in str(list_timeline(case.id, audience="PUBLIC"))


def test_the_second_answer_sees_the_first_and_keeps_its_words(
    world: World, lin: Client, case: CaseCard, fresh: Fresh
) -> None:
    browser(world.zhou).post(url(case, "reply"), {"text": "我来办", "version": case.version})
    answer = lin.post(url(case, "reply"), {"text": "我刚打完的一大段话", "version": case.version})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "周站长刚刚动过" in text and "我刚打完的一大段话</textarea>" in text and "我来办" in text
    assert "我刚打完的一大段话" not in str(list_timeline(case.id))
    again = lin.post(url(case, "reply"), {"text": "我刚打完的一大段话", "version": fresh().version})
    assert again.status_code == 302


def test_a_double_click_answers_once(lin: Client, case: CaseCard) -> None:
    for _ in range(2):
        lin.post(url(case, "reply"), {"text": "只说一次", "version": case.version})
    assert str(list_timeline(case.id)).count("只说一次") == 1


def test_an_empty_reply_says_what_to_do(lin: Client, case: CaseCard, fresh: Fresh) -> None:
    answer = lin.post(url(case, "reply"), {"text": "  \x00 ", "version": case.version})
    assert answer.status_code == 422 and "这里要写点什么" in answer.content.decode()
    assert fresh().version == case.version


def test_assigning_to_a_colleague_and_to_nobody_foreign(
    world: World, lin: Client, case: CaseCard, fresh: Fresh
) -> None:
    wrong = {"outlet": "DS01", "user": world.he.pk, "reason": "给他", "version": case.version}
    assert lin.post(url(case, "assign"), wrong).status_code == 422
    assert lin.post(url(case, "assign"), {**wrong, "outlet": "JN01"}).status_code == 422
    assert fresh().assignee_id is None
    lin.post(url(case, "assign"), {**wrong, "user": world.zhou.pk})
    assert fresh().assignee_id == world.zhou.pk


def test_settling_needs_a_finding_and_shows_it(lin: Client, case: CaseCard, fresh: Fresh) -> None:
    form = {**FORMS["settle"], "version": str(case.version)}
    refused = lin.post(url(case, "settle"), {**form, "validity": ""})
    assert refused.status_code == 422 and "找到了" in refused.content.decode()
    assert fresh().status == "OPEN"
    lin.post(url(case, "settle"), form)
    assert (fresh().status, fresh().finding_validity) == ("RESOLVED", "VALID")
    assert "属实" in lin.get(url(case)).content.decode()


def test_waiting_and_reopening(lin: Client, case: CaseCard, fresh: Fresh) -> None:
    lin.post(url(case, "status"), {"status": "WAITING_CUSTOMER", "reason": "等照片", "version": case.version})
    assert fresh().status == "WAITING_CUSTOMER"
    lin.post(url(case, "settle"), {**FORMS["settle"], "version": str(fresh().version)})
    lin.post(url(case, "reopen"), {"reason": "顾客说没收到", "version": fresh().version})
    assert fresh().status == "IN_PROGRESS"


def test_the_contact_is_masked_until_it_is_asked_for_with_a_reason(lin: Client, case: CaseCard) -> None:
    assert CONSUMER_PHONE not in lin.get(url(case)).content.decode()
    assert lin.post(url(case, "reveal"), {"reason": " "}).status_code == 422
    assert not Reveal.objects.exists()
    shown = lin.post(url(case, "reveal"), {"reason": "顾客来电核对"}).content.decode()
    assert CONSUMER_PHONE in shown
    assert {row.reason for row in Reveal.objects.all()} == {"顾客来电核对"}


def test_ones_own_open_case_needs_no_reason_but_is_logged(lin: Client, case: CaseCard) -> None:
    lin.post(url(case, "reply"), {"text": "我来办", "version": case.version})
    assert CONSUMER_PHONE not in lin.get(url(case)).content.decode()
    assert CONSUMER_PHONE in lin.post(url(case, "reveal"), headers={"HX-Request": "true"}).content.decode()
    assert Reveal.objects.get().is_silent


def test_news_swap_head_clocks_and_history_only(world: World, lin: Client, case: CaseCard) -> None:
    add_note(case_id=case.id, text="新备注", by=world.viewer(world.zhou), at=now())
    text = lin.get(url(case, f"news?version={case.version}")).content.decode()
    assert "新备注" in text and "<textarea" not in text and "刚刚动过" not in text
    browser(world.zhou).post(url(case, "reply"), {"text": "我来办", "version": case.version})
    assert "周站长刚刚动过" in lin.get(url(case, f"news?version={case.version}")).content.decode()


def test_what_was_said_is_never_markup(lin: Client, world: World) -> None:
    from tests.web.desk.conftest import open_at

    nasty = open_at(world.dongshan_id, text="<script>alert(1)</script>\u202e😀" + "很长" * 4000)
    text = lin.get(url(nasty)).content.decode()
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_the_persons_words_stand_above_the_forms(lin: Client, case: CaseCard) -> None:
    text = lin.get(f"/desk/cases/{case.case_no}").content.decode()
    assert text.index(SAID) < text.index('id="step"')


def test_a_waiting_case_shows_its_paused_promise_in_the_head(lin: Client, case: CaseCard) -> None:
    lin.post(url(case, "reply"), {"text": "请发一张门口的照片", "version": case.version})
    lin.post(url(case, "status"), {"status": "WAITING_CUSTOMER", "reason": "等门口照片"})
    head = lin.get(url(case)).content.decode().split('id="case-head"')[1].split("</header>")[0]
    assert "已暂停，剩" in head


def test_a_settled_case_says_when_it_ends_by_itself(lin: Client, case: CaseCard) -> None:
    form = {"remedy": "FOUND", "text": "已送到", "validity": "VALID", "finding_reason": "核实过"}
    lin.post(f"/desk/cases/{case.case_no}/settle", form | {"version": str(case.version)})
    assert "前没有异议就结案" in lin.get(f"/desk/cases/{case.case_no}").content.decode()


def test_a_refused_file_is_told_beside_the_evidence(lin: Client, case: CaseCard) -> None:
    fake = SimpleUploadedFile("door.jpg", b"MZ no picture", content_type="image/jpeg")
    answer = lin.post(f"/desk/cases/{case.case_no}/evidence", {"files": [fake]})
    text = answer.content.decode()
    assert answer.status_code == 422 and "一个都没加，请重新选" in text
    assert 'id="refused"' not in text and list_evidence(case.id) == []


def test_what_is_not_the_outlets_goes_back_to_head_office(lin: Client, case: CaseCard, fresh: Fresh) -> None:
    form = {"outlet": "-", "reason": "不是我们的件", "version": str(case.version)}
    answer = lin.post(f"/desk/cases/{case.case_no}/assign", form)
    assert answer["Location"] == "/desk/?done=assign"
    assert fresh().outlet_code is None


def test_whoever_sees_two_outlets_gives_it_to_a_person_of_the_other(
    world: World, case: CaseCard, fresh: Fresh
) -> None:
    quality = browser(world.quality)
    assert "何客服" in quality.get(url(case)).content.decode()
    form = {"outlet": "JN01", "user": world.he.pk, "reason": "件在江宁", "version": case.version}
    assert quality.post(url(case, "assign"), form).status_code == 302
    assert (fresh().outlet_code, fresh().assignee_id) == ("JN01", world.he.pk)


def test_an_agent_is_not_offered_other_outlets_people(lin: Client, case: CaseCard) -> None:
    assert "何客服" not in lin.get(url(case)).content.decode()


def test_who_waits_says_what_for(world):
    case = open_at(world.dongshan_id)
    lin = browser(world.lin)
    answer = lin.post(f"/desk/cases/{case.case_no}/status", {"status": "WAITING_CUSTOMER", "reason": " "})
    assert answer.status_code == 422 and "写明在等什么" in answer.content.decode()
    assert get_case(case.id).status == "OPEN"
