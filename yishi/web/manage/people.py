"""Who did something, by the label that records keep."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from yishi.people.queries import staff_names


def names_of(labels: Iterable[str]) -> dict[str, str]:
    """`user:3` → 林客服, `system` → 系统; a key keeps its label."""
    said = set(labels)
    ids = {label: int(label.removeprefix("user:")) for label in said if label.startswith("user:")}
    names = staff_names(set(ids.values()))
    found = {label: names[number] for label, number in ids.items() if number in names}
    return found | ({"system": _("系统")} if "system" in said else {})
