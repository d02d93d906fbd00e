"""Real mail through a SMTP server."""

from yishi.notifications.port import Card

CARD = Card(
    name="smtp",
    label="SMTP 邮件",
    channel="EMAIL",
    schemes=("smtp", "smtps"),
    accounts=("mail",),
    docs="smtp://user:password@host:587?tls=starttls&from=care@example.cn; smtps:// for port 465",
)
