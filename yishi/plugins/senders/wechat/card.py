"""Answers by 微信公众号: customer-service messages, or a template where their time is over."""

from yishi.notifications.port import Card

CARD = Card(
    name="wechat",
    label="微信公众号客服消息",
    channel="WECHAT",
    schemes=(),
    docs="answers people who wrote to an official account within 48 hours; later by the template that is set",
    accounts=("wechat",),
)
