"""The doors of what came with the case engine: steps, tasks, macros, limits, claims, rules, webhooks.

Numbers here are nobody's; what is one person's or one outlet's own is knocked at in `test_foreign_things`.
"""

from tests.security.door import (
    CARE,
    CASE,
    EVERYBODY,
    FEEDS,
    FILES,
    KEEP,
    NOBODYS,
    POLICY,
    Door,
    case_deed,
    case_page,
)

ROSTER = KEEP | {"manager"}
RATES = CARE


def nobodys(roles: frozenset[str], method: str = "POST", **said: str) -> Door:
    return Door(roles, method, dict(said), answers=NOBODYS)


_CASES = {
    # 422: the form lacks something, and says so
    f"{CASE}/step": case_deed(409, to="nowhere", reason="试试"),
    f"{CASE}/type": case_deed(422, type_key="nothing", reason="选错了"),
    f"{CASE}/offer": case_deed(422, outlet="NOWHERE", reason="他们的"),
    f"{CASE}/offer/<int:handover_id>": case_deed(404, what="accept"),
    f"{CASE}/party": case_deed(404, what="nothing"),
    f"{CASE}/merge": case_deed(404, other="C000000000000", way="into", reason="同一件"),
    f"{CASE}/unmerge": case_deed(409),
    f"{CASE}/split": case_deed(422),
    f"{CASE}/here": case_deed(200, how="look"),
    f"{CASE}/replies": case_page(q="您好"),
    f"{CASE}/replies/<int:reply_id>": Door(CARE, is_of_outlet=True, answers=NOBODYS),
    f"{CASE}/macro": Door(CARE, is_of_outlet=True, said={"macro": "999999"}, answers=NOBODYS),
    f"{CASE}/macro/run": case_deed(404, macro="999999"),
    f"{CASE}/tasks": case_deed(title="去看看", task_text="在不在架上", within="60"),
    f"{CASE}/remind": case_deed(what="回电", within="60"),
    f"{CASE}/press": case_deed(text="快一点"),
    f"{CASE}/tag": case_deed(tag="大客户"),
    f"{CASE}/priority": case_deed(priority="1", reason="顾客着急"),
    f"{CASE}/keep/<str:what>": case_deed(),
    f"{CASE}/lines/<int:entry_id>/correct": case_deed(404, text="写错了"),
    f"{CASE}/regulator/<slug:what>": case_deed(422),
    f"{CASE}/claim/<slug:what>": case_deed(404),
    f"{CASE}/looking/<slug:what>": case_deed(404),
    f"{CASE}/intercept": case_deed(422, asked="nowhere"),
    f"{CASE}/intercept/end": case_deed(422),
    f"{CASE}/intercept/free": case_deed(422),
    f"{CASE}/packs/<int:pack_id>": Door(CARE, is_of_outlet=True, answers=NOBODYS),
}
_TALK = "desk/inbox/<int:conversation_id>"
_INBOX = {
    "desk/inbox": Door(CARE),
    "desk/inbox/news": Door(CARE),
    "desk/inbox/live": Door(CARE),
    "desk/inbox/away": Door(CARE, "POST", said={"minutes": "30"}),
    "desk/inbox/team": Door(ROSTER),
    "desk/inbox/calls": Door(CARE),
    "desk/inbox/calls/<int:call_back_id>": nobodys(CARE, state="REACHED"),
    "desk/inbox/files/<uuid:talk_file_id>": nobodys(CARE, "GET"),
    **{_TALK: nobodys(CARE, "GET")},
    **{f"{_TALK}/{page}": nobodys(CARE, "GET") for page in ("news", "live", "transcript")},
    **{
        f"{_TALK}/{deed}": nobodys(CARE, text="在找了", category="DELAY")
        for deed in ("reply", "note", "take", "give", "end", "draft", "case", "tone")
    },
    f"{_TALK}/held/<int:held_id>": nobodys(CARE),
}
_DESK = {
    **_INBOX,
    "desk/search": Door(CARE, said={"q": "破损"}),
    # the machine is on no shared account
    "desk/switch/back": Door(EVERYBODY, "POST", answers=NOBODYS),
    "desk/calls/fields": Door(CARE, said={"category": "DAMAGED"}),
    "desk/tasks": Door(CARE),
    "desk/tasks/<int:task_id>": nobodys(CARE, "GET"),
    "desk/tasks/<int:task_id>/end": nobodys(CARE, state="DONE"),
    "desk/reminders/<int:reminder_id>/done": nobodys(CARE),
    # 409: nothing is chosen
    "desk/bulk": Door(CARE, "POST", answers=frozenset({409, 422})),
    "desk/bulk/ask": Door(CARE, "POST", answers=frozenset({409, 422})),
    "desk/bulk/<uuid:key>": nobodys(CARE, "GET"),
    "desk/bulk/<uuid:key>/state": nobodys(CARE, "GET"),
    "desk/bulk/<uuid:key>/run": nobodys(CARE),
    "desk/bulk/<uuid:key>/undo": nobodys(CARE),
    "desk/replies": Door(CARE),
    "desk/replies/new": Door(CARE),
    "desk/replies/<int:reply_id>": nobodys(CARE, "GET"),
    "desk/replies/<int:reply_id>/archive": nobodys(CARE),
    "desk/macros": Door(CARE),
    "desk/macros/new": Door(CARE),
    "desk/macros/<int:macro_id>": nobodys(CARE, "GET"),
    "desk/macros/<int:macro_id>/archive": nobodys(CARE),
    "desk/views": Door(CARE, "POST", {"name": "我的"}),
    "desk/views/<int:view_id>/drop": nobodys(CARE),
    "desk/export": Door(CARE, "POST", {"reason": "月度复盘", "format": "csv"}),
    "desk/exports": Door(CARE),
    "desk/exports/<int:export_id>/file": nobodys(CARE, "GET"),
    "desk/day": Door(CARE),
    "desk/day/paste": Door(CARE, "POST", {"text": "771200000017402"}),
    "desk/paste": Door(CARE),
    "desk/talk-note": Door(CARE),
    "desk/talk-note/category": Door(CARE, "POST", {"text": "没收到"}),
    "desk/day/act": Door(CARE, "POST", {"no": "771200000017402"}),
    "desk/files/<uuid:file_id>/original": Door(CARE, is_of_outlet=True),
}
_MANAGE = {
    "manage/rules": Door(POLICY),
    "manage/rules/new": Door(POLICY),
    "manage/rules/<int:rule_id>": nobodys(POLICY, "GET"),
    "manage/rules/<int:rule_id>/edit": nobodys(POLICY, "GET"),
    "manage/rules/<int:rule_id>/<slug:what>": nobodys(POLICY),
    "manage/webhooks": Door(FEEDS),
    "manage/webhooks/<int:webhook_id>": nobodys(FEEDS, "GET"),
    "manage/webhooks/<int:webhook_id>/<slug:what>": nobodys(FEEDS),
    "manage/interceptions": Door(RATES),
    "manage/rates": Door(RATES),
    "manage/rates/export": Door(RATES, "POST", {"reason": "月度复盘"}),
    "manage/case-types": Door(POLICY),
    "manage/case-types/book": Door(POLICY),
    "manage/case-types/export.yaml": Door(POLICY),
    "manage/new-case-type": Door(POLICY),
    "manage/case-types/<slug:key>": nobodys(POLICY, "GET"),
    "manage/case-types/<slug:key>/end": nobodys(POLICY, why="不用了"),
    "manage/workflows": Door(POLICY),
    "manage/new-workflow": Door(POLICY),
    "manage/workflows/<slug:key>": nobodys(POLICY, "GET"),
    "manage/workflows/<slug:key>/end": nobodys(POLICY, why="不用了"),
    "manage/sla": Door(POLICY),
    "manage/sla/<int:policy_id>": nobodys(POLICY, "GET"),
    "manage/sla/<int:policy_id>/end": nobodys(POLICY),
    "manage/sla/hours": Door(POLICY),
    "manage/sla/hours/<int:outlet_id>": nobodys(POLICY, "GET"),
    "manage/sla/chain": Door(POLICY),
    "manage/sla/chain/level/<int:level>": nobodys(POLICY),
    "manage/sla/chain/pause/<int:limit_id>": nobodys(POLICY, within="4"),
    "manage/sla/chain/quiet": Door(POLICY, "POST", {"quiet_from": "22:00", "quiet_until": "08:00"}),
    "manage/sla/law": Door(POLICY),
    "manage/sla/law/<int:law_id>/choose": nobodys(POLICY),
    "manage/roster": Door(ROSTER),
    "manage/roster/<str:outlet>/add": Door(ROSTER, "POST", is_of_outlet=True, answers=frozenset({422})),
    "manage/roster/<str:outlet>/shifts/<int:shift_id>/end": nobodys(ROSTER),
    "manage/roster/<str:outlet>/people/<int:user_id>": nobodys(ROSTER),
    "manage/roster/<str:outlet>/weights": Door(POLICY, "POST", answers=frozenset({422})),
    "manage/penalties": Door(FILES),
    "manage/penalties/export": Door(FILES),
    "manage/penalties/<int:penalty_id>/<slug:what>": nobodys(FILES),
    "manage/ledger": Door(POLICY),
    "manage/articles": Door(POLICY),
    "manage/new-article": Door(POLICY),
    "manage/articles/<int:article_id>": nobodys(POLICY, "GET"),
    "manage/articles/<int:article_id>/<slug:what>": nobodys(POLICY),
    "manage/articles/questions/<int:question_id>/settle": nobodys(POLICY),
    "manage/claim-rules": Door(POLICY),
    "manage/claim-rules/<slug:what>": nobodys(POLICY),
}
DOORS = {**_CASES, **_DESK, **_MANAGE}
