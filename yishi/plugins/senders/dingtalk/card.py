"""Speaks in a group of 钉钉 by its robot's webhook."""

from yishi.notifications.port import Card

CARD = Card(
    name="dingtalk",
    label="钉钉群机器人",
    channel="DINGTALK",
    schemes=(),
    docs="posts to the group robot's webhook; at most 20 messages a minute, more wait",
    accounts=("dingtalk",),
)
