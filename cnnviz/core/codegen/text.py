"""The small pieces of program text that every language shares: numbers, nested lists, pairs, arguments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnnviz.core.codegen.job import Numbers

SIDES = {1: "before, after", 2: "left, right, top, bottom", 3: "left, right, top, bottom, front, back"}
"""The order in which F.pad counts sides."""


def number(value: float) -> str:
    """A number that reads back exactly, in its own precision; whole numbers without a point.

    >>> import numpy as np
    >>> [number(v) for v in (np.float32(0.1), 0.1 + 0.2, -3.0, np.int64(2), float("-inf"))]
    ['0.1', '0.30000000000000004', '-3', '2', 'float("-inf")']
    """
    text = str(value).removesuffix(".0")
    return f'float("{text}")' if text.lstrip("-") in ("inf", "nan") else text


def nested(values: Numbers, indent: str = "") -> str:
    """An array as nested lists, a row to a line.

    >>> import numpy as np
    >>> print(nested(np.array([[1, 2], [3, 4]])))
    [
        [1, 2],
        [3, 4],
    ]
    """
    if values.ndim <= 1:
        return "[" + ", ".join(number(value) for value in values) + "]"
    deeper = indent + "    "
    rows = "".join(f"{deeper}{nested(row, deeper)},\n" for row in values)
    return f"[\n{rows}{indent}]"


def per_axis(values: Sequence[int]) -> str:
    """One number where all axes agree, else a tuple.

    >>> per_axis((2, 2)), per_axis((1, 2))
    ('2', '(1, 2)')
    """
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))


def amounts(pairs: Sequence[tuple[int, int]]) -> str:
    """(before, after) per axis as F.pad wants them: from the last axis on.

    >>> amounts([(1, 2), (3, 4)])
    '(3, 4, 1, 2)'
    """
    return str(tuple(amount for pair in reversed(pairs) for amount in pair))


def arguments(*pairs: tuple[str, str | None]) -> str:
    """Keyword arguments, those without a value left out, each led by a comma.

    >>> arguments(("stride", "2"), ("groups", None))
    ', stride=2'
    """
    return "".join(f", {name}={value}" for name, value in pairs if value is not None)


def unless(values: Sequence[int], usual: int) -> str | None:
    """The text of a per-axis setting, or None where it is the usual one everywhere."""
    return None if set(values) == {usual} else per_axis(values)


def program(lines: Iterable[str | None]) -> str:
    """Lines as a program: left-out ones dropped, never two empty ones in a row, one newline at the end."""
    kept: list[str] = []
    for line in lines:
        if line is not None and (line or (kept and kept[-1])):
            kept.append(line)
    return "\n".join(kept).rstrip() + "\n"


def plural(count: int, word: str) -> str:
    """A counted word.

    >>> plural(1, "channel"), plural(3, "channel")
    ('1 channel', '3 channels')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
