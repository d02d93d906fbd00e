"""Calls that read a text aloud, through any gateway that takes JSON over HTTP."""

from yishi.notifications.port import Card

CARD = Card(
    name="voice_http",
    label="HTTP 语音电话网关",
    channel="VOICE",
    schemes=("http", "https"),
    docs=(
        "https://user:password@gateway/path: POST {notice_id, to, text, language, template, variables, keys,"
        " status_url} as JSON with the header Idempotency-Key; a user without password is sent as bearer"
        " token. 2xx is accepted; 401, 429 and 5xx are tried again. What came of the call is posted back to"
        " status_url as {state: answered | no_answer | busy | failed, pressed}; see README.md."
    ),
)
