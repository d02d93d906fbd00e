"""Whether somebody asks for one number after the other: neighbours of a number are other people's parcels."""

# a waybill's neighbours differ in its last places: a block are the thousand numbers that share all others
_BLOCK_PLACES = 3
WINDOW_S = 600
# a shop pastes the twenty numbers of one pick-up at a time, and perhaps half as many again
FREE = 30
# by then it has gone on although it was told to wait
TOLD = 45
_FIRST_WAIT_S, _LONGEST_WAIT_S, _DOUBLED_EVERY = 15, 600, 5


def block_of(waybill_no: str) -> str:
    """What neighbouring numbers have in common."""
    return waybill_no[:-_BLOCK_PLACES]


def wait_s(seen: int) -> int:
    """How long whoever has asked for so many different numbers of a block within ten minutes must wait; 0 =
    go on."""
    if seen <= FREE:
        return 0
    doubled = (seen - FREE - 1) // _DOUBLED_EVERY
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S << min(doubled, 10))
