"""The plan of the house: which fact moves what. NOW is the same transaction, in this order; LATER is the worker."""

from yishi.kit.facts import Flow

FLOW: Flow = {}
