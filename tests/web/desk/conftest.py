"""A case on Dongshan's desk, and browsers of the people who may or may not see it."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.world import World
from yishi.cases.actions.assign import assign
from yishi.cases.actions.open import open_case
from yishi.cases.queries.cards import CaseCard, get_case
from yishi.kit.clock import now
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER

SAID = "上午我一直在家，没有人敲门也没有电话。"


def browser(user: User | None = None) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def open_at(
    outlet_id: int | None, *, text: str = SAID, contact_id: int | None = None, **values: object
) -> CaseCard:
    """A fresh case that stands with this outlet, nobody's yet."""
    opened = open_case(
        waybill_no="771200000017402",
        category="SIGNED_NOT_RECEIVED",
        text=text,
        contact_id=contact_id,
        by=None,
        at=now(),
        **values,
    )
    assign(
        case_id=opened.case_id,
        outlet_id=outlet_id,
        assignee_id=None,
        reason="签收扫描在这里",
        by=SYSTEM_VIEWER,
        at=now(),
    )
    return get_case(opened.case_id)


@pytest.fixture
def case(world: World) -> CaseCard:
    return open_at(world.dongshan_id, contact_id=world.contact_id)


@pytest.fixture
def fresh(case: CaseCard) -> Callable[[], CaseCard]:
    """The case as it stands now."""
    return lambda: get_case(case.id)


@pytest.fixture
def lin(world: World) -> Client:
    """Dongshan's agent."""
    return browser(world.lin)


@pytest.fixture
def he(world: World) -> Client:
    """Another outlet's agent."""
    return browser(world.he)
