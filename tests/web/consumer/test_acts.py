"""What the person does on the page of his case, without a script; a refusal keeps all he typed."""

from datetime import timedelta

import pytest
import time_machine

from tests.web.consumer.test_complain import answers, photo, text_of
from yishi.cases.actions.corrections import correct_line
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.reply import add_reply
from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence, TimelineEntry
from yishi.consignees.models import NoticeChoice
from yishi.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(client, parcel):
    return client.post(f"/t/{parcel}/complain", answers()).headers["Location"]


def test_pressing_is_answered_with_what_it_did_and_when_again(client, link):
    assert client.post(f"{link}/urge").status_code == 302
    page = text_of(client.get(link))
    assert "催过 1 次了" in page and "可以再催" in page
    assert Case.objects.get().urges == 1


def test_pressing_again_at_once_is_refused_in_words(client, link):
    client.post(f"{link}/urge")
    lines = TimelineEntry.objects.count()
    refused = client.post(f"{link}/urge")
    assert refused.status_code == 409 and "刚刚催过" in text_of(refused)
    assert (Case.objects.get().urges, TimelineEntry.objects.count()) == (1, lines)


def test_a_case_that_is_over_offers_no_pressing(client, link):
    withdraw_case(case_id=Case.objects.get().pk, at=now())
    assert "催一催" not in text_of(client.get(link))
    assert client.post(f"{link}/urge").status_code == 409


def test_he_chooses_mail_and_his_own_quiet_hours(client, link):
    wish = {"channel": "EMAIL", "email": "wang@example.cn", "quiet_from": "22", "quiet_until": "7"}
    assert client.post(f"{link}/tell", wish).headers["Location"].endswith("#tell")
    kept = NoticeChoice.objects.get()
    assert (kept.channel, kept.email, kept.quiet_from.hour) == ("EMAIL", "wang@example.cn", 22)
    assert "发邮件 wang@example.cn" in text_of(client.get(link))


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"channel": "EMAIL", "email": ""}, "写一个邮箱"),
        ({"channel": "EMAIL", "email": "a@b\r\nBcc: x@example.cn"}, "邮箱写法不对"),
        ({"channel": ""}, "选一种方式"),
        ({"channel": "SMS", "quiet_from": "99"}, "选几点到几点"),
        ({"channel": "SMS", "quiet_until": "'; DROP"}, "选几点到几点"),
    ],
)
def test_a_wish_that_cannot_be_kept_changes_nothing(client, link, wish, said):
    refused = client.post(f"{link}/tell", {"quiet_from": "21", "quiet_until": "8", "email": "", **wish})
    assert refused.status_code == 422 and said in text_of(refused)
    assert NoticeChoice.objects.count() == 0


def test_a_correction_is_read_beside_the_line_and_as_news(client, link, world):
    case_id, zhou = Case.objects.get().pk, world.viewer(world.zhou)
    wrong = add_reply(case_id=case_id, text="在 3 号柜", by=zhou, at=now())
    correct_line(case_id=case_id, entry_id=wrong, text="在 5 号柜", by=zhou, at=now())
    page = text_of(client.get(link))
    assert "后来更正：" in page and page.count("在 5 号柜") == 2


def test_a_recording_is_proof_too(client, link):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sound = SimpleUploadedFile("call.amr", b"#!AMR\n" + b"\x00" * 64, "audio/amr")
    assert client.post(f"{link}/say", {"text": "录音", "photos": [sound, photo()]}).status_code == 302
    assert sorted(Evidence.objects.values_list("kind", flat=True)) == ["PHOTO", "RECORDING"]


def test_reopened_within_15_days_and_not_after(client, link):
    withdraw_case(case_id=Case.objects.get().pk, at=now())
    with time_machine.travel(now() + timedelta(days=15, seconds=1), tick=False):
        assert client.post(f"{link}/reopen").status_code == 409
    assert Case.objects.get().status == "WITHDRAWN"
    assert client.post(f"{link}/reopen", {"text": "还是没有"}).status_code == 302
    assert Case.objects.get().status == "IN_PROGRESS"


def test_no_proposal_no_answer_to_it(client, link):
    lines = TimelineEntry.objects.count()
    for verb in ("accept", "dispute"):
        assert client.post(f"{link}/{verb}", {"proposal": "1", "text": "不够"}).status_code == 409
    assert TimelineEntry.objects.count() == lines


def test_programs_may_do_the_same(client, link):
    api = f"/api/v1/public/cases/{link.removeprefix('/c/')}"
    as_json = {"content_type": "application/json"}
    assert client.post(f"{api}/urge").status_code == 200
    assert client.post(f"{api}/urge").status_code == 409
    assert client.post(f"{api}/evidence", {"attachments": [photo()]}).status_code == 201
    assert (
        client.put(f"{api}/notices", {"channel": "NONE", "quiet_from": "22:30"}, **as_json).status_code == 200
    )
    assert client.put(f"{api}/notices", {"channel": "EMAIL", "email": "a b@c"}, **as_json).status_code == 422
    assert (NoticeChoice.objects.get().channel, NoticeChoice.objects.get().quiet_from.minute) == ("NONE", 30)
    assert client.post(f"{api}/withdraw", {}, **as_json).status_code == 200
    assert client.post(f"{api}/reopen", {"reason": "还没有"}, **as_json).status_code == 200
