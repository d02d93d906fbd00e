"""Asks sources about parcels that are due, finds sources that have fallen silent, replays quarantine."""

import logging
import random
import time
from datetime import datetime, timedelta

from django.conf import settings

from yishi.feeds.actions.asking import Claimed, claim_due, keep_answer, keep_failure
from yishi.feeds.actions.replay import advance_replay
from yishi.feeds.actions.silence import mark_silent
from yishi.feeds.port import Fetched, PluginError, SettingsRefused, Unanswered
from yishi.feeds.queries.following import AskedSource, list_asked_sources
from yishi.feeds.rules import Step

log = logging.getLogger(__name__)

_ENOUGH_S = 20.0
"""So long one source is asked before the others have their turn."""


def sweep_due_subscriptions(*, at: datetime, limit: int = 50) -> int:
    """Asks each source about up to `limit` parcels that are due; returns how many were taken up.

    Claimed and committed, asked outside any transaction, then kept at once: a worker that dies leaves one
    parcel whose lease runs out. Safe to run side by side.
    """
    return sum(_ask_source(source, at, limit) for source in list_asked_sources())


def _ask_source(source: AskedSource, at: datetime, limit: int) -> int:
    begin = time.monotonic()
    for taken in range(limit):
        elapsed = time.monotonic() - begin
        if elapsed > _ENOUGH_S:
            return taken
        claimed = claim_due(source=source, at=at + timedelta(seconds=elapsed))
        if claimed is None:
            return taken
        if isinstance(claimed, Claimed) and not _ask(claimed):
            return taken + 1
    return limit


def _ask(claimed: Claimed) -> bool:
    """Asks about one parcel; whether it makes sense to ask the same source about the next one now."""
    begin = time.monotonic()
    try:
        fetched = _call(claimed)
    except PluginError as error:
        at = claimed.asked_at + timedelta(seconds=time.monotonic() - begin)
        keep_failure(claimed=claimed, error=error, spread=random.random(), at=at)
        # a source that does not answer, or does not know us, need not be found out parcel by parcel
        return not isinstance(error, Unanswered | SettingsRefused)
    at = claimed.asked_at + timedelta(seconds=time.monotonic() - begin)
    keep_answer(claimed=claimed, fetched=fetched, at=at)
    return True


def _call(claimed: Claimed) -> Fetched | None:
    source = claimed.source
    try:
        if claimed.step == Step.QUERY:
            return source.client.query(claimed.wanted, settings=source.settings)
        push_url = settings.ENVIRONMENT.web_origin + source.push_path
        source.client.subscribe(claimed.wanted, push_url=push_url, settings=source.settings)
    except PluginError:
        raise
    except Exception as error:
        # a plug-in's own fault must not hold up the others
        log.exception("client failed", extra={"source": source.code})
        raise PluginError(f"client failed: {type(error).__name__}", permanent=False) from error
    return None


def sweep_silent_sources(*, at: datetime, limit: int = 50) -> int:
    """Marks sources from which nothing came for longer than expected; returns how many."""
    return mark_silent(at=at, limit=limit)


def sweep_replays(*, at: datetime, limit: int = 20) -> int:
    """Sends up to `limit` quarantined bodies of replays that are due once more; how many steps were done."""
    steps = 0
    while steps < limit and advance_replay(at=at):
        steps += 1
    return steps
