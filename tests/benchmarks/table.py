"""What a benchmark says: a figure, the bar it is held to, and whether it met it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table; `met` is None where there is no bar."""

    what: str
    figure: str
    bar: str = ""
    met: bool | None = None

    @classmethod
    def at_most(cls, what: str, value: float, bar: float, unit: str = "", note: str = "") -> Row:
        """A figure that must not be above the bar."""
        return cls(what, _text(value, unit, note), f"≤ {bar:g}{unit}", value <= bar)

    @classmethod
    def at_least(cls, what: str, value: float, bar: float, unit: str = "", note: str = "") -> Row:
        """A figure that must not be below the bar."""
        return cls(what, _text(value, unit, note), f"≥ {bar:g}{unit}", value >= bar)


def _text(value: float, unit: str, note: str) -> str:
    return f"{value:.3g}{unit}" + (f" ({note})" if note else "")


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def printed(rows: Sequence[Row]) -> str:
    """The rows as a table in Markdown.

    >>> print(printed([Row.at_most("GIF of 100 frames", 41.2, 100, " ms")]))
    | what | measured | bar | |
    |---|---|---|---|
    | GIF of 100 frames | 41.2 ms | ≤ 100 ms | met |
    """
    lines = ["| what | measured | bar | |", "|---|---|---|---|"]
    word = {True: "met", False: "MISSED", None: ""}
    return "\n".join([*lines, *(f"| {r.what} | {r.figure} | {r.bar} | {word[r.met]} |" for r in rows)])
