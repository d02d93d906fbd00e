"""WeChat's other format: the same message as XML, where an element said twice is a list."""

from typing import Any
from xml.parsers import expat

from yishi.feeds.port import Unreadable
from yishi.plugins.common.reading import as_text

_DEEPEST = 4


def is_xml(body: bytes) -> bool:
    return body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def read_xml(body: bytes) -> dict[str, Any]:
    """The message as an object. Raises Unreadable `bad_xml`; also for any document type, for entities can ask
    for files or fill the memory."""
    open_elements: list[tuple[str, dict[str, Any], list[str]]] = [("", {}, [])]

    def on_start(name: str, _attributes: dict[str, str]) -> None:
        if len(open_elements) > _DEEPEST:
            raise Unreadable("bad_xml", "nested beyond sense")
        open_elements.append((name, {}, []))

    def on_end(_name: str) -> None:
        name, inner, texts = open_elements.pop()
        _add(open_elements[-1][1], name, inner or "".join(texts).strip())

    # as_text decodes it: what the document says of its encoding no longer holds
    parser = expat.ParserCreate(encoding="utf-8")
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = lambda text: open_elements[-1][2].append(text)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(as_text(body).strip(), True)
    except (expat.ExpatError, UnicodeError) as error:
        raise Unreadable("bad_xml", str(error)) from None
    message = open_elements[0][1].get("xml")
    if not isinstance(message, dict):
        raise Unreadable("bad_xml", "no element xml")
    return message


def _add(holder: dict[str, Any], name: str, value: Any) -> None:
    if name not in holder:
        holder[name] = value
    elif isinstance(holder[name], list):
        holder[name].append(value)
    else:
        holder[name] = [holder[name], value]


def _refuse(*_doctype: object) -> None:
    raise Unreadable("bad_xml", "a document type is not read")


def write_xml(said: dict[str, str | int]) -> bytes:
    """An answer in the same format; what stands in it came out of a message that was read."""
    lines = "".join(f"<{name}>{_quoted(value)}</{name}>" for name, value in said.items())
    return f"<xml>{lines}</xml>".encode()


def _quoted(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f"<![CDATA[{value.replace(']]>', ']]')}]]>"
