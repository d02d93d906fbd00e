"""Writes to a file instead of ringing: for the demo and for trials."""

from yishi.notifications.port import Card

CARD = Card(
    name="voice_log",
    label="语音电话写入文件（演示）",
    channel="VOICE",
    schemes=("log",),
    docs="log: appends {at, to, text, notice_id} to $YISHI_HOME/outbox/calls.jsonl; the demo's own",
)
