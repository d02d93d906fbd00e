"""Every address without an account that names a thing × everything that is no permission there: 404, and
nothing has changed. A private link is the whole permission to one case, and to nothing besides.

A word in an address, a verb or an operation that no table here knows fails the test, so that a new kind of
thing is never left out.
"""

import json
import re
import uuid

import pytest

from tests.security.conftest import Watched, addresses, database_print, operations, undone
from tests.security.consumers import person
from tests.security.probing import anybody
from tests.web.consumer.conftest import take_road
from tests.world import START
from yishi.conversations.queries.threads import list_messages
from yishi.kit.clock import now
from yishi.knowledge.actions.articles import Text, save_article, withdraw_article
from yishi.web.consumer.views.acts import _ACTS as ACTS

API = "api/v1/public/"
# what a word in an address stands for: (how the address begins, the word)
KINDS = {
    ("a/", "token"): "ahead",
    ("c/", "token"): "case",
    ("p/", "token"): "pickup",
    ("pickup/", "token"): "proxy",
    ("c/", "case_token"): "case",
    ("c/", "file_id"): "photo",
    ("chat/", "token"): "talk",
    ("chat/", "file_id"): "file",
    ("mine/", "code_id"): "code",
    (f"{API}calls/", "notice_id"): "call",
    (f"{API}calls/", "token"): "call_key",
    (f"{API}cases/", "token"): "case",
    (f"{API}chat/", "chat_token"): "talk",
    (f"{API}codes/", "code_id"): "code",
    ("s/", "token"): "shipper",
    ("help/", "slug"): "article",
    ("help/", "topic"): "article",
    ("poster/", "outlet_code"): "outlet",
    # told to everybody who knows the number; what is told to its own people only is knocked at below
    ("t/", "waybill_no"): "number",
    (f"{API}shipments/", "waybill_no"): "number",
    # says what is done, not to which thing
    ("c/", "verb"): "verb",
}
PUSHED = ("feeds/", "channels/", "work-orders/")
"""Addresses of programs that push (`test_foreign_things_of_programs`)."""

# what every form could want, so that a leak would not hide behind a field that is missing
SAID = {
    "text": "在等", "reason": "等太久", "score": "5", "comment": "好", "channel": "NONE", "email": "",
    "quiet_from": "21", "quiet_until": "8", "phone": "19900000009", "code": "135790", "helped": "yes",
    "word": "好", "version": "1",
}  # fmt: skip
BODIES = {
    "replies": {"text": "在等"},
    "escalate": {"reason": "等太久"},
    "withdraw": {"reason": "不用了"},
    "reopen": {"reason": "还没好"},
    "urge": {},
    "evidence": {},
    "notices": {"channel": "NONE"},
    "rating": {"score": 5},
    "accept": {"proposal": 0},
    "dispute": {"proposal": 0, "reason": "太少"},
    "messages": {"text": "在吗"},
    "<token>": {"state": "busy"},
    "<code_id>": {"code": "135790"},
}


@pytest.fixture(autouse=True)
def in_service_hours(time_machine):
    """At night the assistant offers a call instead of a person."""
    time_machine.move_to(START, tick=False)


@pytest.fixture
def mine(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return person(world, 1)


@pytest.fixture
def theirs(world, mine):
    return person(world, 2)


def named():
    """Addresses without an account that name something."""
    # a courier signs in, a keeper too: tests/web/courier/test_round.py, tests/web/station/test_queue_pages.py
    staff = ("desk/", "manage/", "courier/", "station/")
    # a machine has a key: tests/web/station/test_stock_pages.py
    ours = [a for a in addresses() if not a.startswith((*staff, "station-devices/", *PUSHED))]
    return [a for a in ours if "<" in a and (not a.startswith("api/") or a.startswith(API))]


def words_of(pattern):
    """(word as it stands in the pattern, what it stands for)."""
    found = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    begins = [(begin, word) for word in found for begin, known in KINDS if known == word]
    kinds = {word: KINDS[begin, word] for begin, word in begins if pattern.startswith(begin)}
    return [(word, kinds.get(word, "?")) for word in found]


def filled(pattern, values, **other):
    """The address with what is one's own, but for `other`."""
    for word, kind in words_of(pattern):
        value = other.get(kind, getattr(values, kind, None))
        if value is not None:
            pattern = re.sub(rf"<(\w+:)?{word}>", str(value), pattern)
    return f"/{pattern}"


def doors(pattern, address, said):
    """What can be sent there: (method, address, what)."""
    if pattern.startswith(API):
        for method, path in operations():
            if f"api/v1{path}".replace("{", "<").replace("}", ">") == pattern:
                end = pattern.rpartition("/")[2]
                yield method, address, None if method == "GET" else BODIES[end]
        return
    for verb in ACTS if "<str:verb>" in pattern else [""]:
        to = address.replace("<str:verb>", verb)
        yield from (("GET", to, said), ("POST", to, said))


def knock(method, address, said):
    """The answer to somebody without an account, at an address of his own."""
    if address.startswith("/api/"):
        body = "" if said is None else json.dumps(said)
        return anybody().generic(method, address, body, "application/json")
    # a way back to a page that then is not there tells nothing
    return anybody().get(address, said, follow=True) if method == "GET" else anybody().post(address, said)


def no_permission(kind, mine, theirs):
    """What may stand at a word of this kind and opens nothing: things of other kinds, and things of his."""
    someone = [str(uuid.uuid4())]
    if kind in {"photo", "file"}:
        own = [mine.inside, mine.file] if kind == "photo" else [mine.photo, mine.held]
        return [getattr(theirs, kind), *own, *someone]
    if kind == "code":
        return [mine.photo, theirs.file, *someone]
    token = getattr(theirs, kind)
    other = theirs.talk if kind == "case" else theirs.case
    near = [token[:-1], f"{token}A", token.swapcase(), token[::-1]]
    return [other, theirs.case_no, theirs.case_id, theirs.talk_id, theirs.waybill_no, *near, *someone]


SECRET = {"shipper", "case", "talk", "code", "photo", "file", "ahead", "call_key", "pickup", "proxy"}
# the form for a code is shown to everybody alike; what is typed into it is refused
ALIKE = {("mine/<uuid:code_id>", "GET"): {200}, ("mine/<uuid:code_id>", "POST"): {409}}


def test_every_word_in_an_address_without_an_account_is_known():
    assert [(a, word) for a in named() for word, kind in words_of(a) if kind == "?"] == []


def test_nothing_but_the_token_itself_opens_a_thing(mine, theirs):
    watched, wrong = Watched(), []
    for pattern in named():
        for kind in {kind for _word, kind in words_of(pattern)} & SECRET:
            wrong += opened_by(pattern, kind, mine, theirs)
            if changed := watched.changed():
                wrong.append((pattern, kind, changed))
    assert not wrong, "\n".join(map(str, wrong))


def opened_by(pattern, kind, mine, theirs):
    """What was answered otherwise than with 404, or 405 where a page has only the other method."""
    for value in no_permission(kind, mine, theirs):
        for method, to, said in doors(pattern, filled(pattern, mine, **{kind: value}), SAID):
            status = knock(method, to, said).status_code
            if status not in ALIKE.get((pattern, method), {404, 405}):
                yield method, to, status


def test_ones_own_opens(mine, theirs):
    """What is refused above opens for whoever holds it: no value here is nobody's."""
    shut = []
    for pattern in named():
        if {kind for _word, kind in words_of(pattern)} & SECRET:
            with undone():
                found = doors(pattern, filled(pattern, mine), {**SAID, "proposal": mine.proposal})
                if all(knock(*one).status_code in {404, 405} for one in found):
                    shut.append(pattern)
    assert not shut


@pytest.mark.parametrize("what", ["accept", "dispute"])
def test_an_offer_to_somebody_else_is_not_answered_through_ones_own_link(mine, theirs, what):
    before = database_print()
    said = {"proposal": theirs.proposal, "reason": "太少"}
    assert knock("POST", f"/c/{mine.case}/{what}", said).status_code == 409
    body = said if what == "dispute" else {"proposal": theirs.proposal}
    assert knock("POST", f"/{API}cases/{mine.case}/proposal/{what}", body).status_code == 409
    assert database_print() == before


def test_no_mark_and_no_number_leads_into_another_talk(mine, theirs):
    (theirs_said,) = [line.text for line in list_messages(theirs.talk_id, for_person=True)]
    for address in (
        f"/chat/{mine.talk}/lines?after={theirs.message_id - 1}.0",
        f"/chat/{mine.talk}/lines?after=0",
        f"/chat/{mine.talk}/transcript.txt",
        f"/{API}chat/{mine.talk}/messages?after={theirs.message_id - 1}",
        f"/c/{mine.case}",
    ):
        answer = knock("GET", address, {} if not address.startswith("/api/") else None)
        assert (address, answer.status_code) == (address, 200)
        told = answer.content.decode()
        assert theirs_said not in told and "第 2 只" not in told and theirs.file not in told
        assert theirs.photo not in told and mine.inside not in told and mine.held not in told


def test_the_same_key_of_somebody_else_begins_a_talk_of_his_own(world):
    """Programs number what they send alike; the answer holds the token of a talk."""
    tokens = [_begun(anybody()) for _ in range(2)]
    assert tokens[0] != tokens[1]
    one = anybody()
    assert _begun(one) == _begun(one), "sent again it is the same"


def _begun(client):
    headers = {"Idempotency-Key": "1"}
    answer = client.post(f"/{API}chat", {}, content_type="application/json", headers=headers)
    assert answer.status_code == 201
    return answer.json()["chat_token"]


def test_a_parcel_is_not_stopped_by_whose_it_is_not(world, theirs):
    take_road("771200000000077")
    before = database_print()
    for number in ("771200000000077", theirs.waybill_no):
        answer = anybody().post(f"/t/{number}/stop", {"asked": "INTERCEPT"})
        assert answer.status_code == 403
    assert database_print() == before


def test_what_is_written_for_staff_or_was_withdrawn_is_no_help(world):
    quality = world.viewer(world.quality)
    text = {"language": "zh-hans", "title": "赔多少", "body": "内部口径"}
    save_article(text=Text(slug="inside", audience="STAFF", **text), by=quality, at=now())
    gone = save_article(text=Text(slug="gone", **text), by=quality, at=now())
    withdraw_article(article_id=gone, why="过时", by=quality, at=now())
    before = database_print()
    for slug in ("inside", "gone", "nothing", "topics/CATS"):
        for method in ("GET", "POST"):
            assert knock(method, f"/help/{slug}", SAID).status_code in {404, 405}
    assert "内部口径" not in anybody().get("/help?q=赔多少").content.decode()
    assert anybody().get("/poster/NOWHERE.pdf").status_code == 404
    assert {t for t, mark in database_print().items() if mark != before[t]} <= {"knowledge_question"}
