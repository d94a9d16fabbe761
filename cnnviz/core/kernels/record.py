"""What a kernel is here: a named matrix with its divisor, offset, family and source; presets are a table of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Matrix = tuple[tuple[float, ...], ...]
"""Rows of numbers, the form a kernel has in a link, a scene and a record."""

Weights = npt.NDArray[np.float64]
"""(kh, kw) float64, the form a kernel is computed with."""

MAX_SIDE = 31
"""The largest kernel, in cells a side."""


class Family(StrEnum):
    """What a kernel is for; the gallery is grouped by this."""

    IDENTITY = "identity"
    SMOOTH = "smooth"
    SHARPEN = "sharpen"
    EDGE = "edge"
    COMPASS = "compass"
    LINE = "line"
    TEXTURE = "texture"
    EMBOSS = "emboss"


@dataclass(frozen=True)
class Kernel:
    """One 2-D slice of weights as it is published: whole numbers where there are some, and one `divisor` for all.

    The picture is cross-correlated with `matrix / divisor`, then `offset` is added (a grey level of 0.5 for reliefs).

    >>> box = Kernel("box", Family.SMOOTH, ((1, 1), (1, 1)), divisor=4)
    >>> box.weights.tolist(), box.size
    ([[0.25, 0.25], [0.25, 0.25]], (2, 2))
    """

    id: str
    family: Family
    matrix: Matrix
    divisor: float = 1.0
    offset: float = 0.0
    source: str = ""

    @property
    def weights(self) -> Weights:
        """(kh, kw) float64: the matrix with the divisor applied."""
        return np.array(self.matrix, np.float64) / self.divisor

    @property
    def size(self) -> tuple[int, int]:
        """(rows, columns)."""
        return len(self.matrix), len(self.matrix[0])


def rows(weights: npt.ArrayLike) -> Matrix:
    """An array (kh, kw) as tuples of float.

    >>> rows(np.eye(2))
    ((1.0, 0.0), (0.0, 1.0))
    """
    return tuple(tuple(float(value) for value in row) for row in np.asarray(weights, np.float64))
