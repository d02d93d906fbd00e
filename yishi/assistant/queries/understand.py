"""`understand`: the one call for everybody who wants to know what a line asks for."""

from yishi.assistant.queries.model import current_model
from yishi.assistant.queries.vectors import vector_of
from yishi.assistant.rules.understanding import NOTHING_BEFORE, understand_line
from yishi.assistant.rules.understood import Context, Understanding


def understand(text: str, *, context: Context = NOTHING_BEFORE) -> Understanding:
    """The intents of a line, the surest first, and whether to act on them or to ask back.

    Never raises: without the process that makes vectors the weights alone decide, without a model only
    what is surely known is understood. Cheap lines never leave this process.
    """
    return understand_line(text, model=current_model(), vectors=vector_of, context=context)
