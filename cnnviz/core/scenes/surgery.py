"""What was done to a network by hand, as the scene of the lenet page says it: maps switched off, kernels edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cnnviz.core.rules import Grid, Matrix

MOST = 48  # maps switched off, and as many kernels edited: so many of 5x5 stay within the 8,000 signs of a parameter
NAME = r"[a-z]{1,12}\d{0,3}"
MAPS = rf"({NAME}\.\d{{1,4}}(_{NAME}\.\d{{1,4}}){{0,{MOST - 1}}})?"
KERNELS = rf"({NAME}\.\d{{1,4}}\.\d{{1,4}}(_{NAME}\.\d{{1,4}}\.\d{{1,4}}){{0,{MOST - 1}}})?"
LONGEST = MOST * 26
BETWEEN = "~"  # two kernels in a link: the one free sign that no number and no packed kernel holds

Place = tuple[str, int, int]  # layer, filter, input map
Edits = tuple[tuple[Place, Matrix], ...]


@dataclass(frozen=True)
class Grids:
    """Up to `most` matrices of one rule; a link joins them by "~".

    >>> Grids(Grid(3, 3), 2).parse("1,2;3,4~5")
    (((1.0, 2.0), (3.0, 4.0)), ((5.0,),))
    """

    each: Grid
    most: int

    def parse(self, text: str) -> tuple[Matrix, ...]:
        parts = text.split(BETWEEN, self.most) if text else []
        return self.accept([self.each.parse(part) for part in parts])

    def accept(self, value: Any) -> tuple[Matrix, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > self.most:
            raise ValueError(f"not at most {self.most} matrices")
        grids = tuple(self.each.accept(one) for one in value)
        if not all(grids):
            raise ValueError("a matrix without numbers")
        return grids

    def show(self, value: tuple[Matrix, ...]) -> str:
        return BETWEEN.join(self.each.show(one) for one in value)


@dataclass(frozen=True)
class Surgery:
    """`off` are the maps switched off as (layer, number), `edits` the kernels with other numbers; hashable.

    >>> Surgery.read("conv1.2_fc1.7", "conv2.3.0", (((1.0,),),)).maps() == {"conv1": {2}, "fc1": {7}}
    True
    """

    off: tuple[tuple[str, int], ...] = ()
    edits: Edits = ()

    @classmethod
    def read(cls, off: str, edited: str, kernels: Sequence[Matrix]) -> Surgery:
        """What the scene's three fields say; ValueError where the kernels are not one for each place."""
        maps = [name.split(".") for name in off.split("_") if name]
        places = [name.split(".") for name in edited.split("_") if name]
        edits = [((layer, int(f), int(c)), k) for (layer, f, c), k in zip(places, kernels, strict=True)]
        if len({place for place, _ in edits}) != len(edits):
            raise ValueError("two kernels for one place")
        return cls(tuple((layer, int(number)) for layer, number in maps), tuple(edits))

    def written(self) -> dict[str, Any]:
        """The scene's three fields."""
        return {
            "off": "_".join(f"{layer}.{number}" for layer, number in self.off),
            "edited": "_".join(".".join(map(str, place)) for place, _ in self.edits),
            "kernel": tuple(kernel for _, kernel in self.edits),
        }

    def maps(self) -> dict[str, set[int]]:
        """The maps that are switched off, by layer."""
        found: dict[str, set[int]] = {}
        for layer, number in self.off:
            found.setdefault(layer, set()).add(number)
        return found

    def but(self, layer: str, number: int) -> Surgery:
        """The same with one map left on.

        >>> Surgery((("conv1", 2),)).but("conv1", 2) == Surgery()
        True
        """
        return Surgery(tuple(one for one in self.off if one != (layer, number)), self.edits)

    def __bool__(self) -> bool:
        return bool(self.off or self.edits)
