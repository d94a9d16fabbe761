"""Small changes to pictures between the data and the network, so that it learns what does not matter."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from cnnviz.nets.recipes import Augment


def augmented(images: Tensor, how: str, generator: Generator) -> Tensor:
    """(N, C, H, W) in and out; every picture gets its own change, drawn from `generator`."""
    if how in (Augment.FLIP, Augment.FLIP_SHIFT):
        images = flipped(images, torch.rand(len(images), generator=generator) < 0.5)
    if how in (Augment.SHIFT, Augment.FLIP_SHIFT):
        reach = 2 if how == Augment.SHIFT else images.shape[-1] // 8
        images = shifted(images, torch.randint(-reach, reach + 1, (len(images), 2), generator=generator))
    return images


def flipped(images: Tensor, which: Tensor) -> Tensor:
    """Left and right swapped where `which` (N,) is true.

    >>> flipped(torch.tensor([[[[1, 2]]], [[[3, 4]]]]), torch.tensor([True, False])).flatten().tolist()
    [2, 1, 3, 4]
    """
    return torch.where(which.view(-1, 1, 1, 1), images.flip(3), images)


def shifted(images: Tensor, by: Tensor) -> Tensor:
    """Each picture moved by its (rows, columns) of `by` (N, 2), down and right; what comes in is 0.

    >>> shifted(torch.tensor([[[[1, 2], [3, 4]]]]), torch.tensor([[1, 0]])).flatten().tolist()
    [0, 0, 1, 2]
    """
    count, channels, height, width = images.shape
    reach = int(by.abs().max()) if len(by) else 0
    wide = F.pad(images, (reach,) * 4)
    rows = torch.arange(height) + reach - by[:, :1]
    columns = torch.arange(width) + reach - by[:, 1:]
    place = rows[:, :, None] * wide.shape[3] + columns[:, None, :]
    flat = place.view(count, 1, -1).expand(-1, channels, -1)
    return wide.flatten(2).gather(2, flat).view(images.shape)
