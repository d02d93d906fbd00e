"""Pieces of group chat as people paste them, written by us, and the table that must come of each."""

from datetime import UTC, datetime

import pytest

from yishi.assistant.rules.group_chat import GroupChat, read_group_chat
from yishi.assistant.rules.group_lines import LONGEST_TEXT
from yishi.assistant.rules.understood import Guess, Understanding

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
A, B, C = "771200000017402", "771200000017403", "YT8800012345678"


def read(text: str) -> GroupChat:
    return read_group_chat(text, understand=None, at=AT, zone="Asia/Shanghai")


def told(text: str) -> list[tuple[str, str, str]]:
    """Each row as (number, who, asks)."""
    rows = read(text).rows
    return [(r.number, r.who, "+".join(a.value or a.ask.value for a in r.asks)) for r in rows]


PIECES = [
    # one line, each way in which a name stands before it
    (f"张三: {A} 催一下", [(A, "张三", "URGE")]),
    (f"张三：{A}催", [(A, "张三", "URGE")]),
    (f"张三 11:20\n{A} 帮忙催下", [(A, "张三", "URGE")]),
    (f"张三 2026-11-22 11:20:33\n{A} 加急", [(A, "张三", "URGE")]),
    (f"2026-11-22 11:20:33 张三(12345678)\n{A} 客户很急", [(A, "张三", "URGE")]),
    (f"张三 11月22日 下午3:20\n{A} 拦截", [(A, "张三", "INTERCEPT")]),
    (f"[11:20] 云锦小店: {A} 拦截退回", [(A, "云锦小店", "INTERCEPT")]),
    (f"11:20 张三: {A} 破损", [(A, "张三", "DAMAGED")]),
    (f"张三 昨天 18:05\n{A} 没收到", [(A, "张三", "NOT_RECEIVED")]),
    (f"张三:\n{A}\n催派", [(A, "张三", "URGE")]),
    (f"{A} 催一下", [(A, "", "URGE")]),
    # what is left out
    (f"————— 2026-11-22 —————\n张三 11:20\n[图片]\n{A} 包装破了[流泪]", [(A, "张三", "DAMAGED")]),
    (f'"李四"撤回了一条消息\n张三: @东山客服 {A} 催一下🙏🙏', [(A, "张三", "URGE")]),
    (f"张三: {A} 催\n客服小林: 收到\n客服小林: 好的，马上处理", [(A, "张三", "URGE")]),
    (f"张三: {A} 催\n东山网点: {A} 已催，下午派", [(A, "张三/东山网点", "URGE")]),
    ("张三: 大家早上好\n李四: [强][强]\n王五: 👍", []),
    ("张三邀请李四加入了群聊\n以下为新消息", []),
    ("张三: [图片]\n张三: [视频]", []),
    (
        f"群聊的聊天记录\n张三 11:20\n{A} 催\n李四 11:21\n{B} 查一下",
        [(A, "张三", "URGE"), (B, "李四", "TRACK")],
    ),
    # lists, with the wish before or after
    (f"张三: 这几个催一下\n{A}\n{B}", [(A, "张三", "URGE"), (B, "张三", "URGE")]),
    (f"张三: {A}\n{B}\n以上拦截", [(A, "张三", "INTERCEPT"), (B, "张三", "INTERCEPT")]),
    (f"张三: {A} {B} 都催一下", [(A, "张三", "URGE"), (B, "张三", "URGE")]),
    (f"张三: {A}、{B}\n张三: 麻烦加急", [(A, "张三", "URGE"), (B, "张三", "URGE")]),
    (f"张三: {A}\n李四: {B}\n张三: 催一下\n李四: 拦截一下", [(A, "张三", "URGE"), (B, "李四", "INTERCEPT")]),
    (f"以下拦截退回：\n{A}\n{B}\n{C}", [(A, "", "INTERCEPT"), (B, "", "INTERCEPT"), (C, "", "INTERCEPT")]),
    (f"{A}\n{B}", [(A, "", ""), (B, "", "")]),
    (f"张三: {A} 催\n张三: {B} 破损", [(A, "张三", "URGE"), (B, "张三", "DAMAGED")]),
    (f"张三: {A} 催一下\n张三: 客户说再不到就退回", [(A, "张三", "INTERCEPT+URGE")]),
    # quotations
    (f"李四: 「张三: {A}」\n- - - - - - - -\n李四: 拦截", [(A, "李四", "INTERCEPT")]),
    (f"李四: 「张三：{A} 催」这个拦住", [(A, "李四", "INTERCEPT")]),
    # wishes
    (f"张三: {A} 不要放柜", [(A, "张三", "NO_LOCKER")]),
    (f"张三: {A} 别放驿站，送货上门", [(A, "张三", "NO_STATION+DOOR")]),
    (f"张三: {A} 派送前先打电话", [(A, "张三", "CALL_FIRST")]),
    (f"张三: {A} 放门卫", [(A, "张三", "GUARD")]),
    (f"张三: {A} 客户不在家，后天下午三点以后再送", [(A, "张三", "RESCHEDULE")]),
    (f"张三: {A} 改到周三派送", [(A, "张三", "RESCHEDULE")]),
    (f"张三: {A} 改地址 南京市江宁区天元路1号 19900000001", [(A, "张三", "REDIRECT")]),
    # trouble
    (f"张三: {A} 显示签收了 客户没收到", [(A, "张三", "NOT_RECEIVED")]),
    (f"张三: {A} 虚假签收", [(A, "张三", "NOT_RECEIVED")]),
    (f"张三: {A} 取件码发一下", [(A, "张三", "PICKUP_CODE")]),
    (f"张三: {A} 没收到取件码", [(A, "张三", "PICKUP_CODE")]),
    (f"张三: {A} 三天了不动了", [(A, "张三", "URGE")]),
    (f"张三: {A} 少了一件", [(A, "张三", "SHORT")]),
    (f"张三: {A} 丢件了吧，要理赔", [(A, "张三", "LOST+CLAIM")]),
    (f"张三: {A} 客户拒收", [(A, "张三", "RETURN")]),
    (f"张三: {A} 到哪了", [(A, "张三", "TRACK")]),
    (f"张三: {A} 快递员态度恶劣", [(A, "张三", "ATTITUDE")]),
    # taken back, turned round, doubted
    (f"张三: {A} 催\n张三: {A} 收到了，不用催了", [(A, "张三", "OVER")]),
    (f"张三: {A} 不要拦截", [(A, "张三", "OVER")]),
    # phones, codes, times and orders are no parcels
    (f"张三: {A} 电话19900000001 取件码3-2-1045 催一下", [(A, "张三", "PICKUP_CODE+URGE")]),
    ("张三: 19900000001 的件没收到", [("", "张三", "NOT_RECEIVED")]),
    ("张三: 我的快递怎么还没到", [("", "张三", "URGE")]),
    (f"张三: 单号：{A}，问题：破损", [(A, "张三", "DAMAGED")]),
    (f"单号：{A}\n问题：没收到", [(A, "", "NOT_RECEIVED")]),
    ("张三: yt 8800 0123 45678 催", [(C, "张三", "URGE")]),
    ("张三: ＹＴ８８００ ０１２３ ４５６７８ 催", [(C, "张三", "URGE")]),
]


@pytest.mark.parametrize(("text", "rows"), PIECES)
def test_a_piece_becomes_its_table(text: str, rows: list[tuple[str, str, str]]) -> None:
    assert told(text) == rows


def test_what_is_sure_and_what_it_rests_on() -> None:
    (row,) = read(f"张三: {A} 麻烦催一下").rows
    assert row.is_sure and row.main and row.main.words == "催"
    assert not read(f"张三: {A} 如果还没派就拦截").rows[0].is_sure
    assert not read(A).rows[0].is_sure


def test_a_wished_time_is_told() -> None:
    window = read(f"张三: {A} 不在家，后天下午三点以后再送").rows[0].window
    assert window and window.start == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


def test_much_is_cut_and_said_so() -> None:
    found = read("催\n" + "\n".join(f"7712{n:08d}" for n in range(600)))
    assert len(found.numbers) == 500 and found.left_out == 600 - 500
    assert read("催" * 2 * LONGEST_TEXT).numbers == []


def test_words_of_a_model_are_never_sure() -> None:
    heard = Understanding(text="", intents=(Guess(intent="lost", confidence=0.99),))
    found = read_group_chat(f"张三: {A} 呜呜呜呜", understand=lambda _: heard, at=AT, zone="Asia/Shanghai")
    assert found.rows[0].asks[0].ask == "LOST" and not found.rows[0].is_sure
