"""What a form says of a cause, in whatever language its list was read."""

from yishi.cases.queries.words.findings import CAUSES


def cause_of(said: str) -> str:
    """The cause that a typed or chosen word means, in whatever language the list was read; else the word."""
    word = said.strip()
    return next((key for key, label in CAUSES.items() if word in (key, str(label))), word)
