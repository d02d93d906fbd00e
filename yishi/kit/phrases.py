"""Words put together in the reader's language: a list, parts of a sentence, a remark in brackets; and
sentences of Yishi's own that are kept and put into words when they are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from yishi.kit.texts import MAX_TEXT, clean_text

Mark = Literal["、", "；", "，", "："]


def joined(words: Iterable[object], by: Mark = "、") -> str:
    """The words that say something, with the mark that this language puts between them."""
    mark = {"、": _("、"), "；": _("；"), "，": _("，"), "：": _("：")}[by]
    return mark.join(said for word in words if (said := "" if word is None else str(word)))


def remarked(word: str | Promise, remark: object) -> str:
    """The word, with what is to be said of it in brackets; alone where there is nothing."""
    return _("%(word)s（%(remark)s）") % {"word": word, "remark": remark} if remark else str(word)


@dataclass(frozen=True)
class Phrase:
    """A sentence of Yishi's own, to be kept: `msgid` as it stands in the source (`gettext_noop`), its values
    (phrases too), and `english` where whoever wrote it gave both, as with the name of a step."""

    msgid: str
    values: Mapping[str, "str | int | Phrase"] = field(default_factory=dict)
    english: str = ""

    def kept(self) -> dict[str, Any]:
        """As JSON; `say` puts it into words."""
        values = {name: _kept(one) for name, one in self.values.items()}
        return {"msgid": self.msgid, "values": values, **({"en": self.english} if self.english else {})}

    def plain(self) -> str:
        """The words as they stand in the source, for columns that programs and searches read."""
        with override(None):
            return say(self.kept())


def _kept(value: "str | int | Phrase") -> Any:
    if isinstance(value, Phrase):
        return value.kept()
    return clean_text(value)[0][:MAX_TEXT] if isinstance(value, str) else value


def phrase_of(word: Promise) -> Phrase:
    """A lazy translation as a phrase."""
    with override(None):
        return Phrase(str(word))


def lines_of(phrases: Iterable[Phrase]) -> Phrase:
    """Phrases as one, a line each."""
    values = {f"n{number}": phrase for number, phrase in enumerate(phrases)}
    return Phrase("\n".join(f"%({name})s" for name in values), values)


def as_written(text: str) -> Phrase:
    """Somebody's own words among phrases: nothing in them is translated."""
    return Phrase("%(text)s", {"text": text})


def say(kept: Mapping[str, Any] | None) -> str:
    """What was kept of a phrase, in the reader's language; '' for nothing."""
    if not kept or not kept["msgid"]:
        return ""
    if kept.get("en") and (get_language() or "").startswith("en"):
        return str(kept["en"])
    values = {name: say(one) if isinstance(one, dict) else one for name, one in kept["values"].items()}
    return str(_(kept["msgid"])) % values if values else str(_(kept["msgid"]))
