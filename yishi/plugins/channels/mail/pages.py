"""HTML of a letter as plain text: nothing is run, nothing is fetched, what is hidden stays hidden."""

import html
import re

MOST_HTML = 400_000
_QUOTED_BEYOND = 1_000
_BREAKS = frozenset(
    {
        "br",
        "p",
        "div",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "ul",
        "ol",
        "hr",
        "pre",
        "section",
        "article",
        "header",
        "footer",
        "dd",
        "dt",
        "blockquote",
        "center",
    }
)
_UNSHOWN = frozenset(
    {
        "script",
        "style",
        "title",
        "template",
        "noframes",
        "object",
        "svg",
        "math",
        "select",
        "iframe",
        "xml",
        "noembed",
        "audio",
        "video",
        "canvas",
    }
)
_EMPTY = frozenset({"br", "img", "hr", "meta", "input", "link", "area", "base", "col", "source", "wbr"})
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*[;\"']|mso-hide\s*:\s*all",
    re.I,
)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def text_of_html(markup: str) -> str:
    """The text that a reader would see; what was quoted in blocks begins with `> `."""
    return _Page(markup[:MOST_HTML]).text()


class _Page:
    """One walk over the markup, forwards only: no markup makes it slow."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._lower = markup.lower()
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quoted = 0
        # the tag whose end shows again what stands after it, and how many of its kind are open
        self._hidden, self._open = "", 0

    def text(self) -> str:
        place, size = 0, len(self._markup)
        while place < size:
            begin = self._markup.find("<", place)
            begin = size if begin < 0 else begin
            self._say(self._markup[place:begin])
            place = self._tag(begin) if begin < size else size
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    def _say(self, raw: str) -> None:
        if raw and not self._hidden:
            self._line.append(_SPACES.sub(" ", html.unescape(raw).replace("\xa0", " ")))

    def _break(self) -> None:
        said = _SPACES.sub(" ", "".join(self._line)).strip()
        self._line = []
        self._lines.append("> " * min(self._quoted, 3) + said if said else "")

    def _tag(self, begin: int) -> int:
        """Takes the tag at `begin`; returns where the text goes on."""
        if self._markup.startswith("<!--", begin):
            return self._after("-->", begin + 4)
        if self._markup.startswith(("<!", "<?"), begin):
            return self._after(">", begin)
        name = _NAME.match(self._markup, begin + 1)
        if name is None:
            self._say("<")
            return begin + 1
        end = self._end_of_tag(name.end())
        tag, inside = name[1].lower(), self._markup[name.end() : min(end, name.end() + 4_000)]
        if self._markup[begin + 1] == "/":
            self._close(tag)
        elif tag in _UNSHOWN:
            return self._after(f"</{tag}", end)
        else:
            self._start(tag, inside)
        return end

    def _after(self, mark: str, place: int) -> int:
        found = self._lower.find(mark, place)
        if found < 0:
            return len(self._markup)
        return found + len(mark) if mark.endswith(">") else self._after(">", found)

    def _end_of_tag(self, place: int) -> int:
        end = self._markup.find(">", place)
        if end < 0:
            return len(self._markup)
        # a sign > within quotes ends nothing
        if end - place < _QUOTED_BEYOND and self._markup.count('"', place, end) % 2:
            close = self._markup.find('"', end, end + _QUOTED_BEYOND)
            later = self._markup.find(">", close, close + _QUOTED_BEYOND) if close > 0 else -1
            end = later if later > 0 else end
        return end + 1

    def _start(self, tag: str, inside: str) -> None:
        if self._hidden:
            self._open += tag == self._hidden
            return
        if tag not in _EMPTY and _HIDES.search(inside):
            self._hidden, self._open = tag, 1
            return
        if tag in _BREAKS:
            self._break()
        elif tag in ("td", "th"):
            self._line.append(" ")
        elif tag == "img" and (said := re.search(r"\balt\s*=\s*[\"']([^\"'<>]{1,40})[\"']", inside)):
            self._line.append(f"[{html.unescape(said[1])}]")
        self._quoted += tag == "blockquote"

    def _close(self, tag: str) -> None:
        if self._hidden:
            self._open -= tag == self._hidden
            self._hidden = self._hidden if self._open else ""
            return
        if tag in _BREAKS:
            self._break()
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
