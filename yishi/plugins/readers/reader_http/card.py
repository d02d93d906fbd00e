"""ID-card readers behind a small bridge that answers over HTTP; docs/station-id-reader.md."""

from yishi.stations.port import Card

CARD = Card(
    name="reader_http",
    label="HTTP 证件阅读器",
    schemes=("http", "https"),
    docs=(
        "GET the address with Authorization: Bearer KEY; 200 answers {name, id_tail} as JSON, 204 that no"
        " card lies there. The whole number must never be sent: an answer that holds it is refused."
    ),
)
