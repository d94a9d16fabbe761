"""Which kernel of the textbooks a matrix of weights resembles, between the presets and what a network learned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cnnviz.core.kernels.facts import anchor
from cnnviz.core.kernels.presets import PRESETS
from cnnviz.core.kernels.record import MAX_SIDE, Weights


@dataclass(frozen=True)
class Resemblance:
    """The preset with this id, and the normalised correlation with it: 1 the same up to a factor, −1 its negative."""

    preset: str
    correlation: float


def resemblances(kernels: npt.ArrayLike) -> tuple[Resemblance | None, ...]:
    """For each of (N, kh, kw) kernels the preset whose correlation is farthest from 0; None for a kernel of zeros.

    The correlation is Σab / √(Σa² Σb²), the cosine of the angle between the two as vectors, anchor on anchor, the
    smaller one with zeros around it. A factor makes no difference; a shift, a turn or a size does.

    >>> from cnnviz.core.kernels.presets import preset
    >>> [(r.preset, r.correlation) for r in resemblances([-3 * preset("sobel_x").weights]) if r]
    [('sobel_x', -1.0)]
    """
    stack = np.asarray(kernels, np.float64)
    directions, lengths = _directions(stack)
    correlations = np.round(directions @ _presets().T, 12)
    best = np.abs(correlations).argmax(axis=1)
    return tuple(
        Resemblance(PRESETS[b].id, float(line[b])) if length else None
        for line, b, length in zip(correlations, best, lengths, strict=True)
    )


@lru_cache(maxsize=1)
def _presets() -> npt.NDArray[np.float64]:
    """Every preset as a vector of length 1, (P, cells of the common grid)."""
    return np.stack([_directions(kernel.weights[None])[0][0] for kernel in PRESETS])


def _directions(stack: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """(N, kh, kw) as vectors of length 1 on the common grid, and how long they were; zeros stay zeros."""
    flat = np.stack([_laid(kernel).ravel() for kernel in stack])
    lengths = np.linalg.norm(flat, axis=1)
    return flat / np.where(lengths, lengths, 1)[:, None], lengths


def _laid(weights: Weights) -> Weights:
    """The kernel with its anchor in the middle of a grid that holds every kernel there may be."""
    grid = np.zeros((2 * MAX_SIDE, 2 * MAX_SIDE))
    top, left = (MAX_SIDE - a for a in anchor(weights.shape))
    grid[top : top + weights.shape[0], left : left + weights.shape[1]] = weights
    return grid
