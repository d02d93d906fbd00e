"""Private numbers through any provider that takes JSON over HTTP."""

from yishi.notifications.port import Card

CARD = Card(
    name="lend_http",
    label="HTTP 隐私号",
    channel="PHONE",
    schemes=("http", "https"),
    docs=(
        "https://user:password@provider/path: POST {caller, callee, minutes} as JSON with the header"
        " Idempotency-Key; 200 answers {number, extension, until, reference}. A user without password is sent"
        " as bearer token. Anything else means that no number is lent now."
    ),
)
