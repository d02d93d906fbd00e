"""Speaks in a group of 飞书 by its robot's webhook."""

from yishi.notifications.port import Card

CARD = Card(
    name="feishu",
    label="飞书群机器人",
    channel="FEISHU",
    schemes=(),
    docs="posts to the group robot's webhook; at most 20 messages a minute, more wait",
    accounts=("feishu",),
)
