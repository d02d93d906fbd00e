"""What each kind of move does in a turn: ask, confirm, do, prove, offer choices, hand over."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from yishi.assistant.actions import answering, changing, pickup_record, telling
from yishi.assistant.actions.course import Course, Reply, keep_miss, policy_of, shown, talk_of
from yishi.assistant.actions.handing import hand_on
from yishi.assistant.actions.proving import send_code_to
from yishi.assistant.actions.telling import Done, Talk
from yishi.assistant.queries.policies import policies, texts
from yishi.assistant.rules.dialogue import (
    after_tool,
    begin,
    go_on,
    next_of_later,
)
from yishi.assistant.rules.moves import Kind, Move, Policy, Waiting
from yishi.cases.queries.talks import case_of_conversation
from yishi.consignees.queries import phone_of_proof
from yishi.conversations.actions.hand import know_of

TOOLS: Mapping[str, Callable[[Talk], Done]] = {
    tool.__name__: tool
    for tool in (
        telling.explain_state,
        telling.find_parcels,
        pickup_record.tell_pickup,
        telling.tell_outlet,
        telling.report_progress,
        telling.estimate_compensation,
        telling.say_only,
        answering.answer_from_articles,
        changing.open_case,
        changing.rebook,
        changing.intercept,
        changing.extend_custody,
        changing.set_preference,
        changing.add_to_case,
        changing.book_pickup,
        changing.call_back,
    )
}


def _ask(course: Course, move: Move) -> Move | None:
    if move.name == "parcel":
        return _ask_parcel(course)
    policy, language = policy_of(course), course.language
    course.say(policy.asks.get(move.name) or texts()[f"ask_{move.name}"])
    if move.name == "wish":
        kinds = ("NO_LOCKER", "NO_STATION", "DOOR")
        course.offer({texts()[f"wish_{kind}"][language]: f"slot:wish:{kind}" for kind in kinds})
    return None


def _ask_parcel(course: Course) -> Move | None:
    """Whoever named several, or has proven his phone, chooses; else the number is asked for."""
    slots, said = course.state.slots, texts()
    if slots.get("parcels"):
        found = telling.name_parcels(talk_of(course))
    elif course.state.is_proven and not slots.get("listed"):
        course.state = replace(course.state, slots={**slots, "listed": "1"})
        found = telling.find_parcels(talk_of(course))
    else:
        course.say(said["ask_parcel"])
        course.offer({said["option_human"][course.language]: "human"})
        return None
    if found.outcome == "one":
        slots = {**course.state.slots, "parcel": found.parcels[0], "parcels": ""}
        course.say(said["your_parcel"], found.values)
        return go_on(policies(), replace(course.state, slots=slots, waiting=None))
    if found.outcome == "many":
        course.told.append("name_parcels:many")
        course.say(said["which_parcel"], found.values)
        course.offer({number: f"slot:parcel:{number}" for number in found.parcels})
        return None
    course.say(said["none_of_them" if slots.get("parcels") else "no_parcel"])
    course.offer({said["option_human"][course.language]: "human"})
    return None


def _confirm(course: Course, move: Move) -> Move | None:
    values = {**shown(course), **_parcel_values(course)}
    if (
        course.state.slots.get("parcel")
        and "waybill_no" not in values
        and "parcel" in policy_of(course).needs
    ):
        _unknown(course)
        return None
    course.say(policy_of(course).confirm, values)
    said = texts()
    course.offer({said["option_yes"][course.language]: "yes", said["option_no"][course.language]: "no"})
    return None


def _parcel_values(course: Course) -> Mapping[str, str]:
    talk = talk_of(course)
    parcel = telling.parcel_of(talk)
    return telling.values_of(parcel, talk) if parcel is not None else {}


def _do(course: Course, move: Move) -> Move | None:
    policy = policy_of(course) if course.state.intent else policies()["other"]
    done = TOOLS[move.name](talk_of(course))
    course.told.append(f"{move.name}:{done.outcome}")
    if done.action:
        course.actions.append({"name": done.action, "ok": done.is_ok, "ref": done.ref})
    course.say(policy.says.get(done.outcome) or texts()[done.outcome], {**shown(course), **done.values})
    course.show(telling.drawn(move.name, done, course.state.slots.get("parcel", "")))
    if done.outcome == "unknown" and not done.is_done:
        _ask_again_for(course, "parcel" if "parcel" in policy.needs else "address")
        return None
    if done.action == "open_case" and done.ref:
        course.state = replace(course.state, slots={**course.state.slots, "case_no": done.ref})
    course.state = after_tool(policies(), course.state, outcome=done.outcome, is_done=done.is_done)
    later, rest = next_of_later(course.state)
    if later:
        return begin(policies(), replace(rest, waiting=None), later)
    course.offer(_offers(course, policy, is_done=done.is_done))
    return None


def _unknown(course: Course) -> None:
    """A number that nobody knows is asked for again, and does not stay."""
    course.say(texts()["unknown"], {"waybill_no": course.state.slots.get("parcel", "")})
    _ask_again_for(course, "parcel")


def _ask_again_for(course: Course, name: str) -> None:
    slots = {k: v for k, v in course.state.slots.items() if k != name}
    course.state = replace(course.state, slots=slots, waiting=Waiting("SLOT", name))
    course.offer({texts()["option_human"][course.language]: "human"})


def _offers(course: Course, policy: Policy, *, is_done: bool) -> dict[str, str]:
    said, language = texts(), course.language
    offers = {policies()[o[7:]].title[language]: o for o in policy.offers if o.startswith("intent:")}
    if is_done and policy.checks:
        course.say(said["check"])
        offers[said["option_settled"][language]] = "settled"
    offers[said["option_human"][language]] = "human"
    return offers


def _send_code(course: Course, move: Move) -> Move | None:
    sent = send_code_to(
        course.state.slots["phone"], asker=course.talk.id, language=course.talk.language, at=course.at
    )
    course.say(texts()[sent.outcome], sent.values)
    if sent.code_id:
        slots = {**course.state.slots, "code_id": sent.code_id}
        course.state = replace(course.state, slots=slots, waiting=Waiting("CODE"))
    else:
        slots = {k: v for k, v in course.state.slots.items() if k != "phone"}
        course.state = replace(course.state, slots=slots, waiting=Waiting("SLOT", "phone"))
    return None


def _check_code(course: Course, move: Move) -> Move | None:
    checked = course.checked
    if checked is None:
        return _say(course, replace(move, name="wrong_code"))
    if not checked.proof:
        course.say(texts()[checked.outcome])
        if checked.is_over:
            slots = {k: v for k, v in course.state.slots.items() if k not in ("phone", "code_id")}
            course.state = replace(course.state, slots=slots, waiting=Waiting("SLOT", "phone"))
        return None
    slots = {k: v for k, v in course.state.slots.items() if k not in ("code_id", "code")}
    # the phone that the code went to, whatever else was named meanwhile
    slots = {**slots, "proof": checked.proof, "phone": phone_of_proof(checked.proof)}
    know_of(conversation_id=course.talk.id, is_proven=True, contact_id=checked.contact_id, at=course.at)
    course.say(texts()["proven"])
    return go_on(policies(), replace(course.state, slots=slots, is_proven=True, waiting=None))


def _choices(course: Course, move: Move) -> Move | None:
    keep_miss(course, "not_sure")
    known = [each for each in move.intents if each in policies()][:3]
    if answering.answer_from_articles(talk_of(course)).outcome == "found":
        course.replies.append(Reply(course.reading.answer))
    course.say(texts()["not_sure" if known else "not_understood"])
    titles = {policies()[each].title[course.language]: f"intent:{each}" for each in known}
    course.offer({**titles, texts()["option_human"][course.language]: "human"})
    return None


def _say(course: Course, move: Move) -> Move | None:
    course.say(texts()[move.name])
    return None


def _shown_file(course: Course, move: Move) -> Move | None:
    """A picture, a voice or a file without words: proof of an open case of this talk, else asked about."""
    case = case_of_conversation(course.talk.id)
    said, kind = texts(), move.name.lower()
    if case is not None and case.is_open:
        done = changing.add_to_case(talk_of(course))
        course.actions.append({"name": done.action, "ok": done.is_ok, "ref": done.ref})
        course.told.append("add_to_case:added")
        course.say(said["added"], done.values)
    elif course.state.waiting is not None and course.state.waiting.kind == "CONFIRM":
        course.say(said["got_for_case"])
        return _confirm(course, move)
    elif course.state.intent and course.state.waiting is not None:
        course.say(said["got_for_case"])
        return go_on(policies(), course.state)
    else:
        course.say(said.get(f"got_{kind}") or said["got_file"])
        ways = ("damaged", "wrong_item_or_short", "track_parcel")
        course.offer({policies()[each].title[course.language]: f"intent:{each}" for each in ways})
    return None


def _settled(course: Course, move: Move) -> Move | None:
    course.say(texts()["settled"])
    course.is_over = True
    return None


STEPS: Mapping[Kind, Callable[[Course, Move], Move | None]] = {
    Kind.ASK: _ask,
    Kind.CONFIRM: _confirm,
    Kind.DO: _do,
    Kind.SEND_CODE: _send_code,
    Kind.CHECK_CODE: _check_code,
    Kind.CHOICES: _choices,
    Kind.SAY: _say,
    Kind.SETTLED: _settled,
    Kind.SHOWN: _shown_file,
    Kind.HAND_OVER: hand_on,
}
