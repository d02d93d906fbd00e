"""Models of an installation: asked for, trained beside everything else, published, gone back from."""

import time
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yishi.assistant.actions.train import VectorStore, across_families, answers_to
from yishi.assistant.models import Phrase, TrainedModel
from yishi.assistant.queries.model import current_model, folder, keep, model_path
from yishi.assistant.queries.phrases import held_out_lines, release_learnt, release_lines
from yishi.assistant.queries.vectors import embedder
from yishi.assistant.rules.building import Line, build
from yishi.assistant.rules.measuring import figures
from yishi.assistant.rules.understanding import Vectors
from yishi.assistant.rules.weights import Model
from yishi.kit.errors import NotFound, Refusal
from yishi.people.queries import person_of, require
from yishi.people.rules import Permission, Viewer


class AlreadyTraining(Refusal):
    """已经有一个在训练了，等它好了再来"""

    code = "already_training"
    status = 409


class NotTrained(Refusal):
    """这个版本还没有训练好"""

    code = "not_trained"
    status = 409


class NothingPublished(Refusal):
    """用的就是自带的模型，没有可以退回的"""

    code = "nothing_published"
    status = 409


@transaction.atomic
def ask_training(*, by: Viewer, at: datetime) -> int:
    """A new version of all that the book holds now, to be trained by the worker. Returns its number.

    Raises NotAllowed, AlreadyTraining.
    """
    require(by, Permission.POLICY_MANAGE)
    if TrainedModel.objects.select_for_update().filter(due_at__isnull=False).exists():
        raise AlreadyTraining()
    last = TrainedModel.objects.aggregate(last=Max("version_no"))["last"] or 0
    kept = Phrase.objects.filter(removed_at__isnull=True).order_by("pk")
    row = TrainedModel.objects.create(
        version_no=last + 1,
        phrases=[list(each) for each in kept.values_list("intent", "text", "second")],
        asked_at=at,
        due_at=at,
        trained_by_id=person_of(by),
    )
    return row.version_no


def train_version(*, version_no: int, at: datetime) -> None:
    """Trains and measures a version: minutes of CPU, so in a process of its own. Raises NotFound."""
    row = TrainedModel.objects.filter(version_no=version_no).first()
    if row is None:
        raise NotFound()
    model = _made(row)
    row.content_hash = model.header.content_hash
    row.figures, row.trained_at, row.due_at = _figures(row, model), at, None
    row.save(update_fields=["content_hash", "figures", "trained_at", "due_at"])


def _made(row: TrainedModel) -> Model:
    content = build(release_lines(), own=_own(row), learnt=release_learnt())
    model = Model(content)
    keep(model_path(model.header.content_hash), content)
    return model


def _own(row: TrainedModel) -> list[Line]:
    return [
        Line(intent=intent, text=text, second=second, family=f"own-{number}")
        for number, (intent, text, second) in enumerate(row.phrases)
    ]


def _figures(row: TrainedModel, model: Model) -> dict[str, Any]:
    """Measured like the release: blind beside what is in use, and across families by the weights alone."""
    blind, vectors = held_out_lines(), _vectors()
    clear = [line for line in blind if line.is_clear]
    before = current_model()
    began = time.process_time()
    said = answers_to(clear, model, vectors)
    cost_ms = (time.process_time() - began) * 1_000 / max(1, len(clear))
    return {
        "clear": asdict(figures(said)),
        "doubtful": asdict(figures(answers_to([b for b in blind if not b.is_clear], model, vectors))),
        "before": asdict(figures(answers_to(clear, before, vectors))) if before else None,
        "crossed": asdict(figures(across_families([*release_lines(), *_own(row)], release_learnt()))),
        "cost_ms": round(cost_ms, 2),
    }


def _vectors() -> Vectors:
    """Vectors of the blind set, from disk where they are known; none where they cannot be made."""
    store = VectorStore()
    try:
        embedder()
        store.of([line.text for line in held_out_lines()])
    except (ImportError, OSError, RuntimeError):
        return lambda line: None
    return store.one


@transaction.atomic
def publish_version(*, version_no: int, by: Viewer, at: datetime) -> None:
    """From now on lines are understood by this version. Raises NotAllowed, NotFound, NotTrained."""
    require(by, Permission.POLICY_MANAGE)
    row = TrainedModel.objects.select_for_update().filter(version_no=version_no).first()
    if row is None:
        raise NotFound()
    if row.trained_at is None:
        raise NotTrained()
    TrainedModel.objects.filter(is_published=True).update(is_published=False)
    row.is_published, row.published_at, row.published_by_id = True, at, person_of(by)
    row.save(update_fields=["is_published", "published_at", "published_by"])
    transaction.on_commit(keep_published)


@transaction.atomic
def roll_back(*, by: Viewer, at: datetime) -> None:
    """Back to what was published before, at last the release's own. Raises NotAllowed, NothingPublished."""
    require(by, Permission.POLICY_MANAGE)
    now = TrainedModel.objects.select_for_update().filter(is_published=True).first()
    if now is None:
        raise NothingPublished()
    TrainedModel.objects.filter(pk=now.pk).update(is_published=False)
    earlier = TrainedModel.objects.filter(published_at__lt=now.published_at, published_at__isnull=False)
    before = earlier.order_by("-published_at").first()
    if before is not None:
        TrainedModel.objects.filter(pk=before.pk).update(is_published=True)
    # what was gone back from is not gone back to
    TrainedModel.objects.filter(pk=now.pk).update(published_at=None)
    transaction.on_commit(keep_published)


def keep_published() -> None:
    """What this machine understands with is what is published; its file is made again where it is missing."""
    row = TrainedModel.objects.filter(is_published=True).first()
    wanted = row.content_hash if row else ""
    if row is not None and not model_path(wanted).exists():
        wanted = _made(row).header.content_hash
    place = folder() / "published"
    if wanted != (place.read_text(encoding="utf-8") if place.exists() else ""):
        keep(place, wanted.encode())
