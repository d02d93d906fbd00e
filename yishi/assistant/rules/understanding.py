"""How a line is understood: what is surely known first, then the weights, then the vectors when unsure. Pure.

`vectors` is asked only when the weights alone are unsure; it may answer None, and then the weights decide.
"""

from collections.abc import Callable, Sequence

from yishi.assistant.rules.clauses import clauses, core, joined, plain
from yishi.assistant.rules.context import continued
from yishi.assistant.rules.intents import OTHER
from yishi.assistant.rules.normalise import normalise
from yishi.assistant.rules.sharp import asks_for_place, is_noise, sharp
from yishi.assistant.rules.understood import Context, Guess, Stage, Understanding
from yishi.assistant.rules.weights import Model, shares

Vectors = Callable[[str], Sequence[float] | None]

# the weights alone are believed from here on; below, the vector is worth its cost
SURE_ENOUGH = 0.85
# below this the honest answer is a question back
ASK_BELOW = 0.55
# a part of the line is a wish of its own from here on
OWN_WISH = 0.80
# the vector of more is no better
VECTOR_CHARACTERS = 160
_KNOWN, _SHARP, _CONTINUED = 0.97, 0.95, 0.80
_NO_WISH = frozenset({OTHER, "greeting_chitchat", "praise_thanks"})
_ALTERNATIVES = 3
NOTHING_BEFORE = Context()


def understand_line(
    text: str, *, model: Model | None, vectors: Vectors, context: Context = NOTHING_BEFORE
) -> Understanding:
    """What this line asks for. Never raises; without a model only what is surely known is understood."""
    line = normalise(text)
    bare = core(line)
    if not bare:
        return Understanding(text=text, intents=(Guess(intent=OTHER, confidence=0.5),), is_sure=False)
    if told := continued(plain(line), context):
        return _surely(text, told, _CONTINUED, Stage.CONTEXT)
    if model is None:
        found = sharp(bare)
        return _surely(
            text, found or OTHER, _SHARP if found else 0.0, Stage.SHARP if found else Stage.FALLBACK
        )
    if known := model.header.known.get(bare, ""):
        return _surely(text, known, _KNOWN, Stage.DICTIONARY)
    if found := "coverage" if asks_for_place(line) else sharp(bare):
        return _surely(text, found, _SHARP, Stage.SHARP)
    if is_noise(bare):
        return Understanding(text=text, intents=(Guess(intent=OTHER, confidence=0.5),), is_sure=False)
    return _weighed(text, line, model, vectors)


def _without_model(text: str, found: str) -> Understanding:
    if found:
        return _surely(text, found, _SHARP, Stage.SHARP)
    return _surely(text, OTHER, 0.0, Stage.FALLBACK)


def _surely(text: str, intent: str, confidence: float, stage: Stage) -> Understanding:
    guess = Guess(intent=intent, confidence=confidence)
    return Understanding(text=text, intents=(guess,), is_sure=confidence >= ASK_BELOW, stage=stage)


def _weighed(text: str, line: str, model: Model, vectors: Vectors) -> Understanding:
    scores, stage = model.scores(line), Stage.LEXICAL
    found = shares(scores, model.header.temperature)
    if max(found) < SURE_ENOUGH and (head := model.header.head):
        vector = vectors(line[:VECTOR_CHARACTERS])
        stage = Stage.FALLBACK if vector is None else Stage.VECTORS
        if vector is not None:
            both = [one + two for one, two in zip(scores, head.scores(vector), strict=True)]
            found = shares(both, model.header.temperature_with_vectors)
    ranked = sorted(zip(found, model.classes, strict=True), reverse=True)
    if max(found) < ASK_BELOW and (wishes := _wishes_joined(line, model)):
        return Understanding(text=text, intents=wishes, is_sure=True, stage=Stage.SHARP)
    best, *rest = (Guess(intent=name, confidence=round(share, 4)) for share, name in ranked)
    more = _further(line, best.intent, model)
    named = {guess.intent for guess in more}
    alternatives = tuple(guess for guess in rest if guess.intent not in named)[:_ALTERNATIVES]
    is_sure = best.confidence >= ASK_BELOW
    return Understanding(
        text=text,
        intents=(best, *more),
        alternatives=alternatives,
        is_sure=is_sure,
        choices=() if is_sure else _choices(best, rest),
        stage=stage,
    )


def _wishes_joined(line: str, model: Model) -> tuple[Guess, ...]:
    """Two requests that a word like 顺便 joins, in the order said, where each is clear by itself; else ()."""
    found: dict[str, float] = {}
    for side in joined(line):
        # what is asked comes first; the rest of a side tells why
        parts = (side, *clauses(side)[:1])
        clear = next((one for part in parts if (one := _clearly(part, model))[1] not in _NO_WISH), None)
        if clear is None:
            return ()
        found.setdefault(clear[1], clear[0])
    both = tuple(Guess(intent=name, confidence=round(share, 4)) for name, share in found.items())
    return both if len(both) > 1 else ()


def _clearly(part: str, model: Model) -> tuple[float, str]:
    """The wish that a part says plainly, with how sure that is; OTHER where it does not."""
    bare = core(part)
    if known := model.header.known.get(bare, "") or sharp(bare):
        return _KNOWN, known
    share, name = _best(model, part)
    return (share, name) if share >= OWN_WISH else (0.0, OTHER)


def _further(line: str, first: str, model: Model) -> tuple[Guess, ...]:
    """Other wishes of the same message, each said plainly in a part of its own."""
    found: dict[str, float] = {}
    for part in clauses(line):
        share, name = _clearly(part, model)
        if name != first and name not in _NO_WISH:
            found[name] = max(share, found.get(name, 0.0))
    return tuple(
        Guess(intent=name, confidence=round(share, 4))
        for name, share in sorted(found.items(), key=lambda entry: -entry[1])[:2]
    )


def _best(model: Model, part: str) -> tuple[float, str]:
    return max(zip(shares(model.scores(part), model.header.temperature), model.classes, strict=True))


def _choices(best: Guess, rest: Sequence[Guess]) -> tuple[str, ...]:
    """Two or three wishes to ask back with."""
    likely = [guess.intent for guess in (best, *rest) if guess.intent not in _NO_WISH]
    return tuple(likely[:3])
