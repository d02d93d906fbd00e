"""Which courier a file means: by an earlier answer, number, telephone, or a name that only one has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from yishi.feeds.port import Worker


class Keys(Protocol):
    """What a courier is known by (`CourierKeys` of network)."""

    @property
    def id(self) -> int: ...
    @property
    def outlet_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def phone_hash(self) -> bytes: ...
    @property
    def numbers(self) -> tuple[tuple[str, str], ...]: ...


@dataclass
class Roster:
    """All couriers by each of their keys, for one carrier; `aliases` are names that somebody assigned."""

    couriers: Iterable[Keys]
    carrier: str
    aliases: Mapping[bytes, int]
    hash_of_phone: Callable[[str], bytes]
    key_of: Callable[[Worker], bytes]
    by_number: dict[str, int] = field(default_factory=dict)
    by_phone: dict[bytes, set[int]] = field(default_factory=dict)
    by_name: dict[tuple[int, str], set[int]] = field(default_factory=dict)
    number_of: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for courier in self.couriers:
            self.by_phone.setdefault(courier.phone_hash, set()).add(courier.id)
            self.by_name.setdefault((courier.outlet_id, courier.name), set()).add(courier.id)
            for carrier, number in courier.numbers:
                if carrier == self.carrier:
                    self.by_number[number.upper()] = courier.id
                    self.number_of.setdefault(courier.id, number)

    def find(self, worker: Worker, outlet_id: int | None) -> int | None:
        """The courier, or None: two of one name, a name without an outlet, a number that nobody has."""
        if (alias := self.aliases.get(self.key_of(worker))) is not None:
            return alias
        if worker.number and (found := self.by_number.get(worker.number.upper())) is not None:
            return found
        if worker.phone:
            having = self.by_phone.get(self.hash_of_phone(worker.phone), set())
            if len(having) == 1:
                return next(iter(having))
        if worker.name and outlet_id is not None and not worker.number and not worker.phone:
            named = self.by_name.get((outlet_id, worker.name), set())
            return next(iter(named)) if len(named) == 1 else None
        return None
