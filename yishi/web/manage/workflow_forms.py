"""A workflow as a form: steps with their moves in plain rows, read from what was posted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.http import QueryDict

from yishi.cases.rules.workflows import Auto, Step, Workflow

MOST_STEPS = 45
BLANK_AUTOS = 1
_WORDS = ("key", "name", "name_en", "told", "told_en", "owner", "status")


def read_workflow(post: QueryDict) -> Workflow:
    """The workflow as typed, in the order of the positions given; what is wrong is judged by the rules.

    A limit that is no number is kept as one that the rules refuse.
    """
    rows = [at for at in range(MOST_STEPS) if _is_kept(post, at)]
    rows.sort(key=lambda at: (_position(post, at), at))
    return Workflow(
        key=_said(post, "key"),
        name=_said(post, "name"),
        name_en=_said(post, "name_en"),
        start=_said(post, "start"),
        steps=tuple(_step(post, f"steps-{at}-") for at in rows),
    )


def _is_kept(post: QueryDict, at: int) -> bool:
    start = f"steps-{at}-"
    return bool(_said(post, f"{start}key") or _said(post, f"{start}name")) and not post.get(f"{start}drop")


def _position(post: QueryDict, at: int) -> int:
    said = post.get(f"steps-{at}-position", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 9999


def _step(post: QueryDict, start: str) -> Step:
    words = {name: _said(post, start + name) for name in _WORDS}
    causes, targets = post.getlist(f"{start}on"), post.getlist(f"{start}to")
    return Step(
        **words,
        limit_hours=_hours(_said(post, f"{start}limit_hours")),
        is_in_service_hours=bool(post.get(f"{start}is_in_service_hours")),
        evidence=tuple(post.getlist(f"{start}evidence")),
        form=tuple(_said(post, f"{start}form").replace("，", " ").replace(",", " ").split()),
        moves=tuple(dict.fromkeys(post.getlist(f"{start}moves"))),
        autos=tuple(Auto(on=on, to=to) for on, to in zip(causes, targets, strict=False) if on and to),
    )


def _hours(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return 0.0


def _said(post: QueryDict, name: str) -> str:
    return "".join(sign for sign in post.get(name, "") if sign.isprintable()).strip()


def typed_of(workflow: Workflow, faults: Mapping[str, Sequence[str]]) -> list[tuple[int, dict[str, Any]]]:
    """Its steps as the form shows them, each with what is wrong with it, and an empty one to add."""
    rows: list[dict[str, Any]] = []
    for step in workflow.steps:
        values = asdict(step)
        limit = "" if step.limit_hours is None else f"{step.limit_hours:g}"
        autos = [*values["autos"], *[{"on": "", "to": ""}] * BLANK_AUTOS]
        rows.append(
            {
                **values,
                "limit": limit,
                "form": " ".join(step.form),
                "autos": autos,
                "errors": faults.get(step.key, ()),
            }
        )
    rows.append({"status": "IN_PROGRESS", "autos": [{"on": "", "to": ""}], "is_blank": True})
    return list(enumerate(rows))
