"""What the numbers of a picture are before a network sees them: dtype, range, and the two ways to normalise, once.

Each stage is computed by torch. A step that would normalise what is normalised already is refused: its numbers are
shown beside the reason, and the picture goes on unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from cnnviz.core.images import Picture


class Scale(StrEnum):
    """What range numbers are in, told from the numbers themselves and their dtype."""

    BYTES = "bytes"  # whole numbers 0..255
    WORDS = "words"  # whole numbers 0..65535
    UNIT = "unit"  # 0..1
    STANDARD = "standard"  # centred: about mean 0, standard deviation 1
    OTHER = "other"


class Step(StrEnum):
    """What can be done to the numbers."""

    UNIT = "u"  # divide by what white is
    STANDARD = "s"  # subtract the mean, divide by the standard deviation, per channel


class Refusal(StrEnum):
    """Why a step is not done."""

    ALREADY_UNIT = "already_unit"
    ALREADY_STANDARD = "already_standard"
    UNIT_AFTER_STANDARD = "unit_after_standard"
    NOT_UNIT_YET = "not_unit_yet"
    FLAT = "flat"


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation per channel, and whose they are."""

    source: str
    mean: tuple[float, ...]
    std: tuple[float, ...]


IMAGENET = Statistics("imagenet", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
MNIST = Statistics("mnist", (0.1307,), (0.3081,))
"""The numbers everyone copies: torchvision's for ImageNet (RGB), the usual ones for MNIST (grey)."""


@dataclass(frozen=True)
class Summary:
    """A tensor (C, H, W) in a few numbers. `std` divides by n (torch's `correction=0`), not by n − 1."""

    dtype: str
    shape: tuple[int, ...]
    bytes: int
    minimum: float
    maximum: float
    mean: float
    std: float
    channel_mean: tuple[float, ...]
    channel_std: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Stage:
    """The numbers after one step. With `refusal`, `values` are those before it and `would_be` what it would make."""

    step: Step | None
    values: Tensor
    summary: Summary
    scale: Scale
    refusal: Refusal | None = None
    would_be: Summary | None = None
    used: Statistics | None = None


def summary(x: Tensor) -> Summary:
    """The summary of (C, H, W).

    >>> s = summary(torch.tensor([[[0, 255]]], dtype=torch.uint8))
    >>> s.dtype, s.bytes, s.minimum, s.maximum, s.mean, s.std
    ('uint8', 2, 0.0, 255.0, 127.5, 127.5)
    """
    wide = x.to(torch.float64)
    flat = wide.flatten(1)
    return Summary(
        str(x.dtype).removeprefix("torch."),
        tuple(x.shape),
        x.numel() * x.element_size(),
        wide.min().item(),
        wide.max().item(),
        wide.mean().item(),
        wide.std(correction=0).item(),
        tuple(flat.mean(1).tolist()),
        tuple(flat.std(1, correction=0).tolist()),
    )


def scale_of(x: Tensor) -> Scale:
    """Which range the numbers are in.

    >>> scale_of(torch.tensor([0.0, 1.0])), scale_of(torch.tensor([0.0, 255.0])), scale_of(torch.tensor([-1.0, 1.0]))
    (<Scale.UNIT: 'unit'>, <Scale.BYTES: 'bytes'>, <Scale.STANDARD: 'standard'>)
    """
    if x.dtype is torch.uint8:
        return Scale.BYTES
    if x.dtype is torch.uint16:
        return Scale.WORDS
    low, high = x.min().item(), x.max().item()
    if low < 0:
        return Scale.STANDARD if abs(x.double().mean().item()) < 5 and high - low < 100 else Scale.OTHER
    return Scale.UNIT if high <= 1 else Scale.BYTES if high <= 255 else Scale.WORDS if high <= 65535 else Scale.OTHER


def own_statistics(x: Tensor) -> Statistics:
    """Mean and standard deviation of these numbers themselves, per channel."""
    found = summary(x)
    return Statistics("own", found.channel_mean, found.channel_std)


def published_statistics(channels: int) -> Statistics:
    """The published numbers for so many channels: ImageNet's for three, MNIST's for one."""
    return IMAGENET if channels == 3 else MNIST


def standardised(x: Tensor, stats: Statistics) -> Tensor:
    """(x − mean) / std per channel, float32, shape (C, H, W).

    >>> standardised(torch.tensor([[[0.0, 1.0]]]), Statistics("own", (0.5,), (0.5,)))
    tensor([[[-1.,  1.]]])
    """
    mean, std = (torch.tensor(values, dtype=torch.float32)[:, None, None] for values in (stats.mean, stats.std))
    return (x.to(torch.float32) - mean) / std


def whole_numbers(picture: Picture) -> Tensor:
    """The pixels as they were in the file: uint8 or uint16, (C, H, W)."""
    planes: npt.NDArray[np.generic] = np.atleast_3d(picture.pixels).transpose(2, 0, 1)
    return torch.from_numpy(planes.copy())


def stages(picture: Picture, steps: Sequence[Step], *, own: bool = True) -> list[Stage]:
    """The file's numbers and what each step makes of them; `own` standardises by the picture's own statistics.

    >>> from cnnviz.core.images import picture_from_pixels
    >>> grey = picture_from_pixels(np.array([[0, 255]], np.uint8))
    >>> [(s.scale.value, s.refusal) for s in stages(grey, [Step.UNIT, Step.UNIT])]
    [('bytes', None), ('unit', None), ('unit', <Refusal.ALREADY_UNIT: 'already_unit'>)]
    """
    x = whole_numbers(picture)
    found = [Stage(None, x, summary(x), scale_of(x))]
    for step in steps:
        found.append(_next(found[-1], step, float(picture.largest), own))
    return found


def _next(before: Stage, step: Step, white: float, own: bool) -> Stage:
    x = before.values
    stats = None if step is Step.UNIT else own_statistics(x) if own else published_statistics(x.shape[0])
    if stats is not None and own and min(stats.std) == 0:
        return Stage(step, x, before.summary, before.scale, Refusal.FLAT, None, stats)
    made = x.to(torch.float32) / white if stats is None else standardised(x, stats)
    why = _refusal(before.scale, step, own)
    if why is not None:
        return Stage(step, x, before.summary, before.scale, why, summary(made), stats)
    # The scale follows from what was done, not from the numbers: a dark picture standardised is still standardised.
    return Stage(step, made, summary(made), Scale.UNIT if stats is None else Scale.STANDARD, None, None, stats)


def _refusal(scale: Scale, step: Step, own: bool) -> Refusal | None:
    if step is Step.UNIT:
        return {Scale.UNIT: Refusal.ALREADY_UNIT, Scale.STANDARD: Refusal.UNIT_AFTER_STANDARD}.get(scale)
    if scale is Scale.STANDARD:
        return Refusal.ALREADY_STANDARD
    if not own and scale is not Scale.UNIT:
        return Refusal.NOT_UNIT_YET
    return None


def histogram(x: Tensor, bins: int = 64) -> tuple[npt.NDArray[np.int32], float, float]:
    """Counts (C, bins) between the smallest and the largest number, and these two.

    >>> histogram(torch.tensor([[[0.0, 1.0, 1.0, 0.0]]]), bins=2)
    (array([[2, 2]], dtype=int32), 0.0, 1.0)
    """
    values = x.to(torch.float64).numpy()
    low, high = float(values.min()), float(values.max())
    edges = (low, high if high > low else low + 1.0)
    counts = [np.histogram(plane, bins=bins, range=edges)[0] for plane in values]
    return np.stack(counts).astype(np.int32), low, high
