"""The accuracy report that is committed with the release: method, figures, limits."""

from collections.abc import Iterator

from yishi.assistant.actions.train import FOLDS, Evaluation
from yishi.assistant.rules.measuring import Figures
from yishi.assistant.rules.understanding import ASK_BELOW, SURE_ENOUGH

_METHOD = f"""
Made by `yishi assistant evaluate --write`; do not edit by hand.

**How a line is understood.** It is written one way (`rules/normalise.py`), then the first stage that is
sure decides: a fragment that lives on the line before (CONTEXT), a line that the training book holds
word for word (DICTIONARY), a word that settles a short line (SHARP), the lexical weights where their
share is at least {SURE_ENOUGH} (LEXICAL), and else the weights and the line's vector together (VECTORS;
FALLBACK where no vector could be had). Below {ASK_BELOW} the assistant asks back with two or three
choices instead of acting.

**How it is measured.** *Across families*: {FOLDS} folds of the training book; near-copies of a line
share a family and a family is in one fold, and everything (dictionary, weights, head, temperatures) is
learnt without the fold that it is measured on. *Blind*: `phrases/held_out.tsv`, written before the book
grew, never trained on; `clear` are the lines that a careful reader finds unambiguous. A line with two
wishes counts as right for either. `contact_courier`, `service_hours`, `coverage`, `complaint_channel`
and `misroute` count for `other` and the other way round, as the contract of figures has it. In scope
and out of scope always stand together: either alone can be bought with the other.
"""

_LIMITS = """
## Limits

- All lines, the blind ones too, were written by us in the way people type; none is a customer's. On
  text that nobody wrote for the purpose, figures across families have been about ten points too good,
  and the blind ones flatter as well.
- Each line is measured alone: what context adds is tested (`tests/assistant`), not in these figures.
- The blind set was looked at more than once (`phrases/README.md` counts it): character pairs in the
  lexical weights were chosen with its help, and mistakes on it led to sharper rules; its figures are
  therefore better than blind. Share and temperatures were chosen on folds only.
- "Counted with asking back" takes a question back for right when the wish is among the choices offered;
  whether a person then picks it is not known.
"""


def report(found: Evaluation, *, cost: str = "") -> str:
    """The whole report in Markdown."""
    return "\n".join(
        [
            "# How well the assistant understands",
            _METHOD,
            "## Figures",
            "",
            *_summary(found),
            "",
            "## Stages, on clear blind lines",
            "",
            *_stages(found.clear),
            "",
            *([cost, ""] if cost else []),
            "## Calibration",
            "",
            "How sure the answers claimed to be, and how often they were right.",
            "",
            *_calibration("Across families", found.crossed),
            "",
            *_calibration("Blind, clear", found.clear),
            "",
            "## By intent, across families and blind",
            "",
            *_by_intent(found.crossed, found.clear),
            "",
            "## Taken for something else most often, across families",
            "",
            "| meant | taken for | lines |",
            "| --- | --- | ---: |",
            *(f"| {one} | {two} | {count} |" for one, two, count in found.crossed.confusion),
            _LIMITS,
        ]
    )


def summary_rows(found: Evaluation) -> tuple[tuple[str, Figures], ...]:
    return (
        ("Across families", found.crossed),
        ("Across families, weights alone", found.crossed_without),
        ("Blind, clear", found.clear),
        ("Blind, clear, weights alone", found.clear_without),
        ("Blind, doubtful", found.doubtful),
    )


def _summary(found: Evaluation) -> Iterator[str]:
    yield (
        "| measured on | lines | right | in scope | out of scope | asked back "
        "| right when not asking | counted with asking back | ECE |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for name, f in summary_rows(found):
        cells = (f.accuracy, f.in_scope, f.out_of_scope, f.asked, f.sure_right, f.helped, f.calibration_error)
        yield f"| {name} | {f.count} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |"


def _stages(figures: Figures) -> Iterator[str]:
    yield "| stage | share | right |"
    yield "| --- | ---: | ---: |"
    for stage in figures.stages:
        yield f"| {stage.stage} | {stage.share:.3f} | {stage.right:.3f} |"


def _calibration(name: str, figures: Figures) -> Iterator[str]:
    yield f"{name}: expected calibration error {figures.calibration_error:.3f}."
    yield ""
    yield "| claimed | right | lines |"
    yield "| ---: | ---: | ---: |"
    for entry in figures.bins:
        yield f"| {entry.claimed:.2f} | {entry.right:.2f} | {entry.count} |"


def _by_intent(crossed: Figures, blind: Figures) -> Iterator[str]:
    seen = {intent: (count, recall, precision) for intent, count, recall, precision in blind.by_intent}
    yield "| intent | lines | found | right when said | blind lines | found | right when said |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for intent, count, recall, precision in crossed.by_intent:
        row = f"| {intent} | {count} | {recall:.2f} | {precision:.2f} "
        if intent in seen:
            lines, found, right = seen[intent]
            row += f"| {lines} | {found:.2f} | {right:.2f} |"
        else:
            row += "| 0 | | |"
        yield row
