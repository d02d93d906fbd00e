"""A line in its parts: people put a greeting, a story and two wishes into one message."""

import re

# breaks between things said; a bare space breaks only between longer pieces
_BREAK = re.compile(
    r"[,?\n]+|(?:另外|还有就是|还有|顺便|对了|再就是|而且|然后)(?=.{3})|(?<=[一-鿿]{4}) (?=[一-鿿]{4})"
)
_FILLER = re.compile(
    r"^(?:你好|你们好|在吗|在不在|请问|麻烦|麻烦你|亲|客服|喂|那个|就是|我想问一下|我想问|问一下|问下|想问下|请|嗯|哦|啊)+"
)
_TAIL = re.compile(r"(?:谢谢|多谢|好吗|可以吗|行吗|啊|呀|呢|吧|哦|哈|嘛|呗|啦|哎|唉|急)+$")
_SIGNS, _REMOVED = re.compile(r"[\s,.?!:~·\-]+"), re.compile(r"\[[^\]]*\]")
SHORTEST = 3
MOST = 8


def clauses(line: str) -> tuple[str, ...]:
    """The parts of a normalised line that could be wishes of their own; () when it is only one."""
    parts = [part.strip() for part in _BREAK.split(line) if part]
    kept = [part for part in parts if len(part) >= SHORTEST]
    return tuple(kept[:MOST]) if len(kept) > 1 else ()


def plain(line: str) -> str:
    """The line without signs and without what stands for removed data, unless it is only that."""
    bare = _SIGNS.sub("", line)
    return _REMOVED.sub("", bare) or bare


def core(line: str) -> str:
    """The line without politeness and signs, by which the dictionary knows it."""
    bare = plain(line)
    return _TAIL.sub("", _FILLER.sub("", bare)) or bare
