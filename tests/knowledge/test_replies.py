"""Saved replies: variables that mean something, who sees which, and every change a version."""

import pytest

from tests.world import START, World
from yishi.kit.errors import NotAllowed, NotFound, Stale
from yishi.knowledge.actions.replies import UnknownVariable, archive_reply, note_use, save_reply
from yishi.knowledge.models import Reply, ReplyVersion
from yishi.knowledge.queries.replies import access_reply, find_replies, list_replies, versions_of
from yishi.knowledge.rules.replies import fill, score, unknown_variables, variables_of

BODY = "{姓名}您好，运单 {运单号} 正在查，{ due }前回复您。"


@pytest.mark.parametrize(
    ("body", "unknown"),
    [
        (BODY, []),
        ("没有变量", []),
        ("{身份证号}和{姓名}", ["身份证号"]),
        ("｛我｝写的 {} {x}{x}", ["", "x"]),
        ("{{姓名}}", []),
    ],
)
def test_what_means_nothing_is_named(body: str, unknown: list[str]) -> None:
    assert unknown_variables(body) == unknown


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "王*", "waybill_no": "YT1", "due": "12:00"}, "王*您好，运单 YT1 正在查，12:00前回复您。"),
        ({"name": "{我}", "waybill_no": "YT1", "due": ""}, "{我}您好，运单 YT1 正在查，{ due }前回复您。"),
    ],
)
def test_filling_leaves_open_what_has_no_value_and_reads_nothing_twice(values: dict, said: str) -> None:
    assert fill(BODY, values) == said
    assert variables_of(BODY) == {"name", "waybill_no", "due"}


def test_all_words_must_be_found_and_titles_count_more() -> None:
    assert score("正在", title="正在查找", body="") > score("正在", title="我们正在", body="") > 0
    assert score("正在 退款", title="正在查找", body="没有") == 0


def reply(world: World, by: str = "lin", **changed: object) -> int:
    values: dict = {"title": "正在查", "body": BODY, "scope": "PERSONAL", "at": START, **changed}
    return save_reply(by=world.viewer(getattr(world, by)), **values)


def test_an_unknown_variable_is_refused_and_nothing_is_kept(world: World) -> None:
    with pytest.raises(UnknownVariable, match="身份证号"):
        reply(world, body="{身份证号}")
    assert not Reply.objects.exists() and not ReplyVersion.objects.exists()


def test_who_sees_which(world: World) -> None:
    lin, zhou, he = (world.viewer(user) for user in (world.lin, world.zhou, world.he))
    own = reply(world)
    place = reply(world, title="网点的", scope="OUTLET", outlet_code="DS01")
    everybody = reply(world, by="quality", title="全公司的", scope="OPERATOR")
    seen = {viewer.user_id: {card.id for card in list_replies(viewer)} for viewer in (lin, zhou, he)}
    assert list(seen.values()) == [{own, place, everybody}, {place, everybody}, {everybody}]
    with pytest.raises(NotFound):
        access_reply(viewer=he, reply_id=place)
    with pytest.raises(NotAllowed):
        save_reply(reply_id=everybody, title="改", body="改", scope="PERSONAL", by=lin, at=START)
    assert access_reply(viewer=lin, reply_id=everybody).version == 1


def test_every_change_is_a_version_and_the_second_of_two_is_told(world: World) -> None:
    lin = world.viewer(world.lin)
    kept = reply(world)
    reply(world, reply_id=kept, version=1, body="新的话")
    with pytest.raises(Stale):
        reply(world, reply_id=kept, version=1, body="别人的话")
    assert [line.body for line in versions_of(kept)] == ["新的话", BODY]
    archive_reply(reply_id=kept, by=lin, at=START)
    assert list_replies(lin) == [] and len(versions_of(kept)) == 2


def test_what_fits_the_case_comes_first_and_use_is_counted(world: World) -> None:
    lin = world.viewer(world.lin)
    reply(world, title="破损先拍照", categories=["DAMAGED"])
    plain, english = reply(world), reply(world, title="Looking", body="{name}, we look", language="en")
    note_use(reply_ids=[plain, plain], by=lin)
    asked = {"viewer": lin, "category": "DELAY", "words": ""}
    assert [card.id for card in find_replies(language="zh-hans", **asked)] == [plain, english]
    assert find_replies(language="en", **asked)[0].id == english
    found = find_replies(viewer=lin, category="DAMAGED", words="拍照", language="zh-hans")
    assert [card.title for card in found] == ["破损先拍照"]
    assert Reply.objects.get(pk=plain).used == 1
