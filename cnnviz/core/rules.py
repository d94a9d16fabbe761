"""The kinds of value a Scene field may hold: each reads a link's text, checks it, and writes it back.

A rule is the single declaration behind a widget's limits, a link's text and the check of what a browser sends.
Everything that reaches `parse` or `accept` is untrusted: both raise ValueError and never evaluate anything.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Matrix = tuple[tuple[float, ...], ...]


class Rule(Protocol):
    """What a field may be: `parse` reads a link, `accept` checks a value, `show` writes the link."""

    def parse(self, text: str) -> Any: ...
    def accept(self, value: Any) -> Any: ...
    def show(self, value: Any) -> str: ...


@dataclass(frozen=True)
class Whole:
    """A whole number from low to high.

    >>> Whole(1, 8).parse("3")
    3
    """

    low: int
    high: int
    step: int = 1

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", text):
            raise ValueError(f"{text!r} is not a whole number")
        return self.accept(int(text))

    def accept(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not float(value).is_integer():
            raise ValueError(f"{value!r} is not a whole number")
        if not self.low <= value <= self.high:
            raise ValueError(f"{value} is not between {self.low} and {self.high}")
        return int(value)

    def show(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True)
class Real:
    """A finite number from low to high; links carry it with six significant digits or, if needed, all of them.

    >>> Real(-1, 1).parse("0.25")
    0.25
    """

    low: float
    high: float
    step: float = 0.1

    def parse(self, text: str) -> float:
        if len(text) > 30:
            raise ValueError("too long for a number")
        return self.accept(_number(text))

    def accept(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValueError(f"{value!r} is not a finite number")
        if not self.low <= value <= self.high:
            raise ValueError(f"{value} is not between {self.low} and {self.high}")
        return float(value)

    def show(self, value: float) -> str:
        return number_text(value)


@dataclass(frozen=True)
class Switch:
    """On or off, written 1 or 0."""

    def parse(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise ValueError(f"{text!r} is neither 0 nor 1")
        return text == "1"

    def accept(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"{value!r} is neither true nor false")
        return value

    def show(self, value: bool) -> str:
        return "1" if value else "0"


@dataclass(frozen=True)
class Choice:
    """One name of a closed list, language-neutral.

    >>> Choice(("zeros", "reflect")).parse("reflect")
    'reflect'
    """

    options: tuple[str, ...]

    def parse(self, text: str) -> str:
        return self.accept(text)

    def accept(self, value: Any) -> str:
        if value not in self.options:
            raise ValueError(f"{value!r} is not one of {', '.join(self.options)}")
        return str(value)

    def show(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Names:
    """Some names of a closed list, joined by dots; used for `hide`."""

    options: tuple[str, ...]

    def parse(self, text: str) -> tuple[str, ...]:
        return self.accept(tuple(name for name in text.split(".")[:100] if name in self.options))

    def accept(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (tuple, list)) or not set(value) <= set(self.options):
            raise ValueError(f"{value!r} holds an unknown name")
        return tuple(name for name in self.options if name in value)

    def show(self, value: tuple[str, ...]) -> str:
        return ".".join(value)


@dataclass(frozen=True)
class Word:
    """A short text of a fixed form, such as the id of a picture."""

    pattern: str
    longest: int = 64

    def parse(self, text: str) -> str:
        return self.accept(text)

    def accept(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > self.longest or not re.fullmatch(self.pattern, value):
            raise ValueError(f"{str(value)[:80]!r} has not the form {self.pattern}")
        return value

    def show(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Several:
    """A fixed number of values of one rule: a pair per axis, four sides. One value stands for all.

    >>> Several(Whole(1, 8), 2).parse("2"), Several(Whole(1, 8), 2).parse("2,3")
    ((2, 2), (2, 3))
    """

    each: Whole | Real
    count: int

    def parse(self, text: str) -> tuple[Any, ...]:
        parts = text.split(",") if len(text) <= 31 * self.count else []
        values = parts * self.count if len(parts) == 1 else parts
        return self.accept(tuple(self.each.parse(part) for part in values))

    def accept(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != self.count:
            raise ValueError(f"{value!r} is not {self.count} values")
        return tuple(self.each.accept(v) for v in value)

    def show(self, value: tuple[Any, ...]) -> str:
        parts = [self.each.show(v) for v in value]
        return parts[0] if len(set(parts)) == 1 else ",".join(parts)


@dataclass(frozen=True)
class Grid:
    """A matrix of finite numbers, or none. Short ones read like a table, long ones are packed (float32, zlib).

    >>> Grid(31, 31).parse("1,0,-1;2,0,-2;1,0,-1")[1]
    (2.0, 0.0, -2.0)
    """

    rows: int
    columns: int
    limit: float = 1e6

    def parse(self, text: str) -> Matrix:
        if text.startswith("z"):
            return self.accept(self._unpack(text[1:]))
        if len(text) > 16 * self.rows * self.columns:
            raise ValueError("too long for this matrix")
        return self.accept([[_number(cell) for cell in row.split(",")] for row in text.split(";")] if text else [])

    def accept(self, value: Any) -> Matrix:
        if not isinstance(value, (list, tuple)) or len(value) > self.rows:
            raise ValueError(f"not a matrix of at most {self.rows} rows")
        rows = [row for row in value if isinstance(row, (list, tuple))]
        widths = {len(row) for row in rows}
        if len(rows) != len(value) or len(widths) > 1 or any(not 1 <= w <= self.columns for w in widths):
            raise ValueError(f"not a rectangular matrix of at most {self.columns} columns")
        cell = Real(-self.limit, self.limit)
        return tuple(tuple(cell.accept(v) for v in row) for row in rows)

    def show(self, value: Matrix) -> str:
        plain = ";".join(",".join(number_text(v) for v in row) for row in value)
        return plain if len(plain) <= 160 else "z" + self._pack(value)

    def _pack(self, value: Matrix) -> str:
        flat = [v for row in value for v in row]
        raw = struct.pack(f"<BB{len(flat)}f", len(value), len(value[0]), *flat)
        return base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")

    def _unpack(self, text: str) -> list[list[float]]:
        most = 2 + 4 * self.rows * self.columns
        if len(text) > 2 * most + 64:
            raise ValueError("too long for this matrix")
        try:
            raw = zlib.decompressobj().decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), most + 1)
        except (zlib.error, binascii.Error) as fault:
            raise ValueError("not a packed matrix") from fault
        if len(raw) < 2 or len(raw) != 2 + 4 * raw[0] * raw[1]:
            raise ValueError("a packed matrix of the wrong length")
        rows, columns = raw[0], raw[1]
        flat = [float(f"{v:.7g}") for v in struct.unpack(f"<{rows * columns}f", raw[2:])]
        return [flat[r * columns : (r + 1) * columns] for r in range(rows)]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text[:80]!r} is not a number") from None


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number to seven digits.

    >>> number_text(2.0), number_text(-0.5), number_text(1 / 9)
    ('2', '-0.5', '0.1111111')
    """
    text = f"{value:.7g}"
    return "0" if text == "-0" else text
