"""The loops of the NumPy program: names of places and taps, nested heads, and where a tap of a window lies."""

from __future__ import annotations

from collections.abc import Sequence

Lines = list[str]

OUT = {1: ("i",), 2: ("r", "c"), 3: ("d", "r", "c")}
TAP = {1: ("m",), 2: ("m", "n"), 3: ("l", "m", "n")}


def nest(heads: Sequence[tuple[str, int, str]], body: Sequence[str], depth: int = 0) -> Lines:
    """Nested loops around some lines; each head is a name, a count and a comment.

    >>> print("\\n".join(nest([("r", 2, "every row"), ("c", 3, "")], ["y[r, c] = 0"])))
    for r in range(2):  # every row
        for c in range(3):
            y[r, c] = 0
    """
    lines = [
        "    " * (depth + level) + f"for {name} in range({count}):" + (f"  # {comment}" if comment else "")
        for level, (name, count, comment) in enumerate(heads)
    ]
    return [*lines, *("    " * (depth + len(heads)) + line for line in body)]


def heads(names: Sequence[str], counts: Sequence[int], comment: str) -> list[tuple[str, int, str]]:
    """A loop for each axis; the first carries the comment.

    >>> heads(("m", "n"), (2, 3), "every weight")
    [('m', 2, 'every weight'), ('n', 3, '')]
    """
    return [
        (name, count, "" if level else comment) for level, (name, count) in enumerate(zip(names, counts, strict=True))
    ]


def at(*parts: str) -> str:
    """An index of the parts that are there.

    >>> at("", "r, c"), at("o", "r, c")
    ('r, c', 'o, r, c')
    """
    return ", ".join(part for part in parts if part)


def spot_of(outs: Sequence[str], taps: Sequence[str], stride: Sequence[int], dilation: Sequence[int]) -> str:
    """Where a tap of a window lies: out · stride + tap · dilation, ones left out.

    >>> spot_of(("r", "c"), ("m", "n"), (1, 2), (3, 1))
    'r + m * 3, c * 2 + n'
    """
    parts = zip(outs, taps, stride, dilation, strict=True)
    return ", ".join(f"{_times(o, s)} + {_times(t, d)}" for o, t, s, d in parts)


def _times(name: str, factor: int) -> str:
    return name if factor == 1 else f"{name} * {factor}"
