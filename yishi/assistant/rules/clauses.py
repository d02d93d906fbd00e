"""A line in its parts: people put a greeting, a story and two wishes into one message."""

import re

# breaks between things said; a bare space breaks only between longer pieces
_BREAK = re.compile(
    r"[,?\n]+|(?:另外|还有就是|还有|顺便|对了|再就是|而且|然后)(?=.{3})|(?<=[一-鿿]{4}) (?=[一-鿿]{4})"
)
# joins one request to another; 另外一单, 还有多久 and 还有没有 join nothing
_JOINT = re.compile(
    r",?(?:另外(?![一两几那这个的])|还有就是|还有(?![多几没一两三点])|顺便|再就是)(?=.{3})|,再(?=.{3})"
)
_FILLER = re.compile(
    r"^(?:你好|你们好|在吗|在不在|请问|麻烦|麻烦你|亲|客服|喂|那个|就是|我想问一下|我想问|问一下|问下|想问下|请|嗯|哦|啊)+"
)
_TAIL = re.compile(r"(?:谢谢|多谢|好吗|可以吗|行吗|啊|呀|呢|吧|哦|哈|嘛|呗|啦|哎|唉|急)+$")
_SIGNS, _REMOVED = re.compile(r"[\s,.?!:~·\-]+"), re.compile(r"\[[^\]]*\]")
SHORTEST = 3
MOST = 8
MOST_JOINED = 3


def clauses(line: str) -> tuple[str, ...]:
    """The parts of a normalised line that could be wishes of their own; () when it is only one."""
    parts = [part.strip() for part in _BREAK.split(line) if part]
    kept = [part for part in parts if len(part) >= SHORTEST]
    return tuple(kept[:MOST]) if len(kept) > 1 else ()


def joined(line: str) -> tuple[str, ...]:
    """What a normalised line asks on each side of 顺便, 另外, 还有 or a new 再; () without such a word."""
    sides = [side.strip(" ,.?!") for side in _JOINT.split(line)]
    kept = [side for side in sides if len(side) >= SHORTEST]
    return tuple(kept) if 1 < len(kept) == len(sides) <= MOST_JOINED else ()


def plain(line: str) -> str:
    """The line without signs and without what stands for removed data, unless it is only that."""
    bare = _SIGNS.sub("", line)
    return _REMOVED.sub("", bare) or bare


def core(line: str) -> str:
    """The line without politeness and signs, by which the dictionary knows it."""
    bare = plain(line)
    return _TAIL.sub("", _FILLER.sub("", bare)) or bare
