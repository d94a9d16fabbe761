"""Colour planes mixed into new planes: a convolution whose kernel is one pixel wide, 1 × 1.

Out plane o at a pixel is the sum over the in planes c of mix[o][c] · in[c], at that same pixel and no other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from cnnviz.core.conv import ConvSpec

Mix = Sequence[Sequence[float]]

IDENTITY: tuple[tuple[float, ...], ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
LUMA: tuple[tuple[float, ...], ...] = ((0.299, 0.587, 0.114),)
"""Grey as the eye weighs colours: ITU-R BT.601, the weights PIL's `convert("L")` and OpenCV use."""

PRESETS: dict[str, tuple[tuple[float, ...], ...]] = {
    "identity": IDENTITY,
    "grey": LUMA,
    "mean": ((0.333, 0.333, 0.334),),
    "swap": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)),
    "no_green": ((1.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "difference": ((1.0, -1.0, 0.0),),
}
"""Mixes with a name: rows are out planes, columns the in planes R, G, B."""


def weight(mix: Mix) -> Tensor:
    """The mix as the weight of a 1 × 1 convolution: float32 (out, in, 1, 1).

    >>> tuple(weight(LUMA).shape)
    (1, 3, 1, 1)
    """
    return torch.tensor([[float(v) for v in row] for row in mix])[:, :, None, None]


def mixed(planes: Tensor, mix: Mix) -> Tensor:
    """The new planes (out, H, W) from (in, H, W), by the 1 × 1 convolution; nothing is clipped.

    >>> mixed(torch.tensor([[[1.0]], [[0.5]], [[0.0]]]), LUMA)
    tensor([[[0.5925]]])
    """
    kernel = weight(mix)
    spec = ConvSpec(1, in_channels=kernel.shape[1], out_channels=kernel.shape[0])
    return spec(planes, kernel)


def shown(planes: Tensor) -> np.ndarray:
    """Planes as a screen shows them: uint8 (H, W, 3), one plane as grey, what lies outside 0..1 at the end colour."""
    whole = torch.round(planes.clamp(0, 1) * 255).to(torch.uint8)
    return np.ascontiguousarray(whole.expand(3, -1, -1).permute(1, 2, 0).numpy())
