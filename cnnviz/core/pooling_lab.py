"""What the pooling page measures on whole pictures: a pooled picture, and what stays the same when the input moves.

Planes are float64, (H, W), in grey levels 0 to 255.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.pooling import Pooling

Plane = NDArray[np.float64]
BLOCKS = (1, 2, 4, 8, 16, 0)
"""Windows of the comparison: 1 is no pooling, 0 is global."""
DECIMALS = 6
"""Of a number between pixels: between two pixels of 255 lies 255, not 255.00000000000003, which would be a change."""


def moved(plane: Plane, shift: tuple[int, int], turn: int, scale: int) -> Plane:
    """The plane turned (degrees, anticlockwise), scaled (percent) around its middle, then shifted (down, right).

    Between pixels it is interpolated, beyond the edge the edge is repeated. A shift alone moves whole pixels, exactly.

    >>> moved(np.array([[1.0, 2.0, 3.0]]), (0, 1), 0, 100).tolist()
    [[1.0, 1.0, 2.0]]
    >>> moved(np.array([[1.0, 2.0], [3.0, 4.0]]), (0, 0), 90, 100).round(6).tolist()
    [[2.0, 4.0], [1.0, 3.0]]
    """
    x = plane if turn == 0 and scale == 100 else _resampled(plane, math.radians(turn), scale / 100)
    rows, columns = (np.clip(np.arange(n) - by, 0, n - 1) for n, by in zip(x.shape, shift, strict=True))
    return x[np.ix_(rows, columns)]


def _resampled(plane: Plane, angle: float, scale: float) -> Plane:
    """Each pixel takes what lies at its place turned back and shrunk back, in pixels, so that circles stay circles."""
    height, width = plane.shape
    cos, sin = math.cos(angle) / scale, math.sin(angle) / scale
    matrix = torch.tensor([[cos, -sin * height / width, 0.0], [sin * width / height, cos, 0.0]], dtype=torch.float64)
    places = F.affine_grid(matrix[None], [1, 1, height, width], align_corners=False)
    x = torch.from_numpy(np.ascontiguousarray(plane))[None, None]
    sampled: Plane = F.grid_sample(x, places, padding_mode="border", align_corners=False)[0, 0].numpy()
    return sampled.round(DECIMALS)


@dataclass(frozen=True)
class Stability:
    """How much a pooled map changes when its input is moved.

    `change` is the mean size of the difference in grey levels; `contrast` what is left to see: the mean distance from
    the map's own mean; `same` the share of outputs that changed by less than half a grey level.
    """

    block: int
    change: float
    contrast: float
    same: float


def block_pool(kind: str, block: int) -> Pooling:
    """Windows of `block` x `block` side by side; 0 is one window for all."""
    return AdaptivePoolSpec(1, kind) if block == 0 else PoolSpec((block, block), kind)


def stability(plane: Plane, other: Plane, kind: str, block: int) -> Stability:
    """Compare both planes after the same pooling.

    >>> x = np.array([[9.0, 0.0, 0.0, 0.0]])
    >>> stability(x, moved(x, (0, 1), 0, 100), "max", 0).change
    0.0
    """
    one, two = (pooled(p, kind, block) for p in (plane, other))
    difference, contrast = np.abs(two - one), np.abs(one - one.mean())
    return Stability(block, float(difference.mean()), float(contrast.mean()), float((difference < 0.5).mean()))


def pooled(plane: Plane, kind: str, block: int) -> Plane:
    """The plane pooled by windows of `block` x `block`, or by one window."""
    spec = block_pool(kind, block)
    made: Plane = _computed(spec, plane)
    return made


def _computed(spec: Pooling, plane: Plane) -> Plane:
    x: Tensor = torch.from_numpy(np.ascontiguousarray(plane))[None]
    made: Plane = spec(x)[0].numpy()
    return made


@lru_cache(maxsize=16)
def pooled_picture(spec: PoolSpec | AdaptivePoolSpec, side: int, data: bytes) -> NDArray[np.float32]:
    """A grey picture (side x side bytes) pooled: float32, the output's shape."""
    plane = np.frombuffer(data, np.uint8).reshape(side, -1).astype(np.float32)
    made: NDArray[np.float32] = spec(plane[None])[0].numpy()
    return made


def hills(side: int = 24) -> Plane:
    """A landscape of a few summits between 0 and 9, one of them narrow.

    >>> round(float(hills().max()), 1), hills(8).shape
    (9.0, (8, 8))
    """
    r, c = np.mgrid[:side, :side] / (side - 1)
    summits = [(0.25, 0.3, 0.14, 8.0), (0.7, 0.65, 0.2, 6.0), (0.2, 0.78, 0.07, 7.0), (0.85, 0.15, 0.1, 4.0)]
    height = sum(h * np.exp(-((r - y) ** 2 + (c - x) ** 2) / (2 * s * s)) for y, x, s, h in summits)
    made: Plane = np.round(np.asarray(height) * 9 / np.max(height), 1)
    return made
