"""The English of the interface: `python tools/catalogue.py update | compile | check`.

`update` brings the strings of code and templates into yishi/locale/en/LC_MESSAGES/django.po and drops
those that are gone; `compile` writes the .mo beside it; `check` ends with status 1 unless every string
is translated.
"""

import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "yishi/locale/en/LC_MESSAGES/django.po"
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|%%|\{\w*\}")


def wanted(root: Path = ROOT) -> dict[str, polib.POEntry]:
    """An entry without a translation for every text found, sorted by where it first stands."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from strings import find_texts

    entries: dict[str, polib.POEntry] = {}
    for text in find_texts(root):
        entry = entries.setdefault(text.msgid, polib.POEntry(msgid=text.msgid))
        if text.plural:
            entry.msgid_plural, entry.msgstr_plural = text.plural, {0: "", 1: ""}
        if (text.path, "") not in entry.occurrences:
            entry.occurrences.append((text.path, ""))
        if _PLACEHOLDER.search(text.msgid) and not entry.flags:
            entry.flags.append("python-format")
    return entries


def update(path: Path = CATALOGUE) -> int:
    """Keeps what is translated, adds what is new, drops what is gone."""
    kept = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for msgid, entry in wanted().items():
        old = kept.get(msgid)
        if old is not None and bool(old.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
        catalogue.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    missing = len(catalogue.untranslated_entries())
    print(f"catalogue: {len(catalogue)} strings, {missing} without English", file=sys.stderr)
    return 0


def compile_catalogue(path: Path = CATALOGUE) -> int:
    """Writes the .mo that Django reads, when the .po is newer."""
    target = path.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
        written = target.with_suffix(".mo.new")
        polib.pofile(str(path)).save_as_mofile(str(written))
        written.replace(target)
    return 0


def findings(path: Path = CATALOGUE) -> list[str]:
    """One line for each string that is missing, left over, not translated or whose placeholders differ."""
    have = {entry.msgid: entry for entry in polib.pofile(str(path))}
    need = wanted()
    found = [
        f"{entry.occurrences[0][0]}: {msgid!r} is missing"
        for msgid, entry in need.items()
        if msgid not in have
    ]
    found += [f"{msgid!r} is used no longer" for msgid in have if msgid not in need]
    return found + [fault for entry in have.values() for fault in _faults(entry)]


def _faults(entry: polib.POEntry) -> list[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.obsolete or entry.fuzzy:
        return [f"{entry.msgid!r} is fuzzy or obsolete"]
    if not texts or not all(texts):
        return [f"{entry.msgid!r} has no English"]
    placeholders = set(_PLACEHOLDER.findall(entry.msgid)) - {"%%"}
    # "one parcel" may leave its number out
    odd = [text for text in texts[-1:] if set(_PLACEHOLDER.findall(text)) - {"%%"} != placeholders]
    return [f"{entry.msgid!r}: placeholders differ in {text!r}" for text in odd]


def check() -> int:
    found = findings()
    for line in found:
        print(line)
    hint = "; `python tools/catalogue.py update` brings new strings in" if found else ""
    print(f"catalogue: {len(found)} findings{hint}", file=sys.stderr)
    return 1 if found else 0


COMMANDS = {"update": update, "compile": compile_catalogue, "check": check}

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    sys.exit(COMMANDS[name]() if name in COMMANDS else f"one of: {', '.join(COMMANDS)}")
