"""Writes to a file instead of sending: for the demo and for trials."""

from yishi.notifications.port import Card

CARD = Card(
    name="mail_log",
    label="邮件写入文件（演示）",
    channel="EMAIL",
    schemes=("log",),
    docs="log: appends {at, to, heading, text, notice_id} to $YISHI_HOME/outbox/mail.jsonl; the demo's own",
)
