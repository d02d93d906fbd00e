"""The assistant has something to do: noted in the same transaction, done by the worker outside of any."""

from datetime import timedelta

from yishi.assistant.actions.call_back import hear_number, offer_call_back
from yishi.assistant.actions.errands import ANSWER, SUMMARY, note_errand
from yishi.assistant.actions.language import SUMMARY as FOR_SUMMARY
from yishi.assistant.actions.language import is_on
from yishi.conversations.facts import ConversationQueued, MessageReceived

# on our own page the request answers; the worker only where it died
_REQUEST_FIRST = timedelta(seconds=10)


def on_message_received(fact: MessageReceived) -> None:
    """Who writes to the assistant gets an answer, whatever dies in between."""
    if fact.state == "QUEUED" and not fact.is_automatic:
        hear_number(message_id=fact.message_id, at=fact.at)
    if fact.state == "ASSISTANT" and not fact.is_automatic:
        wait = _REQUEST_FIRST if fact.channel == "WEB" else timedelta(0)
        note_errand(kind=ANSWER, subject_id=fact.message_id, due_at=fact.at + wait)


def on_conversation_queued(fact: ConversationQueued) -> None:
    """At night a call is offered; whoever takes over reads two sentences where a language model is set up."""
    offer_call_back(conversation_id=fact.conversation_id, at=fact.at)
    if is_on(FOR_SUMMARY):
        note_errand(kind=SUMMARY, subject_id=fact.conversation_id, due_at=fact.at)
