"""Every address that names a thing × every role of strangers: 404, and nothing has changed.

`estate` builds one real thing of each kind. A word in an address that no table here knows fails the test, so
that a new kind of thing is never left out.
"""

import re

import pytest

from tests.security.case_doors import DOORS as CASE_DOORS
from tests.security.conftest import Watched, addresses, undone
from tests.security.doors import DOORS as FIRST_DOORS
from tests.security.estate import build
from tests.web.desk.conftest import browser, open_at
from tests.world import add_person
from yishi.people.rules import Role
from yishi.web.desk.claims import DEEDS as CLAIM_DEEDS
from yishi.web.desk.searching import _DEEDS as SEARCH_DEEDS

DOORS = {**FIRST_DOORS, **CASE_DOORS}

# one person's own, even among colleagues
OF_PERSON = {
    "reminder_id",
    "uuid:key",
    "export_id",
    "view_id",
    "reply_id",
    "macro_id",
    "run_id",
    "member_id",
    "slip_id",
}
OF_OUTLET = {
    "case_no", "waybill_no", "file_id", "task_id", "entry_id", "handover_id", "pack_id", "penalty_id",
    "import_id", "outlet", "shift_id", "user_id", "policy_id", "outlet_id", "webhook_id", "key_id",
    "difference_id", "person_id", "conversation_id", "call_back_id", "talk_file_id", "held_id",
    "recording_id", "booking_id", "list_id", "station", "keeper_id",
}  # fmt: skip
# the whole operator's: nobody whose sight ends at one outlet may turn it
OF_OPERATOR = {
    "source", "raw_id", "complaint_id", "rule_id", "setting_id", "slug:key", "level", "limit_id", "law_id",
    "code", "article_id", "question_id", "miss_id", "phrase_id", "version_no",
    "training_id", "closed_id",
}  # fmt: skip
# says what is done, not to which thing
DEEDS = {"slug:what", "str:what", "path:address"}

CASE = "desk/cases/<str:case_no>"
VERBS = {
    f"{CASE}/claim/<slug:what>": CLAIM_DEEDS,
    f"{CASE}/looking/<slug:what>": SEARCH_DEEDS,
    f"{CASE}/regulator/<slug:what>": ("notice", "lift"),
    f"{CASE}/keep/<str:what>": ("trace", "contacts"),
    "manage/penalties/<int:penalty_id>/<slug:what>": ("appeal", "result", "void"),
    "manage/webhooks/<int:webhook_id>/<slug:what>": ("pause", "resume", "again", "remove"),
    "manage/channels/<slug:code>/change/<slug:what>": ("settings", "pause", "resume", "address"),
    "manage/rules/<int:rule_id>/<slug:what>": ("try", "live", "end"),
    "manage/articles/<int:article_id>/<slug:what>": ("withdraw", "restore"),
    "manage/detection/<int:setting_id>/<slug:what>": ("try", "live", "end"),
    "manage/feeds/<slug:source>/change/<slug:what>": ("settings", "pause", "expect", "ask"),
}
# what every form could want, so that a leak would not hide behind a field that is missing
SAID = {
    "reason": "顾客来电", "text": "在找", "title": "去看看", "why": "不用了", "amount": "10.00",
    "result": "UPHELD", "left": "0", "state": "DONE", "what": "accept", "name": "我的", "scope": "PERSONAL",
    "body": "在找了", "do": "tag", "tag_tag": "急", "place": "OUTLET_FLOOR", "category": "DELAY",
    "outlet": "JN01", "starts": "09:00", "ends": "18:00", "weekday": "1", "way": "into", "note": "晚一天",
    "asked": "RETURN", "reference": "W1", "is_there": "no", "said": "没有", "received_at": "2026-11-20T08:00",
}  # fmt: skip


@pytest.fixture
def estate(place, world):
    return build(world, place.file_id)


def somebody(name, role, outlet):
    return add_person(name, name, role, outlet)


@pytest.fixture
def strangers(world):
    """People of Jiangning by role; the last ones see no more of Dongshan for being of head office's kind."""
    return {
        "agent": world.he,
        "manager": somebody("jiang", Role.OUTLET_MANAGER, "JN01"),
        "quality": somebody("jnzhikong", Role.QUALITY, "JN01"),
        "operator": somebody("jnyunwei", Role.OPERATOR, "JN01"),
        "owner": somebody("jnlaoban", Role.OWNER, "JN01"),
    }


@pytest.fixture
def colleagues(world):
    """People of Dongshan and of the whole operator: what is one person's own is not theirs."""
    mate = somebody("chen", Role.AGENT, "DS01")
    return {"agent": mate, "manager": world.zhou, "quality": world.quality, "owner": world.owner}


def words_of(pattern):
    """What an address names, as the tables above write it."""
    parts = re.findall(r"<(\w+:(\w+))>", pattern)
    return {whole if whole in OF_PERSON | OF_OPERATOR | DEEDS else name for whole, name in parts} - DEEDS


def named():
    """Addresses of staff that name a thing."""
    return [a for a in addresses() if a.startswith(("desk/", "manage/")) and words_of(a)]


def address_of(pattern, estate, place, case_no=""):
    """The address of Dongshan's thing; what is done to it is still open."""
    values = {
        **estate.numbers,
        "case_no": case_no or (estate.order_no if "/there/" in pattern else estate.case_no),
        "import_id": place.import_id,
        "raw_id": place.raw_id,
        "source": "lost",
        "code": "sto",
        "uuid:key": estate.numbers["bulk"],
        "user_id": estate.numbers["keeper_id" if "/keepers/" in pattern else "user_id"],
        # what is refused by role, whatever stands behind it
        **dict.fromkeys(("slug:key", "level", "limit_id", "law_id", "complaint_id"), "1"),
        **dict.fromkeys(("miss_id", "phrase_id", "version_no", "training_id", "closed_id"), "1"),
    }
    for whole, name in re.findall(r"<(\w+:(\w+))>", pattern):
        known = values.get(whole, values.get(name))
        if known is not None:
            pattern = pattern.replace(f"<{whole}>", str(known))
    return f"/{pattern}"


def doors(estate, place, patterns, case_no=""):
    """(pattern, address, form), one for each deed that the pattern knows."""
    for pattern in patterns:
        address, said = address_of(pattern, estate, place, case_no), said_at(pattern, estate)
        for verb in VERBS.get(pattern, ("",)):
            yield pattern, re.sub(r"<\w+:what>", verb, address), said


def said_at(pattern, estate):
    said = {name: value() if callable(value) else value for name, value in DOORS[pattern].said.items()}
    numbers = {
        "macro": "macro_id",
        "courier": "courier",
        "recovery": "recovery",
        "arbitration": "arbitration",
        "place_id": "place",
    }
    own = {name: estate.numbers[word] for name, word in numbers.items()}
    own |= {"case": estate.case_no, "other": estate.order_no}
    more = {"what": "join"} if pattern.endswith("/party") else {}
    return {**SAID, **said, **own, **more}


def knock(client, address, said):
    """What GET and POST answer; 405 where a page has only one of them."""
    return {client.get(address, said).status_code, client.post(address, said).status_code} - {405}


def wrong_answers(people, wanted, found):
    """Knocks at each door as each of these people: what came that was not wanted, and what was changed."""
    clients = {role: browser(user) for role, user in people.items()}
    watched, wrong = Watched(), []
    for pattern, address, said in found:
        for role, client in clients.items():
            answers = knock(client, address, said)
            if not answers or not answers <= wanted(pattern, role):
                wrong.append((address, role, answers))
        if changed := watched.changed():
            wrong.append((address, changed))
    return wrong


def none_of(wrong):
    assert not wrong, "\n".join(map(str, wrong))


def of_outlets(pattern, role):
    """404 for whose role has the page. Head office's roles with one outlet's sight may be refused by role."""
    return {403, 404} if role in {"quality", "operator", "owner"} else refusal(pattern, role)


def refusal(pattern, role):
    return {404} if role in DOORS[pattern].roles else {403}


def test_every_word_in_an_address_is_known():
    known = OF_PERSON | OF_OUTLET | OF_OPERATOR
    found = [a for a in addresses() if a.startswith(("desk/", "manage/"))]
    assert {word for address in found for word in words_of(address)} - known == set()


def test_people_of_another_outlet_find_nothing(place, estate, strangers):
    found = doors(estate, place, named())
    none_of(wrong_answers(strangers, of_outlets, found))


def test_what_is_one_persons_own_is_not_his_colleagues(place, estate, colleagues):
    own = [a for a in named() if words_of(a) & OF_PERSON]
    # who sees the whole operator also sees what was handed in of work orders
    runs = [a for a in own if "run_id" in a]
    people = {role: colleagues[role] for role in ("agent", "manager")}
    none_of(wrong_answers(people, refusal, doors(estate, place, runs)))
    none_of(wrong_answers(colleagues, refusal, doors(estate, place, set(own) - set(runs))))


def test_a_foreign_thing_is_not_reached_through_a_case_of_ones_own(place, estate, strangers, world):
    own = open_at(world.jiangning_id)
    mine = [a for a in named() if words_of(a) > {"case_no"}]
    people = {role: strangers[role] for role in ("agent", "manager")}
    none_of(wrong_answers(people, refusal, doors(estate, place, mine, case_no=own.case_no)))


def test_the_things_are_there(place, estate, world):
    """What is refused above opens for whom it belongs to: no number here is nobody's."""
    holders = [browser(world.lin), browser(world.zhou), browser(world.owner)]
    owned = [a for a in named() if words_of(a) & (OF_PERSON | OF_OUTLET)]
    shut = []
    for pattern, address, said in doors(estate, place, owned):
        with undone():
            if not any(knock(client, address, said) - {403, 404} for client in holders):
                shut.append((pattern, address))
    assert not shut, "\n".join(map(str, shut))
