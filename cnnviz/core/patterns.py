"""Small inputs made of numbers: a pattern's name and a size go in, a matrix that is worth convolving comes out.

The browser draws the same patterns while a reader drags the size (components/player/patterns.js; a fixture holds the
two together).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

DIGITS = (
    (14, 17, 19, 21, 25, 17, 14),
    (4, 12, 4, 4, 4, 4, 14),
    (14, 17, 1, 2, 4, 8, 31),
    (14, 17, 1, 6, 1, 17, 14),
    (2, 6, 10, 18, 31, 2, 2),
    (31, 16, 30, 1, 1, 17, 14),
    (6, 8, 16, 30, 17, 17, 14),
    (31, 1, 2, 4, 8, 8, 8),
    (14, 17, 17, 14, 17, 17, 14),
    (14, 17, 17, 15, 1, 2, 12),
)
"""The ten digits, seven rows of five bits each."""


def _places(rows: int, columns: int) -> tuple[Numbers, Numbers]:
    r, c = np.mgrid[:rows, :columns]
    return r.astype(float), c.astype(float)


def textbook(rows: int, columns: int, seed: int = 0) -> Numbers:
    """1 2 3 0, each row moved one to the right: at 4 x 4 the textbook's first example."""
    r, c = _places(rows, columns)
    return (1 + c - r) % 4


def count(rows: int, columns: int, seed: int = 0) -> Numbers:
    """0, 1, 2, ... in reading order: every number tells its place."""
    return np.arange(rows * columns, dtype=float).reshape(rows, columns)


def from_one(rows: int, columns: int, seed: int = 0) -> Numbers:
    """1, 2, 3, ... in reading order: at 4 x 4 the input of the articles' max pooling."""
    return count(rows, columns) + 1


def ramp(rows: int, columns: int, seed: int = 0) -> Numbers:
    """The column's number: slopes evenly to the right."""
    return _places(rows, columns)[1]


def checker(rows: int, columns: int, seed: int = 0) -> Numbers:
    """1 and 0 in turn, as on a chessboard."""
    r, c = _places(rows, columns)
    return (r + c + 1) % 2


def cross(rows: int, columns: int, seed: int = 0) -> Numbers:
    """1 on the middle row and the middle column."""
    r, c = _places(rows, columns)
    middle: Numbers = ((r == rows // 2) | (c == columns // 2)).astype(float)
    return middle


def edge(rows: int, columns: int, seed: int = 0) -> Numbers:
    """0 on the left, 9 on the right: one upright edge."""
    return np.where(_places(rows, columns)[1] < columns // 2, 0.0, 9.0)


def impulse(rows: int, columns: int, seed: int = 0) -> Numbers:
    """A single 1 in the middle: the output shows the kernel, turned by 180 degrees unless it is flipped."""
    numbers = np.zeros((rows, columns))
    numbers[rows // 2, columns // 2] = 1
    return numbers


def ones(rows: int, columns: int, seed: int = 0) -> Numbers:
    """1 everywhere: the output shows how many pixels each window meets."""
    return np.ones((rows, columns))


def digit(rows: int, columns: int, seed: int = 0) -> Numbers:
    """The digit `seed` mod 10 in ones, as large as it fits, in the middle; cut where there is no room.

    >>> digit(7, 5, seed=7).sum(axis=1).tolist()
    [5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    bits = np.array([[row >> (4 - c) & 1 for c in range(5)] for row in DIGITS[seed % 10]], float)
    scale = max(1, min(rows // 7, columns // 5))
    r, c = np.arange(rows) - (rows - 7 * scale) // 2, np.arange(columns) - (columns - 5 * scale) // 2
    inside = ((r >= 0) & (r < 7 * scale))[:, None] & ((c >= 0) & (c < 5 * scale))[None, :]
    sources = np.clip(r // scale, 0, 6)[:, None], np.clip(c // scale, 0, 4)[None, :]
    return np.where(inside, bits[sources], 0.0)


def random(rows: int, columns: int, seed: int = 0) -> Numbers:
    """torch.manual_seed(seed); torch.randint(-3, 4, (rows, columns)), without touching torch's own generator.

    >>> random(2, 3, seed=0).tolist()
    [[1.0, 0.0, -3.0], [-1.0, -2.0, -1.0]]
    """
    import torch

    generator = torch.Generator().manual_seed(seed)
    drawn: Numbers = torch.randint(-3, 4, (rows, columns), generator=generator).double().numpy()
    return drawn


PATTERNS: dict[str, Callable[[int, int, int], Numbers]] = {
    p.__name__: p for p in (textbook, count, from_one, ramp, checker, cross, edge, impulse, ones, digit, random)
}
"""Every pattern by its name, which is also its name in a link."""


def pattern(name: str, rows: int, columns: int, seed: int = 0) -> Numbers:
    """The pattern as float64 of shape (rows, columns); `seed` matters to `digit` and `random` only.

    Raises KeyError for an unknown name.

    >>> pattern("textbook", 4, 4).astype(int).tolist()
    [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
    """
    return PATTERNS[name](rows, columns, seed)


def piece(grey: NDArray[np.uint8], at: tuple[int, int], every: int, rows: int, columns: int) -> Numbers:
    """A piece of a grey picture (H, W): each number the mean of `every` x `every` pixels, rounded, halves up.

    `at` is the piece's first pixel; what would lie outside repeats the picture's last row and column.

    >>> piece(np.arange(16, dtype=np.uint8).reshape(4, 4), (0, 2), 2, 1, 1).tolist()
    [[5.0]]
    """
    r = np.minimum(at[0] + np.arange(rows * every), grey.shape[0] - 1)
    c = np.minimum(at[1] + np.arange(columns * every), grey.shape[1] - 1)
    blocks = grey[np.ix_(r, c)].reshape(rows, every, columns, every).astype(np.int64).sum(axis=(1, 3))
    # Whole numbers throughout, so that the browser rounds every half alike.
    means: Numbers = ((2 * blocks + every * every) // (2 * every * every)).astype(float)
    return means
