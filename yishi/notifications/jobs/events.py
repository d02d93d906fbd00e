"""Reports of declared events, as they fall due."""

from datetime import datetime

from yishi.notifications.actions.event_reports import send_due_report


def sweep_event_reports(*, at: datetime, limit: int = 5) -> int:
    """Sends up to `limit` reports; how many."""
    sent = 0
    while sent < limit and send_due_report(at=at):
        sent += 1
    return sent
