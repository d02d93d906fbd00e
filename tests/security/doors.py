"""Every address of staff that existed with the first release, and those of work orders."""

from tests.security.conftest import PARCEL, photo
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
from tests.world import PASSWORD, PIN

FEED = "manage/feeds/<slug:source>"
IMPORT = "manage/imports/<int:import_id>"
STATIONS = frozenset({"manager", "operator", "owner"})
ORDERS = "manage/work-orders/sources/<slug:code>"
DOORS = {
    # the sign-in has tests of its own
    "desk/": Door(CARE),
    "desk/news": Door(CARE),
    "desk/live": Door(CARE),
    "desk/sign-out": Door(EVERYBODY, "POST"),
    "desk/me": Door(EVERYBODY),
    # 403: a PIN opens the machine to people of one outlet only
    "desk/switch": Door(EVERYBODY, "POST", {"username": "lin", "pin": PIN}, answers=frozenset({302, 403})),
    "desk/pin": Door(EVERYBODY, "POST", {"password": PASSWORD, "pin": "246802", "again": "246802"}),
    CASE: case_page(),
    f"{CASE}/news": case_page(),
    f"{CASE}/live": case_page(),
    f"{CASE}/reply": case_deed(text="在找"),
    f"{CASE}/note": case_deed(text="先打电话"),
    f"{CASE}/assign": case_deed(reason="他在场", user="", outlet=""),
    f"{CASE}/status": case_deed(status="IN_PROGRESS", reason="在办"),
    f"{CASE}/settle": case_deed(remedy="FOUND", text="找到了", validity="VALID", finding_reason="监控"),
    f"{CASE}/reopen": case_deed(409, reason="还没好"),  # it is not settled
    f"{CASE}/evidence": case_deed(files=photo),
    f"{CASE}/reveal": case_deed(200, reason="顾客来电"),
    "desk/files/<uuid:file_id>": Door(CARE, is_of_outlet=True),
    "desk/files/<uuid:file_id>/thumbnail": Door(CARE, is_of_outlet=True),
    "desk/parcels": Door(EVERYBODY),
    "desk/parcels/<str:waybill_no>": Door(EVERYBODY, is_of_outlet=True),
    # nobody took such a photo
    "desk/parcels/<str:waybill_no>/photos/<uuid:file_id>": Door(
        CARE, is_of_outlet=True, answers=frozenset({404})
    ),
    "desk/calls": Door(
        CARE, "POST", {"waybill_no": PARCEL, "category": "DELAY", "text": "慢", "phone": "19900000001"}
    ),
    "desk/<path:address>": Door(EVERYBODY, answers=frozenset({404})),
    "manage/<path:address>": Door(EVERYBODY, answers=frozenset({404})),
    "manage/": Door(KEEP),
    "manage/notices": Door(KEEP),
    "manage/silence": Door(KEEP),
    "manage/silence/export": Door(KEEP, "POST", {"reason": "月度复盘"}),
    "manage/promises": Door(POLICY),
    "manage/ahead": Door(POLICY),
    # nobody has that rule; who may not end one is not told
    "manage/promises/<int:rule_id>/end": Door(POLICY, "POST", answers=frozenset({404})),
    "desk/incidents": Door(CARE),
    "desk/risks": Door(CARE),
    "desk/weather": Door(FILES),
    "desk/events": Door(FILES),
    # nobody has declared one: there is no report
    "desk/events/report": Door(FILES, answers=frozenset({404})),
    "manage/risk": Door(POLICY),
    "manage/risk/train": Door(POLICY, "POST"),
    # nothing was learnt or published
    "manage/risk/withdraw": Door(POLICY, "POST", answers=frozenset({409})),
    "manage/risk/<int:training_id>": Door(POLICY, answers=frozenset({404})),
    "manage/risk/<int:training_id>/publish": Door(POLICY, "POST", answers=frozenset({404})),
    "manage/detection": Door(POLICY),
    "manage/detection/avoided": Door(POLICY),
    # nothing is compared
    "manage/detection/avoided/cases": Door(POLICY, answers=frozenset({404})),
    # nobody has that setting, either
    "manage/detection/<int:setting_id>/<slug:what>": Door(POLICY, "POST", answers=frozenset({404})),
    "manage/outlets": Door(KEEP),
    "manage/outlets/<str:outlet>/full-mode": Door(FEEDS, "POST", {"full_mode": "1"}),
    "manage/people": Door(KEEP),
    "manage/stations": Door(STATIONS),
    "manage/stations/<str:station>": Door(STATIONS, is_of_outlet=True),
    # 422: the form lacks a name
    "manage/stations/<str:station>/place": Door(FEEDS, "POST", answers=frozenset({422})),
    "manage/stations/<str:station>/keepers": Door(
        STATIONS, "POST", is_of_outlet=True, answers=frozenset({422})
    ),
    # that account is no keeper's
    "manage/stations/<str:station>/keepers/<int:keeper_id>/stop": Door(
        STATIONS, "POST", is_of_outlet=True, answers=frozenset({404})
    ),
    "manage/couriers": Door(frozenset({"manager", "operator", "owner"})),
    "manage/feeds": Door(KEEP),
    "manage/new-source": Door(FEEDS),
    FEED: Door(FEEDS),
    f"{FEED}/code": Door(FEEDS, answers=frozenset({404})),  # no code is named
    f"{FEED}/code/change": Door(FEEDS, "POST", {"code": "9", "meaning": "lost/", "reason": "对照文档"}),
    f"{FEED}/quarantine": Door(FEEDS, answers=frozenset({404})),  # no cause is named
    f"{FEED}/quarantine/try": Door(FEEDS, "POST", {"reason": "bad_json"}),
    f"{FEED}/address": Door(FEEDS, "POST"),
    f"{FEED}/change/<slug:what>": Door(FEEDS, "POST", {"reason": "对方换密钥"}),
    "manage/quarantine/<int:raw_id>/try": Door(FEEDS, "POST"),
    "manage/quarantine/<int:raw_id>/reveal": Door(frozenset({"owner"}), "POST", {"reason": "核对"}),
    "manage/quarantine/<int:raw_id>": Door(FEEDS),
    "manage/quarantine/<int:raw_id>/replay": Door(FEEDS, "POST"),
    "manage/quarantine/replay": Door(FEEDS, "POST", {"source": "lost", "reason": "bad_json"}),
    "manage/imports": Door(FILES),
    "manage/imports/people": Door(FILES),
    "manage/imports/records": Door(FILES),
    "manage/imports/people/<int:person_id>": Door(FILES, "POST", {"courier": "1"}, answers=frozenset({404})),
    IMPORT: Door(FILES, is_of_outlet=True),
    f"{IMPORT}/state": Door(FILES, is_of_outlet=True),
    f"{IMPORT}/refused.csv": Door(FILES, is_of_outlet=True),
    # 409: it has not been looked at yet
    f"{IMPORT}/confirm": Door(FILES, "POST", is_of_outlet=True, answers=frozenset({409})),
    f"{IMPORT}/undo": Door(FILES, "POST", {"reason": "错了"}, is_of_outlet=True, answers=frozenset({409})),
    f"{IMPORT}/drop": Door(FILES, "POST", is_of_outlet=True),
    # nobody has sent that complaint
    "manage/complaints/<int:complaint_id>/again": Door(FEEDS, "POST", answers=frozenset({404})),
    "manage/keys/<int:key_id>/revoke": Door(FEEDS, "POST"),
    # work orders of others: this case is nobody's, so that nothing can be entered anywhere
    "desk/work-orders": Door(CARE),
    "desk/work-orders/in": Door(CARE),
    "desk/work-orders/tick": Door(CARE, "POST"),
    "desk/work-orders/runs/<int:run_id>": Door(CARE | {"operator"}, answers=NOBODYS),
    "desk/work-orders/runs/<int:run_id>/state": Door(CARE | {"operator"}, answers=NOBODYS),
    "desk/work-orders/runs/<int:run_id>/confirm": Door(CARE, "POST", answers=NOBODYS),
    "desk/work-orders/runs/<int:run_id>/drop": Door(CARE, "POST", answers=NOBODYS),
    f"{CASE}/there/answer": Door(CARE, is_of_outlet=True, answers=NOBODYS),
    f"{CASE}/there/proofs": Door(CARE, is_of_outlet=True, answers=NOBODYS),
    f"{CASE}/there/tick": case_deed(409),
    f"{CASE}/there/untick": case_deed(409, reason="填错了"),
    f"{CASE}/there/send": case_deed(409),
    "manage/work-orders": Door(KEEP),
    "manage/work-orders/reconcile": Door(KEEP),
    "manage/work-orders/reconcile/again": Door(KEEP, "POST"),
    "manage/work-orders/reconcile/<int:difference_id>/note": Door(
        KEEP, "POST", {"note": "晚一天"}, answers=NOBODYS
    ),
    f"{ORDERS}": Door(KEEP, answers=NOBODYS),
    f"{ORDERS}/settings": Door(FEEDS, "POST", answers=NOBODYS),
    f"{ORDERS}/pause": Door(FEEDS, "POST", answers=NOBODYS),
    f"{ORDERS}/address": Door(FEEDS, "POST", answers=NOBODYS),
    f"{ORDERS}/word": Door(KEEP, "POST", answers=NOBODYS),
}
