"""From a drawn digit, or a picture of one, to what the network sees: the steps by which MNIST itself was made.

"The original images were size normalized to fit in a 20x20 pixel box while preserving their aspect ratio [...] the
images were centered in a 28x28 image by computing the center of mass of the pixels, and translating the image so as to
position this point at the center of the 28x28 field" (LeCun, Cortes, Burges). Ink is 1, paper 0, as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.errors import InvalidSpec

BOX, FIELD = 20, 28
FAINT = 0.1  # less ink than this share of the darkest does not count as drawn
NOISE = 0.25  # of a photograph: what is nearer to the paper than this share of the way to the ink is paper
MAX_SIDE = 4096


@dataclass(frozen=True)
class Stages:
    """Every step on the way, ink 1 and paper 0.

    `drawn` (H, W) as it came, in ink; `box` its drawn part as (top, left, height, width); `cropped` that part; `scaled`
    it with its longer side 20; `boxed` (20, 20) that in the middle of the box; `shift` by how many (rows, columns) the
    box then moves; `centred` (28, 28) the network's input. `mass` is the centre of mass in `centred`, in pixels.
    """

    drawn: Tensor
    box: tuple[int, int, int, int]
    cropped: Tensor
    scaled: Tensor
    boxed: Tensor
    shift: tuple[int, int]
    centred: Tensor
    mass: tuple[float, float]

    @property
    def empty(self) -> bool:
        """Whether nothing was drawn."""
        return self.box[2] == 0


def mnist_like(ink: Tensor) -> Stages:
    """All steps for a drawing (H, W) with ink 1 on paper 0. Nothing drawn gives an empty picture, no error.

    >>> drawn = torch.zeros(100, 100)
    >>> drawn[10:50, 20:30] = 1
    >>> stages = mnist_like(drawn)
    >>> stages.box, tuple(stages.scaled.shape), tuple(stages.centred.shape)
    ((10, 20, 40, 10), (20, 5), (28, 28))
    """
    if ink.ndim != 2 or not 0 < max(ink.shape) <= MAX_SIDE or min(ink.shape) < 1:
        raise InvalidSpec(
            "images_shape", name="ink", shape=tuple(ink.shape), expected=f"(H, W), at most {MAX_SIDE} a side"
        )
    drawn = torch.nan_to_num(ink.detach().float()).clamp(0, 1)
    box = bounding_box(drawn)
    top, left, height, width = box
    cropped = drawn[top : top + height, left : left + width]
    scaled = fitted(cropped)
    boxed = _placed(scaled, BOX, (BOX - scaled.shape[0]) // 2, (BOX - scaled.shape[1]) // 2)
    margin = (FIELD - BOX) // 2
    field = _placed(boxed, FIELD, margin, margin)
    shift = _to_middle(field)
    centred = _placed(boxed, FIELD, margin + shift[0], margin + shift[1])
    return Stages(drawn, box, cropped, scaled, boxed, shift, centred, centre_of_mass(centred))


def bounding_box(ink: Tensor) -> tuple[int, int, int, int]:
    """(top, left, height, width) of what is drawn; (0, 0, 0, 0) where nothing is."""
    in_rows, in_columns = ink.amax(1), ink.amax(0)  # ten times as fast as asking each pixel
    faint = FAINT * float(in_rows.max())
    rows, columns = (most.gt(faint).nonzero().flatten() for most in (in_rows, in_columns))
    if not len(rows):
        return 0, 0, 0, 0
    top, left = int(rows[0]), int(columns[0])
    return top, left, int(rows[-1]) - top + 1, int(columns[-1]) - left + 1


def fitted(cropped: Tensor) -> Tensor:
    """The drawing with its longer side 20 pixels, its shape kept, each new pixel a mean of what it covers."""
    if cropped.numel() == 0:
        return torch.zeros(0, 0)
    factor = BOX / max(cropped.shape)
    size: Any = [max(1, round(side * factor)) for side in cropped.shape]
    small = F.interpolate(cropped[None, None], size, mode="bilinear", antialias=True)
    return small[0, 0].clamp(0, 1)


def centre_of_mass(ink: Tensor) -> tuple[float, float]:
    """(row, column), pixel 0 centred at 0; the middle of the picture where there is no ink.

    >>> centre_of_mass(torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, 3.0]]))
    (0.75, 2.0)
    """
    total = float(ink.sum())
    if total == 0:
        return (ink.shape[0] - 1) / 2, (ink.shape[1] - 1) / 2
    rows, columns = torch.arange(ink.shape[0]), torch.arange(ink.shape[1])
    return float((ink.sum(1) * rows).sum()) / total, float((ink.sum(0) * columns).sum()) / total


def as_ink(grey: Tensor) -> Tensor:
    """A picture (H, W) of a digit, dark on light or light on dark, as ink 1 on paper 0.

    The paper is what the border shows, in the middle of its values; ink is what lies farthest from it.

    >>> as_ink(torch.tensor([[0.8, 0.8, 0.8], [0.8, 0.2, 0.8], [0.8, 0.7, 0.8]])).round(decimals=2).tolist()
    [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    border = torch.cat([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    far = (grey.float() - border.float().median()).abs()
    most = float(far.max())
    if most == 0:
        return torch.zeros_like(far)
    return ((far / most - NOISE) / (1 - NOISE)).clamp(0, 1)


def _to_middle(field: Tensor) -> tuple[int, int]:
    """By how many (rows, columns) the centre of mass has to move; never so far that the box would leave the field.

    Measured on MNIST's own pictures the middle is pixel 14 of 0..27, not the 13.5 between two pixels.
    """
    margin, middle = (FIELD - BOX) // 2, FIELD / 2
    down, right = (round(middle - place) for place in centre_of_mass(field))
    return max(-margin, min(margin, down)), max(-margin, min(margin, right))


def _placed(picture: Tensor, side: int, top: int, left: int) -> Tensor:
    """A square of this side with the picture at (top, left); what would lie outside is cut off."""
    height, width = picture.shape
    return F.pad(picture, (left, side - left - width, top, side - top - height))
