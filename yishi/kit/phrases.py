"""Words put together in the reader's language: a list, parts of a sentence, a remark in brackets."""

from collections.abc import Iterable
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Mark = Literal["、", "；", "，", "："]


def joined(words: Iterable[object], by: Mark = "、") -> str:
    """The words that say something, with the mark that this language puts between them."""
    mark = {"、": _("、"), "；": _("；"), "，": _("，"), "：": _("：")}[by]
    return mark.join(said for word in words if (said := "" if word is None else str(word)))


def remarked(word: str | Promise, remark: object) -> str:
    """The word, with what is to be said of it in brackets; alone where there is nothing."""
    return _("%(word)s（%(remark)s）") % {"word": word, "remark": remark} if remark else str(word)
