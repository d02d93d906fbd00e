"""What the lexical model sees of a line: runs of characters, pairs with something between them, its ends."""

import math
from collections import Counter
from zlib import crc32

RUNS = range(1, 5)
# pairs that far apart: 什么时候能给我送到 and 什么时候送到 share them
GAPS = range(2, 7)
# a long story is judged by its beginning and its parts; more characters only cost time
MOST_CHARACTERS = 300


def grams(text: str) -> dict[int, float]:
    """Hash of each run or pair of characters → 1 + ln(how often)."""
    line = f"^{text[:MOST_CHARACTERS].replace(' ', ',')}$"
    found = [line[start : start + size] for size in RUNS for start in range(len(line) - size + 1)]
    found += [f"_{line[start]}{line[start + gap]}" for gap in GAPS for start in range(len(line) - gap)]
    counts = Counter(found)
    return {crc32(run.encode(errors="replace")): 1.0 + math.log(count) for run, count in counts.items()}
