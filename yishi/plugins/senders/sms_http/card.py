"""Short messages through any gateway that takes JSON over HTTP."""

from yishi.notifications.port import Card

CARD = Card(
    name="sms_http",
    label="HTTP 短信网关",
    channel="SMS",
    schemes=("http", "https"),
    docs=(
        "https://user:password@gateway/path: POST {notice_id, to, text} as JSON with the header"
        " Idempotency-Key; a user without password is sent as bearer token. 2xx is accepted;"
        " 401, 429 and 5xx are tried again."
    ),
)
