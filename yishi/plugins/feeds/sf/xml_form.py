"""SF's older push: routes as attributes of XML elements. Nothing but elements is read from it."""

from xml.parsers import expat

from yishi.feeds.port import Unreadable
from yishi.plugins.common.reading import as_text


def read_routes(xml: bytes) -> list[dict[str, str]]:
    """The attributes of every WaybillRoute. Raises Unreadable `bad_xml`; also for any document type, for
    entities can ask for files or fill the memory."""
    routes: list[dict[str, str]] = []
    text = as_text(xml).strip()

    def on_element(name: str, attributes: dict[str, str]) -> None:
        if name == "WaybillRoute":
            routes.append(attributes)

    # as_text decoded it: what the document says of its encoding no longer holds
    parser = expat.ParserCreate(encoding="utf-8")
    parser.StartElementHandler = on_element
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, UnicodeError) as error:
        raise Unreadable("bad_xml", str(error)) from None
    if not routes:
        raise Unreadable("missing_field", "WaybillRoute")
    return routes


def _refuse(*_doctype: object) -> None:
    raise Unreadable("bad_xml", "a document type is not read")
