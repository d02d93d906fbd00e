"""What kind of place holds a parcel, as the name that a source gave it says. Pure."""

LOCKER, STATION = "LOCKER", "STATION"
_LOCKERS = ("柜", "丰巢", "速递易", "云柜", "locker")
_STATIONS = ("驿站", "代收", "超市", "便利店", "门店", "兔喜", "妈妈", "服务点", "自提点", "station")


def kind_of_place(place: str) -> str:
    """LOCKER, STATION, or '' where the name does not say; a locker at a station is a locker: the code opens
    its door."""
    said = place.lower()
    if any(word in said for word in _LOCKERS):
        return LOCKER
    return STATION if any(word in said for word in _STATIONS) else ""
