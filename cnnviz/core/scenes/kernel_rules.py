"""The rules only the kernel lab's scene needs: a number that may be the kernel's own, loose numbers, an ordered list.

Like those of core/rules.py they read links and whatever a browser sent, so they raise ValueError and evaluate nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cnnviz.core.rules import Real


@dataclass(frozen=True)
class Own:
    """A number, or None for "as the kernel itself has it"; a link that leaves it out means None.

    >>> Own(Real(-9, 9)).parse("0.5"), Own(Real(-9, 9)).accept(None)
    (0.5, None)
    """

    number: Real

    def parse(self, text: str) -> float | None:
        return self.number.parse(text)

    def accept(self, value: Any) -> float | None:
        return None if value is None else self.number.accept(value)

    def show(self, value: float | None) -> str:
        return "" if value is None else self.number.show(value)


@dataclass(frozen=True)
class Numbers:
    """Up to `most` finite numbers, in the order a generator declares its parameters; none means its defaults.

    >>> Numbers(6).parse("1.5,7,7")
    (1.5, 7.0, 7.0)
    """

    most: int
    limit: float = 1e4

    def parse(self, text: str) -> tuple[float, ...]:
        parts = text.split(",") if text else []
        if len(parts) > self.most:
            raise ValueError(f"more than {self.most} numbers")
        return self.accept([Real(-self.limit, self.limit).parse(part) for part in parts])

    def accept(self, value: Any) -> tuple[float, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > self.most:
            raise ValueError(f"not at most {self.most} numbers")
        return tuple(Real(-self.limit, self.limit).accept(v) for v in value)

    def show(self, value: tuple[float, ...]) -> str:
        return ",".join(Real(-self.limit, self.limit).show(v) for v in value)


@dataclass(frozen=True)
class Listed:
    """`fewest` to `most` different names of a closed list, in the reader's order.

    >>> Listed(("a", "b", "c"), 2, 3).parse("c.a.c")
    ('c', 'a')
    """

    options: tuple[str, ...]
    fewest: int
    most: int

    def parse(self, text: str) -> tuple[str, ...]:
        return self.accept([name for name in text.split(".")[: 4 * self.most] if name in self.options])

    def accept(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or any(name not in self.options for name in value):
            raise ValueError("not names of the list")
        names = tuple(dict.fromkeys(value))
        if not self.fewest <= len(names) <= self.most:
            raise ValueError(f"{len(names)} names are not between {self.fewest} and {self.most}")
        return names

    def show(self, value: tuple[str, ...]) -> str:
        return ".".join(value)
