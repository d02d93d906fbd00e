"""What a courier can answer to a complaint about his parcel. Pure."""

ANSWERS = ("HANDED_OVER", "AS_AGREED", "ON_MY_WAY", "MY_MISTAKE", "NOT_MINE")
"""Given to him in person; left where he had agreed; on the way to put it right; my fault; not my parcel."""
