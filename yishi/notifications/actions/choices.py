"""A person says by a short message that he wants no more of them."""

from datetime import datetime

from yishi.consignees.actions.contacts import keep_contact
from yishi.consignees.actions.notices import choose_notices
from yishi.consignees.queries import find_contact_ids
from yishi.consignees.rules import NoticeWish
from yishi.conversations.queries.threads import get_message, speaker_of

STOP = "STOP"


def stop_notices(*, message_id: int, at: datetime) -> bool:
    """Nothing is told to this phone any more, whatever it is about; False where it said something else. The
    gateway vouches for the number it came from."""
    _talk, message = get_message(message_id)
    speaker = speaker_of(message_id)
    if message.data.get("key") != STOP or speaker is None:
        return False
    new = keep_contact(phone=speaker.address, at=at)
    wish = NoticeWish(channel="NONE")
    for contact_id in {*find_contact_ids(speaker.address), *filter(None, [new])}:
        choose_notices(contact_id=contact_id, about="", wish=wish, is_proven=True, at=at)
    return True
