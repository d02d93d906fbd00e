"""`yishi assistant chat`: talk to the assistant in the terminal, as a person on our page would."""

import sys

from yishi.cli.installation import say


def talk(*, waybill_no: str, proven_phone: str, language: str) -> None:
    """Reads lines until the input ends; every message and answer stands in the record like any other."""
    from yishi.assistant.actions.turn import prove, take_turn
    from yishi.assistant.queries.model import build_release
    from yishi.conversations.actions.begin import Person, begin_conversation
    from yishi.conversations.actions.receive import receive
    from yishi.conversations.queries.threads import get_conversation
    from yishi.conversations.rules import Channel
    from yishi.kit.clock import now
    from yishi.kit.errors import Refusal

    build_release()
    begun = begin_conversation(
        person=Person(channel=Channel.WEB),
        at=now(),
        language=language,
        entry_point="terminal",
        waybill_no=waybill_no,
    )
    if proven_phone:
        prove(conversation_id=begun.id, proof=_proof_of(proven_phone), at=now())
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            received = receive(conversation_id=begun.id, text=line, at=now())
            answered = take_turn(message_id=received.message_id, at=now())
        except Refusal as refused:
            say(refused.title)
            continue
        for reply in answered.replies:
            sys.stdout.write(reply.text + "".join(f" [{option}]" for option in reply.options) + "\n")
        for action in answered.actions:
            say(f"{action['name']} {action['ref']}")
        if answered.is_silent:
            say(get_conversation(begun.id).state)
        sys.stdout.flush()


def _proof_of(phone: str) -> str:
    """A proof without a message sent: for whoever may read the database anyway."""
    from yishi.consignees.actions.codes import check_code, issue_code
    from yishi.kit.clock import now

    issued = issue_code(phone=phone, at=now())
    return check_code(code_id=issued.code_id, code=issued.code, at=now())
