"""One message is written: the row, the conversation's times, the writer's and the nudge in one statement."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yishi.conversations.actions.hold import topics_of
from yishi.conversations.models.talk import Conversation
from yishi.conversations.rules import Author, MessageState
from yishi.kit.hot import hot_cursor
from yishi.kit.live import CHANNEL, words_of
from yishi.kit.personal import seal

# a repeat of the channel's own number writes nothing and returns no row
_WRITE = """
WITH written AS (
  INSERT INTO conversations_message (message_no, conversation_id, author_kind, author_id, participant_id,
      channel, account_id, kind, text, options, data, external_id, answers_id, is_automatic, state,
      failed_for, at, due_at)
  VALUES (%(message_no)s, %(conversation)s, %(author_kind)s, %(author)s, %(participant)s, %(channel)s,
      %(account)s, %(kind)s, %(text)s, %(options)s::jsonb, %(data)s::jsonb, %(external_id)s, %(answers)s,
      %(is_automatic)s, %(state)s, '', %(at)s, %(due_at)s)
  ON CONFLICT DO NOTHING
  RETURNING id),
wrote AS (
  UPDATE conversations_participant SET wrote_at = %(at)s, read_up_to = (SELECT id FROM written)
   WHERE id = %(participant)s AND EXISTS (SELECT 1 FROM written)),
moved AS (
  UPDATE conversations_conversation
     SET last_message_at = %(at)s, version = version + 1, state = %(new_state)s, channel = %(talk_channel)s,
         awaiting_since = %(awaiting_since)s, queued_at = %(queued_at)s, ended_at = %(ended_at)s,
         first_replied_at = %(first_replied_at)s, silent_at = %(silent_at)s,
         ended_for = %(ended_for)s
   WHERE id = %(conversation)s AND EXISTS (SELECT 1 FROM written)),
told AS (
  SELECT pg_notify(%(live)s, said) FROM unnest(%(said)s::text[]) AS said, written)
SELECT id, (SELECT count(*) FROM told) FROM written
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message about to be written. `participant_id` is who wrote or whom it goes to."""

    author_kind: Author
    kind: str
    text: str
    state: MessageState
    channel: str
    author_id: int | None = None
    participant_id: int | None = None
    account_id: int | None = None
    options: Sequence[Any] = ()
    data: Mapping[str, Any] | None = None
    external_id: str = ""
    answers_id: int | None = None
    is_automatic: bool = False
    due_at: datetime | None = None


def write_message(held: Conversation, line: Line, *, at: datetime) -> int | None:
    """Writes it with what `held` says now of state and times; None where the channel gave it before."""
    row = hot_cursor().execute(_WRITE, _values(held, line, at), prepare=True).fetchone()
    if row is None:
        return None
    held.version += 1
    held.last_message_at = at
    return int(row[0])


def _values(held: Conversation, line: Line, at: datetime) -> dict[str, Any]:
    return {
        "message_no": uuid.uuid4(),
        "conversation": held.pk,
        "author_kind": line.author_kind.value,
        "author": line.author_id,
        "participant": line.participant_id,
        "channel": line.channel,
        "account": line.account_id,
        "kind": line.kind,
        "text": seal(line.text),
        "options": json.dumps(list(line.options), ensure_ascii=False),
        "data": json.dumps(dict(line.data or {}), ensure_ascii=False),
        "external_id": line.external_id,
        "answers": line.answers_id,
        "is_automatic": line.is_automatic,
        "state": line.state.value,
        "at": at,
        "due_at": line.due_at,
        "new_state": held.state,
        "talk_channel": held.channel,
        "awaiting_since": held.awaiting_since,
        "queued_at": held.queued_at,
        "ended_at": held.ended_at,
        "first_replied_at": held.first_replied_at,
        "silent_at": held.silent_at,
        "ended_for": held.ended_for,
        "live": CHANNEL,
        "said": [words_of(topic) for topic in topics_of(held.pk, held.outlet.code if held.outlet else "")],
    }
