"""What programs push to, answer and name in what they send: nothing of another's is reached by it.

Which key opens which operation stands in `test_api_doors`, with another merchant's webhook behind its rows.
"""

import re
import uuid

import pytest

from tests.api.conftest import Caller
from tests.security.conftest import addresses, database_print, photo
from tests.security.probing import anybody
from tests.web.desk.conftest import open_at
from tests.world import START
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.work_order_sources import add_order_source, renew_order_address
from yishi.conversations.actions.accounts import add_account
from yishi.feeds.actions.sources import add_source
from yishi.kit.clock import now
from yishi.kit.files import Upload, store_upload
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.routing.actions.handovers import offer

PUSHED = {
    "feeds/<str:source>/<str:key>": "feed",
    "channels/<str:code>/<str:key>": "channel",
    "work-orders/<str:source>/<str:key>": "orders",
}
BODY = b'{"waybill_no": "YT9900000000017", "text": "x"}'


@pytest.fixture
def pushed(world):
    """(code, key) of two of each kind: the secret address is the whole permission of who pushes."""
    by = {"by": SYSTEM_VIEWER, "at": START}

    def feed(code):
        return add_source(code=code, plugin="generic", settings={}, **by).rstrip("/").rpartition("/")[2]

    def channel(code):
        return add_account(code=code, plugin="wecom", settings={"webhook_key": "k"}, **by)[1]

    def orders(code):
        add_order_source(code=code, plugin="kuaidi100", filed_as="HQ", **by)
        return renew_order_address(code=code, **by).rstrip("/").rpartition("/")[2]

    made = {"feed": feed, "channel": channel, "orders": orders}
    codes = ("mine", "theirs")
    return {kind: [(code, key_of(code)) for code in codes] for kind, key_of in made.items()}


def test_every_address_that_is_pushed_to_has_its_row():
    staff = ("desk/", "manage/", "courier/", "station/")
    persons = ("a/", "s/", "c/", "t/", "p/", "pickup/", "chat/", "mine/", "help/", "poster/")
    open_to_all = (*staff, *persons, "api/")
    assert {a for a in addresses() if "<" in a and not a.startswith(open_to_all)} == set(PUSHED)


def test_a_key_opens_its_own_address_and_no_other(pushed):
    before = database_print()
    for pattern, kind in PUSHED.items():
        begins = pattern.partition("<")[0]
        (mine, key), (theirs, _other) = pushed[kind]
        foreign = [keys[0][1] for other, keys in pushed.items() if other != kind]
        tries = [(theirs, key), (mine, key[:-1]), (mine, f"{key}A"), (mine, "x"), ("nobody", key)]
        for code, tried in [*tries, *((mine, one) for one in foreign)]:
            for method in ("GET", "POST"):
                answer = anybody().generic(method, f"/{begins}{code}/{tried}", BODY, "application/json")
                assert answer.status_code in {404, 405}, (method, begins, code)
        assert anybody().post(f"/{begins}{mine}/nothing/{key}", BODY, "application/json").status_code == 404
    assert database_print() == before
    for pattern, kind in PUSHED.items():
        code, key = pushed[kind][0]
        address = f"/{pattern.partition('<')[0]}{code}/{key}"
        assert anybody().post(address, BODY, "application/json").status_code != 404


@pytest.fixture
def offered(world, settings, tmp_path):
    """A case of Dongshan that is offered to Jiangning, and proof of another case of Dongshan."""
    settings.MEDIA_ROOT = tmp_path
    case = open_at(world.dongshan_id)
    other = open_at(world.dongshan_id, text="另一件", source="HQ", external_no="X1")
    upload = Upload(name="a.jpg", content_type="image/jpeg", stream=photo())
    file_id = store_upload(upload=upload, retention_class="EVIDENCE", at=now()).id
    add_evidence(case_id=other.id, files=[file_id], by=SYSTEM_VIEWER, at=now())
    lin = world.viewer(world.lin)
    offer(case_id=case.id, outlet_id=world.jiangning_id, reason="他们扫的", by=lin, at=now())
    return case.case_no, str(file_id)


def test_proof_of_another_case_is_no_proof(world, offered):
    case_no, file_id = offered
    key = add_key(role=Role.AGENT, outlet_code="JN01", name="jn", by=SYSTEM_VIEWER, at=START)
    before = database_print()
    for shown in ([file_id], [str(uuid.uuid4())], []):
        said = {"reason": "不是我们的", "shown": shown}
        answer = Caller(key).post(f"/cases/{case_no}/handover/refuse", said)
        assert answer.status_code == 422, shown
    assert database_print() == before


@pytest.mark.parametrize("said", [{"user": "he"}, {"user": "nobody"}, {"outlet": "NOWHERE"}])
def test_a_case_is_not_given_to_whom_it_cannot_belong(world, said):
    case = open_at(world.dongshan_id)
    key = add_key(role=Role.AGENT, outlet_code="DS01", name="ds", by=SYSTEM_VIEWER, at=START)
    before = database_print()
    answer = Caller(key).post(f"/cases/{case.case_no}/assign", {"reason": "他在", **said})
    assert answer.status_code in {404, 422} and not re.search("何客服|江宁", answer.content.decode())
    assert database_print() == before
