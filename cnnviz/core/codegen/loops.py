"""The loops of the NumPy program: names of places and taps, nested heads, and where a tap of a window lies."""

from __future__ import annotations

Lines = list[str]

OUT = {1: ("i",), 2: ("r", "c"), 3: ("d", "r", "c")}
TAP = {1: ("m",), 2: ("m", "n"), 3: ("l", "m", "n")}


def loop(depth: int, head: str, comment: str = "") -> str:
    """One line that starts a loop, `depth` loops deep."""
    return "    " * depth + f"for {head}:" + (f"  # {comment}" if comment else "")


def places(names: tuple[str, ...], counts: tuple[int, ...], depth: int, comment: str) -> Lines:
    """Nested loops over every axis; the first carries the comment."""
    return [
        loop(depth + number, f"{name} in range({count})", comment if number == 0 else "")
        for number, (name, count) in enumerate(zip(names, counts, strict=True))
    ]


def spot_of(outs: tuple[str, ...], taps: tuple[str, ...], stride: tuple[int, ...], dilation: tuple[int, ...]) -> str:
    """Where a tap of a window lies: out · stride + tap · dilation, ones left out."""
    parts = zip(outs, taps, stride, dilation, strict=True)
    return ", ".join(f"{_times(o, s)} + {_times(t, d)}" for o, t, s, d in parts)


def _times(name: str, factor: int) -> str:
    return name if factor == 1 else f"{name} * {factor}"
