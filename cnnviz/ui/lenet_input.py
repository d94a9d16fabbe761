"""What the network of the lenet page is shown: a drawing, a picture or a test picture, made as its data were made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.images import Picture
from cnnviz.core.ink import drawn, unpacked
from cnnviz.core.scenes.lenet import COLOUR, LenetScene
from cnnviz.nets.digits import Stages, as_ink, bounding_box, mnist_like
from cnnviz.nets.pictures import Pictures, examples
from cnnviz.nets.robustness import disturbed
from cnnviz.nets.walk import Chosen, chosen, pool
from cnnviz.ui import pictures

GARMENT = 28  # Fashion-MNIST's longer side
SIDE = 32
WORKING = 256


@dataclass(frozen=True)
class Shown:
    """`image` (C, H, W) in [0, 1] is what the network gets; `before` the same undisturbed; `steps` the way to it.

    `test` says which picture of the test set it is, where it is one.
    """

    image: Tensor
    before: Tensor
    steps: tuple[tuple[str, Tensor], ...]
    stages: Stages | None = None
    test: Chosen | None = None


def shown(scene: LenetScene, picture: Picture | None = None) -> Shown:
    """The input of the scene's network, with every step on the way; `picture` in place of the one it names."""
    made = _made(scene, picture)
    moved = disturbed(
        made.before, right=scene.right, down=scene.down, turn=scene.turn, scale=scene.scale, noise=scene.noise,
        seed=scene.seed,
    )  # fmt: skip
    return Shown(moved, made.before, (*made.steps, ("seen", moved)), made.stages, made.test)


def data_of(net: str) -> str:
    """The data a network learned from.

    >>> data_of("lenet-d2l-fashion-mnist"), data_of("small-cifar10")
    ('fashion-mnist', 'cifar10')
    """
    return next(data for data in ("fashion-mnist", "mnist", "cifar10") if net.endswith(data))


def _made(scene: LenetScene, picture: Picture | None) -> Shown:
    held = pool(data_of(scene.net)) if scene.source == "example" else None
    if held is not None:
        one = chosen(held, scene.of, scene.example)
        image = held.images[one.place].float() / 255
        return Shown(image, image, (("centred", image),), test=one)
    if scene.net == COLOUR:
        return _colour(picture or _picture(scene))
    from_picture = scene.source == "picture"
    ink = _as_ink(picture or _picture(scene)) if from_picture else torch.from_numpy(drawn(unpacked(scene.ink)))
    return _garment(ink) if data_of(scene.net) == "fashion-mnist" else _digit(ink)


@lru_cache(maxsize=4)
def gallery(data: str) -> Pictures | None:
    """The test pictures there are to choose from, or None."""
    return examples(data)


def _picture(scene: LenetScene) -> Picture:
    found = pictures.find(scene.picture) or pictures.find(LenetScene().picture)
    assert found is not None
    return found


def _digit(ink: Tensor) -> Shown:
    stages = mnist_like(ink)
    image = stages.centred[None]
    steps = [("drawn", stages.drawn), ("cropped", stages.cropped), ("scaled", stages.scaled)]
    steps += [("boxed", stages.boxed), ("centred", stages.centred)]
    return Shown(image, image, tuple((name, step[None]) for name, step in steps if step.numel()), stages)


def _garment(ink: Tensor) -> Shown:
    """As Fashion-MNIST was made: trimmed, its longer side 28, in the middle of 28x28."""
    top, left, height, width = bounding_box(ink)
    field = torch.zeros(GARMENT, GARMENT)
    steps = [("drawn", ink)]
    if height:
        cropped = ink[top : top + height, left : left + width]
        size = [max(1, round(side * GARMENT / max(height, width))) for side in (height, width)]
        small = F.interpolate(cropped[None, None], size, mode="bilinear", antialias=True)[0, 0].clamp(0, 1)
        row, col = (GARMENT - size[0]) // 2, (GARMENT - size[1]) // 2
        field[row : row + size[0], col : col + size[1]] = small
        steps += [("cropped", cropped), ("scaled", small)]
    steps.append(("centred", field))
    return Shown(field[None], field[None], tuple((name, step[None]) for name, step in steps))


def _colour(picture: Picture) -> Shown:
    image = _small(picture.digest, picture)
    return Shown(image, image, (("square", _square(picture)), ("centred", image)))


def _square(picture: Picture) -> Tensor:
    """The middle of the picture as a square of at most 256, three channels."""
    planes = picture.tensor()
    side = min(planes.shape[1:])
    top, left = ((size - side) // 2 for size in planes.shape[1:])
    cut = planes[:, top : top + side, left : left + side].expand(3, side, side)
    return F.interpolate(cut[None], min(side, WORKING), mode="bilinear", antialias=True)[0].clamp(0, 1)


@lru_cache(maxsize=16)
def _small(digest: str, picture: Picture) -> Tensor:
    return F.interpolate(_square(picture)[None], (SIDE, SIDE), mode="bilinear", antialias=True)[0].clamp(0, 1)


def _as_ink(picture: Picture) -> Tensor:
    return _inked(picture.digest, picture)


@lru_cache(maxsize=16)
def _inked(digest: str, picture: Picture) -> Tensor:
    """A photograph of a digit as ink on paper, at most 256 a side."""
    grey = picture.tensor().mean(0)
    factor = min(1.0, WORKING / max(grey.shape))
    size = [max(1, round(side * factor)) for side in grey.shape]
    return as_ink(F.interpolate(grey[None, None], size, mode="bilinear", antialias=True)[0, 0])
