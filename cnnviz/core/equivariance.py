"""Shift the input and the output shifts with it: shown on numbers, and where it ends, at the border and at stride 2.

Two ways to one size of map: convolve the shifted picture, or shift the convolved one. Their difference is what this
module computes. Everything is float64, so that a difference of 0 means equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor

from cnnviz.core.conv import ConvSpec
from cnnviz.core.padding import PaddingMode


class Border(StrEnum):
    """What comes in where the picture moved away, and what padding shows: nothing, or the other side."""

    ZEROS = "zeros"
    CIRCULAR = "circular"


@dataclass(frozen=True, eq=False)
class ShiftTest:
    """The four maps and what came of comparing them, all planes (H, W) of float64.

    `difference` = `shift_first` − `convolve_first`. `border` marks the output pixels whose window meets padding, and
    those that came in from outside: everywhere else the difference must be 0. `output_shift` is None where the shift
    is not a whole number of output pixels.
    """

    shifted: Tensor
    output: Tensor
    shift_first: Tensor
    convolve_first: Tensor
    difference: Tensor
    border: Tensor
    output_shift: tuple[int, int] | None
    largest_inside: float
    largest_at_border: float


def shift(plane: Tensor, down: int, right: int, border: Border) -> Tensor:
    """The plane (H, W) moved; what leaves comes back on the other side (circular) or is lost (zeros).

    >>> shift(torch.tensor([[1, 2, 3]]), 0, 1, Border.ZEROS).tolist()
    [[0, 1, 2]]
    >>> shift(torch.tensor([[1, 2, 3]]), 0, 1, Border.CIRCULAR).tolist()
    [[3, 1, 2]]
    """
    moved = torch.roll(plane, (down, right), (0, 1))
    if border is Border.CIRCULAR:
        return moved
    for axis, amount in enumerate((down, right)):
        size = plane.shape[axis]
        kept = torch.arange(size)
        kept = (kept >= amount) & (kept < size + amount)
        moved = moved * kept.reshape((-1, 1) if axis == 0 else (1, -1)).to(plane.dtype)
    return moved


def shift_test(plane: Tensor, kernel: Tensor, down: int, right: int, border: Border, stride: int = 1) -> ShiftTest:
    """Compare convolving the shifted plane with shifting the convolved one; padding keeps the size at stride 1.

    >>> x = torch.arange(64.0).reshape(8, 8)
    >>> t = shift_test(x, torch.ones(3, 3), 0, 2, Border.CIRCULAR)
    >>> t.largest_inside, t.largest_at_border, int(t.border.sum())
    (0.0, 0.0, 0)
    """
    spec = ConvSpec(tuple(kernel.shape), padding="same", stride=stride, padding_mode=_mode(border))
    x, w = plane.double(), kernel.double()[None, None]
    moved = shift(x, down, right, border)
    output, shift_first = (spec(p[None], w)[0] for p in (x, moved))
    whole = down % stride == 0 and right % stride == 0
    by = (down // stride, right // stride)
    convolve_first = shift(output, by[0], by[1], border)
    difference = shift_first - convolve_first
    edge = _border(spec, tuple(plane.shape), by, border)
    sizes = difference.abs()
    inside, outside = (sizes[where].max().item() if bool(where.any()) else 0.0 for where in (~edge, edge))
    shown = by if whole else None
    return ShiftTest(moved, output, shift_first, convolve_first, difference, edge, shown, inside, outside)


def _mode(border: Border) -> str:
    return (PaddingMode.ZEROS if border is Border.ZEROS else PaddingMode.CIRCULAR).value


def _border(spec: ConvSpec, size: tuple[int, ...], by: tuple[int, int], border: Border) -> Tensor:
    """Which output pixels the edge touches, before or after the shift: bool, shape of the output."""
    out = spec.output_size(size)
    if border is Border.CIRCULAR:
        return torch.zeros(out, dtype=torch.bool)
    touched = []
    for axis, n, count, amount in zip(spec.axes(size), size, out, by, strict=True):
        meets_padding = torch.tensor([any(i is None for _, i in axis.taps(o, n)) for o in range(count)])
        comes_in = torch.tensor([not 0 <= o - amount < count for o in range(count)])
        touched.append(meets_padding | comes_in if amount else torch.zeros(count, dtype=torch.bool))
    rows, columns = touched
    return rows[:, None] | columns[None, :]
