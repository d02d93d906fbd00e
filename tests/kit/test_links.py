"""Private links, keys and tickets."""

import pytest
import time_machine
from django.core import signing

from yishi.kit.ids import new_key, private_token, token_hash
from yishi.kit.live import make_ticket, read_ticket


def test_a_private_link_is_always_the_same_and_its_stored_form_opens_nothing():
    token = private_token("case", "2611220042")
    assert token == private_token("case", "2611220042") != private_token("case", "2611220043")
    assert len(token) == 22
    assert token.encode() not in token_hash(token)


def test_keys_have_the_promised_shape():
    assert new_key().startswith("yk_")
    assert len(new_key()) == 3 + 43


def test_a_ticket_names_its_topics():
    assert read_ticket(make_ticket(topics=["case:1"], viewer="user:1")) == ["case:1"]


def test_a_forged_ticket_is_refused():
    ticket = make_ticket(topics=["case:1"], viewer="user:1")
    with pytest.raises(signing.BadSignature):
        read_ticket(ticket[:-1] + ("a" if ticket[-1] != "a" else "b"))


def test_a_ticket_is_good_for_a_minute():
    with time_machine.travel("2026-11-22T06:00:00Z", tick=False) as clock:
        ticket = make_ticket(topics=["case:1"], viewer="user:1")
        clock.shift(59)
        assert read_ticket(ticket) == ["case:1"]
        clock.shift(2)
        with pytest.raises(signing.SignatureExpired):
            read_ticket(ticket)
