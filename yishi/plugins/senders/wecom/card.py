"""Speaks in a group of 企业微信 by its robot's webhook."""

from yishi.notifications.port import Card

CARD = Card(
    name="wecom",
    label="企业微信群机器人和应用",
    channel="WECOM",
    schemes=(),
    docs="posts to the robot's webhook, at most 20 messages a minute; answers one person by the app",
    accounts=("wecom",),
)
