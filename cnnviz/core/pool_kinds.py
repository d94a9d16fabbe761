"""What a pooling window becomes: the kinds, and for those that pick and weigh pixels, each pixel's share of the result.

"max", "avg" and "lp" can be taken one axis after the other (`pooling` does). The others look at a whole window at
once: a function here gives every tap its share, and the result is the sum of share times value, in pictures, in
steps and in formulas alike. Padding has no share in them.
"""

from __future__ import annotations

import math
from enum import StrEnum

import torch
from torch import Tensor

from cnnviz.core.step import Reduction


class PoolKind(StrEnum):
    """What a window becomes."""

    MAX = "max"  # its largest value
    AVG = "avg"  # its mean
    LP = "lp"  # its p-norm
    MEDIAN = "median"  # its middle value; the mean of the two middle ones where their number is even
    K_MAX = "k_max"  # the mean of its k largest values
    STOCHASTIC = "stochastic"  # one value, drawn with a probability that grows with it (Zeiler & Fergus, 2013)
    K_MEANS = "k_means"  # the mean of the larger of two groups; in articles, but in no framework


REDUCTIONS = {PoolKind.MAX: Reduction.MAX, PoolKind.AVG: Reduction.MEAN, PoolKind.LP: Reduction.LP}
REDUCTIONS |= {kind: Reduction.SHARES for kind in PoolKind if kind not in REDUCTIONS}


def ranks(values: Tensor, inside: Tensor) -> Tensor:
    """Place of each tap when the window is sorted, smallest first and equals in reading order; padding last."""
    order = values.masked_fill(~inside, math.inf).argsort(dim=-1, stable=True)
    return torch.empty_like(order).scatter_(-1, order, torch.arange(values.shape[-1]).expand_as(order))


def median_shares(values: Tensor, inside: Tensor) -> Tensor:
    """1 for the middle value, or a half for each of the two: (..., taps) values and whether they are pixels.

    >>> median_shares(torch.tensor([3.0, 9.0, 1.0, 4.0]), torch.tensor([True, True, True, True]))
    tensor([0.5000, 0.0000, 0.0000, 0.5000])
    """
    count = inside.sum(-1, keepdim=True)
    rank = ranks(values, inside)
    low, high = (count - 1) // 2, count // 2
    return ((rank == low).to(values.dtype) + (rank == high).to(values.dtype)) / 2 * inside


def k_max_shares(values: Tensor, inside: Tensor, k: int) -> Tensor:
    """1 / k for each of the k largest; where there are fewer pixels, all of them.

    >>> k_max_shares(torch.tensor([3.0, 9.0, 1.0, 4.0]), torch.tensor([True, True, True, True]), k=2)
    tensor([0.0000, 0.5000, 0.0000, 0.5000])
    """
    count = inside.sum(-1, keepdim=True)
    taken = (ranks(values, inside) >= count - k) & inside
    return taken.to(values.dtype) / count.clamp(1, k)


def probabilities(values: Tensor, inside: Tensor) -> Tensor:
    """Each positive value as a part of their sum; all pixels alike where none is positive.

    >>> probabilities(torch.tensor([1.0, -2.0, 3.0, 0.0]), torch.tensor([True, True, True, False]))
    tensor([0.2500, 0.0000, 0.7500, 0.0000])
    """
    positive = values.clamp(min=0) * inside
    total = positive.sum(-1, keepdim=True)
    alike = inside.to(values.dtype) / inside.sum(-1, keepdim=True).clamp(min=1)
    return torch.where(total > 0, positive / total.where(total > 0, 1), alike)


def stochastic_shares(values: Tensor, inside: Tensor, draws: Tensor) -> Tensor:
    """1 for the value that is drawn; `draws` has a number of [0, 1) for each window, shape (...).

    >>> stochastic_shares(torch.tensor([1.0, -2.0, 3.0]), torch.tensor([True, True, True]), torch.tensor(0.3))
    tensor([0., 0., 1.])
    """
    chance = probabilities(values.double(), inside)  # summed in one order and precision, in a picture as in a step
    sums = chance.cumsum(-1)
    passed = (sums <= draws.double().unsqueeze(-1) * sums[..., -1:]).sum(-1, keepdim=True)
    last = (chance > 0).double().cumsum(-1).argmax(-1, keepdim=True)  # the last tap with a chance
    return torch.zeros_like(values).scatter_(-1, torch.minimum(passed, last), 1.0) * inside


def k_means_shares(values: Tensor, inside: Tensor) -> Tensor:
    """1 / m for each of the m members of the larger group, when two groups lie as tightly as they can.

    The exact k-means for k = 2 on a line: one cut of the sorted values. Equal groups: the one with larger values.

    >>> k_means_shares(torch.tensor([1.0, 9.0, 2.0]), torch.tensor([True, True, True]))
    tensor([0.5000, 0.0000, 0.5000])
    """
    rank, count = ranks(values, inside), inside.sum(-1, keepdim=True)
    in_order = torch.zeros_like(values, dtype=torch.float64).scatter_(-1, rank, (values * inside).double())
    sums = in_order.cumsum(-1)
    below = torch.arange(1, values.shape[-1] + 1).expand_as(rank)  # members of the lower group at each cut
    above = (count - below).clamp(min=1)
    tightness = sums**2 / below + (sums[..., -1:] - sums) ** 2 / above
    cut = tightness.masked_fill(below >= count, -math.inf).argmax(-1, keepdim=True) + 1
    lower = (cut > count - cut) | (count == 1)
    member = torch.where(lower, rank < cut, rank >= cut) & inside
    return member.to(values.dtype) / member.sum(-1, keepdim=True).clamp(min=1)


def shares(kind: PoolKind, values: Tensor, inside: Tensor, k: int, draws: Tensor | None) -> Tensor:
    """The share of every tap, (..., taps), for the kinds that have one; nan in a window without a pixel.

    `draws` is for "stochastic": without it each value weighs by its probability, as at test time.
    """
    if kind is PoolKind.MEDIAN:
        found = median_shares(values, inside)
    elif kind is PoolKind.K_MAX:
        found = k_max_shares(values, inside, k)
    elif kind is PoolKind.K_MEANS:
        found = k_means_shares(values, inside)
    elif draws is not None:
        found = stochastic_shares(values, inside, draws)
    else:
        found = probabilities(values, inside)
    return found.masked_fill(~inside.any(-1, keepdim=True), math.nan)
