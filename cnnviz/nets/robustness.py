"""Small changes to a picture that leave its meaning alone, to see whether the network's answer stays too."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.errors import InvalidSpec

BOUNDS = {
    "right": (-28.0, 28.0),
    "down": (-28.0, 28.0),
    "turn": (-180.0, 180.0),
    "scale": (0.25, 4.0),
    "noise": (0.0, 1.0),
}


def disturbed(
    image: Tensor, *, right: float = 0.0, down: float = 0.0, turn: float = 0.0, scale: float = 1.0, noise: float = 0.0,
    seed: int = 0,
) -> Tensor:  # fmt: skip
    """The picture (C, H, W) scaled and turned about its middle, then shifted, then with noise; in [0, 1], 0 comes in.

    `right` and `down` in pixels, `turn` in degrees against the clock, `scale` a factor, `noise` the standard deviation
    of what is added, drawn from `seed`. Values in between pixels are mixed from the four around them.

    >>> picture = torch.zeros(1, 5, 5)
    >>> picture[0, 2, 1] = 1
    >>> disturbed(picture, right=2)[0, 2].tolist()
    [0.0, 0.0, 0.0, 1.0, 0.0]
    """
    given = {"right": right, "down": down, "turn": turn, "scale": scale, "noise": noise}
    for name, value in given.items():
        low, high = BOUNDS[name]
        if not low <= value <= high:
            raise InvalidSpec("parameter_outside", name=name, value=value, low=low, high=high)
    moved = image.float()
    if (right, down, turn, scale) != (0, 0, 0, 1):
        moved = F.grid_sample(image[None].float(), _places(image, right, down, turn, scale), align_corners=True)[0]
    if noise:
        drawn = torch.randn(image.shape, generator=torch.Generator().manual_seed(seed))
        moved = moved + noise * drawn
    return moved.clamp(0, 1)


def _places(image: Tensor, right: float, down: float, turn: float, scale: float) -> Tensor:
    """(1, H, W, 2): where each new pixel is looked up in the old picture, (x, y) in [−1, 1] as grid_sample wants it."""
    height, width = image.shape[1:]
    y, x = torch.meshgrid(torch.arange(float(height)) - down, torch.arange(float(width)) - right, indexing="ij")
    y, x = y - (height - 1) / 2, x - (width - 1) / 2
    sine, cosine = math.sin(math.radians(turn)) / scale, math.cos(math.radians(turn)) / scale
    back_x, back_y = cosine * x - sine * y, sine * x + cosine * y
    half = torch.tensor([max(width - 1, 1) / 2, max(height - 1, 1) / 2])
    return (torch.stack((back_x, back_y), -1) / half).unsqueeze(0)
