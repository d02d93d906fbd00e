"""Which conversation a message continues, and where one stands after somebody wrote."""

from datetime import UTC, datetime, timedelta

import pytest

from yishi.conversations.rules import (
    AnswerWindow,
    Deed,
    Did,
    State,
    Thread,
    moves_on,
    state_after_writing,
    thread_of,
    why_no_answer,
)

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def thread(number, state="WITH_AGENT", ago=HOUR, waybill="", found_by="ADDRESS"):
    return Thread(number, state, AT - ago, waybill, found_by)


@pytest.mark.parametrize(
    ("threads", "waybill", "continues"),
    [
        ([], "", None),
        ([thread(1)], "", 1),
        ([thread(1, "ENDED", 72 * HOUR)], "", 1),
        ([thread(1, "ENDED", 72 * HOUR + timedelta(seconds=1))], "", None),
        ([thread(1, waybill="YT1")], "YT2", None),
        ([thread(1, waybill="YT1")], "YT1", 1),
        ([thread(1)], "YT2", 1),
        ([thread(1, "ENDED"), thread(2, "QUEUED", 5 * HOUR)], "", 2),
        ([thread(1), thread(2, ago=2 * HOUR)], "", 1),
        ([thread(1, "ENDED", 500 * HOUR, found_by="REPLY"), thread(2)], "", 1),
        ([thread(1, found_by="PERSON")], "", None),
        ([thread(1, waybill="YT1", found_by="PERSON")], "YT1", 1),
    ],
)
def test_a_message_continues_its_matter(threads, waybill, continues):
    found = thread_of(threads, waybill_no=waybill, at=AT)
    assert (found and found.conversation_id) == continues


@pytest.mark.parametrize(
    ("before", "has_agent", "is_assisted", "after"),
    [
        ("ASSISTANT", False, True, State.ASSISTANT),
        ("QUEUED", False, True, State.QUEUED),
        ("WITH_AGENT", True, True, State.WITH_AGENT),
        ("ENDED", False, True, State.ASSISTANT),
        ("ENDED", True, True, State.QUEUED),
        ("ENDED", False, False, State.QUEUED),
    ],
)
def test_the_assistant_is_silent_once_a_person_had_it(before, has_agent, is_assisted, after):
    assert state_after_writing(before, has_agent=has_agent, is_assisted=is_assisted) is after


def test_receipts_come_in_any_order():
    assert moves_on("QUEUED", "SENT") and moves_on("SENT", "READ")
    assert not moves_on("READ", "DELIVERED") and not moves_on("DELIVERED", "DELIVERED")


_WINDOWS = (
    AnswerWindow(Did.WROTE, timedelta(hours=48), 5),
    AnswerWindow(Did.PRESSED, timedelta(minutes=1), 3),
)


@pytest.mark.parametrize(
    ("wrote", "pressed", "reason"),
    [
        (None, None, "window_over"),
        ((48 * 60, 4), None, ""),
        ((48 * 60 + 1, 0), None, "window_over"),
        ((1, 5), None, "answers_over"),
        (None, (1, 2), ""),
        (None, (2, 0), "press_window_over"),
        (None, (1, 3), "press_answers_over"),
        ((48 * 60 + 1, 0), (1, 0), ""),
        ((1, 5), (0, 2), ""),
        ((60, 5), (2, 0), "answers_over"),
        ((48 * 60 + 1, 0), (2, 0), "press_window_over"),
    ],
)
def test_a_channel_takes_answers_while_a_window_is_open(wrote, pressed, reason):
    given = {Did.WROTE: wrote, Did.PRESSED: pressed}
    deeds = {did: Deed(AT - timedelta(minutes=one[0]), one[1]) for did, one in given.items() if one}
    assert why_no_answer(_WINDOWS, deeds, at=AT) == reason
    assert why_no_answer((), deeds, at=AT) == ""
