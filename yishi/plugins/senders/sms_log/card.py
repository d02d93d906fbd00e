"""Writes to a file instead of sending: for the demo and for trials."""

from yishi.notifications.port import Card

CARD = Card(
    name="sms_log",
    label="短信写入文件（演示）",
    channel="SMS",
    schemes=("log",),
    docs="log: appends {at, to, text, notice_id} to $YISHI_HOME/outbox/sms.jsonl; the demo's own",
)
