"""The experiments of the pixels page: core's functions put on a picture of a size that answers at once.

Results depend on the picture's digest and the settings alone, so the last few are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from cnnviz.core.colour_mix import LUMA, mixed
from cnnviz.core.conv import ConvSpec
from cnnviz.core.equivariance import Border, ShiftTest, shift_test
from cnnviz.core.images import Picture, fit
from cnnviz.core.kernels import preset
from cnnviz.core.locality import autocorrelation, correlation, fully_connected_difference, permutation, shuffled
from cnnviz.core.value_range import Stage, Step, histogram, stages

SHUFFLE_SIDE = 128
SHIFT_SIDE = 96
FARTHEST = 40
DENSE_OUTPUTS = 10

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ShuffleTest:
    """What a shuffle of the pixels changes: pictures (H, W) or (H, W, 3), maps (H, W), correlations by distance."""

    size: tuple[int, int]
    picture: Bytes
    picture_map: Floats
    shuffled_picture: Bytes
    shuffled_map: Floats
    limit: float
    plain: list[float | None]
    shuffled: list[float | None]
    dense_difference: float


def grey_plane(picture: Picture) -> Tensor:
    """The picture as one plane (H, W) of whole numbers 0..255, float64, so that sums of them are exact.

    >>> from cnnviz.core.images import picture_from_pixels
    >>> grey_plane(picture_from_pixels(np.array([[0, 300, 65535]], np.uint16))).tolist()
    [[0.0, 1.0, 255.0]]
    """
    planes = picture.tensor()
    plane = mixed(planes, LUMA)[0] if picture.channels == 3 else planes[0]
    return torch.round(plane.double() * 255)


def eight_bit(picture: Picture) -> Bytes:
    """The pixels with 8 bits, as a screen shows them: (H, W) or (H, W, 3)."""
    if picture.pixels.dtype == np.uint8:
        return np.asarray(picture.pixels, np.uint8)
    return np.rint(picture.pixels / (picture.largest / 255)).astype(np.uint8)


@lru_cache(maxsize=16)
def shuffle_test(picture: Picture, seed: int) -> ShuffleTest:
    """Shuffle the picture's pixels and compare: maps of a 3 × 3 kernel, correlations, a fully connected layer."""
    small = fit(picture, SHUFFLE_SIDE)
    pixels, plane = eight_bit(small), grey_plane(small)
    order = permutation(small.height * small.width, seed)
    mixed_up = shuffled(plane[None], order)[0]
    maps = [_edges(p) for p in (plane, mixed_up)]
    colours = torch.from_numpy(np.atleast_3d(pixels).transpose(2, 0, 1).copy())
    distances = range(min(FARTHEST, small.width))
    return ShuffleTest(
        (small.height, small.width),
        pixels,
        maps[0].float().numpy(),
        shuffled(colours, order).permute(1, 2, 0).numpy().reshape(pixels.shape).copy(),
        maps[1].float().numpy(),
        max(m.abs().max().item() for m in maps),
        autocorrelation(plane, distances),
        autocorrelation(mixed_up, distances),
        fully_connected_difference(small.tensor(), order, DENSE_OUTPUTS, seed=0),
    )


def _edges(plane: Tensor) -> Tensor:
    """The map of Sobel's kernel, edges of the picture replicated: (H, W)."""
    kernel = torch.from_numpy(preset("sobel_x").weights)[None, None]
    return ConvSpec(3, padding="same", padding_mode="replicate")(plane[None], kernel)[0]


@lru_cache(maxsize=32)
def shift_maps(
    picture: Picture, kernel: str, down: int, right: int, border: str, stride: int
) -> tuple[Bytes, ShiftTest]:
    """The grey picture the test is done on, uint8 (H, W) with even sides, and the test."""
    plane = grey_plane(fit(picture, SHIFT_SIDE))
    height, width = (max(n - n % 2, 1) for n in plane.shape)
    plane = plane[:height, :width]
    weights = torch.from_numpy(preset(kernel).weights)
    return plane.to(torch.uint8).numpy(), shift_test(plane, weights, down, right, Border(border), stride)


@dataclass(frozen=True, eq=False)
class StageReport:
    """A stage without its numbers: `counts` (C, bins) between `low` and `high`, and the pixel in the middle."""

    stage: Stage
    counts: npt.NDArray[np.int32]
    low: float
    high: float
    sample: tuple[float, ...]


@lru_cache(maxsize=32)
def plane_correlations(picture: Picture) -> dict[str, float | None]:
    """How alike the planes of an RGB picture are, by pairs "rg", "rb", "gb"."""
    red, green, blue = picture.tensor()
    return {"rg": correlation(red, green), "rb": correlation(red, blue), "gb": correlation(green, blue)}


@lru_cache(maxsize=32)
def value_reports(picture: Picture, steps: str, own: bool) -> tuple[StageReport, ...]:
    """The stages for steps written as a scene writes them, "us" for divide and standardise."""
    return tuple(_report(stage) for stage in stages(picture, [Step(letter) for letter in steps], own=own))


def _report(stage: Stage) -> StageReport:
    counts, low, high = histogram(stage.values)
    height, width = stage.values.shape[1:]
    middle = stage.values[:, height // 2, width // 2].tolist()
    # The numbers themselves are let go: a cache of them would hold whole pictures as float32.
    return StageReport(replace(stage, values=stage.values[:, :0, :0]), counts, low, high, tuple(map(float, middle)))


def inner_box(border: Tensor) -> dict[str, int] | None:
    """The block of output pixels no edge touches, or None where there is none, or all are.

    >>> inner_box(torch.tensor([[True, True, True], [True, False, True]]))
    {'row': 1, 'col': 1, 'rows': 1, 'cols': 1}
    """
    rows, columns = (torch.nonzero(~border.all(axis)).flatten().tolist() for axis in (1, 0))
    if not rows or not columns or not bool(border.any()):
        return None
    return {"row": rows[0], "col": columns[0], "rows": len(rows), "cols": len(columns)}


def from_picture(picture: Picture, side: int) -> tuple[tuple[float, ...], ...]:
    """The picture's middle square as side × side whole numbers 0..255, by area averaging where it is larger."""
    pixels = picture.pixels
    height, width = pixels.shape[:2]
    plane = grey_plane(picture)
    square = min(height, width)
    top, left = (height - square) // 2, (width - square) // 2
    cut = plane[top : top + square, left : left + square][None, None]
    small = torch.nn.functional.interpolate(cut, size=(side, side), mode="area")[0, 0]
    return tuple(tuple(row) for row in torch.round(small).tolist())
