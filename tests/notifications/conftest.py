"""A case with a contact, and gateways chosen by the test."""

import dataclasses

import pytest

from tests.world import START
from yishi.cases.actions.open import open_case
from yishi.consignees.actions.contacts import keep_contact


@pytest.fixture
def gateways(settings, tmp_path):
    """Sets where mail and messages go; `log:` unless told otherwise."""

    def choose(email_url="log:", sms_url="log:"):
        settings.ENVIRONMENT = dataclasses.replace(
            settings.ENVIRONMENT, home=tmp_path, email_url=email_url, sms_url=sms_url
        )
        return tmp_path / "outbox"

    return choose


def a_case(*, phone="19900000001", email="", language="zh-hans", at=START, category="DELAY", **more):
    contact_id = keep_contact(phone=phone, email=email, at=at)
    return open_case(
        waybill_no="YT0001",
        category=category,
        text="还没到",
        contact_id=contact_id,
        language=language,
        by=None,
        at=at,
        **more,
    )
