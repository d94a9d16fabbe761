"""What excites a unit most: a picture made from noise by climbing its activation, and the patches of real pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import whole
from cnnviz.nets.datasets import Dataset
from cnnviz.nets.net import Net
from cnnviz.nets.units import seen_by, unflattened

MAX_STEPS = 2000
RATE = 0.05  # of the optimiser, on pixels before the sigmoid
ROUGHNESS = 0.02  # what a unit loses for each unit of difference between neighbouring pixels, in the mean


@dataclass(frozen=True)
class Excited:
    """After one step: the picture (C, H, W) in [0, 1] and what the unit answers to it."""

    step: int
    image: Tensor
    activation: float


def excite(net: Net, layer: str, unit: int, *, steps: int = 128, seed: int = 0) -> Iterator[Excited]:
    """Pictures that excite one map (its mean), or one unit of a vector, more and more: the start, then each step.

    Gradient ascent on pixels behind a sigmoid, so that they stay in [0, 1]; a small price on differences between
    neighbours keeps noise away. Deterministic for a seed.
    """
    units = next((s.output_shape[1] for s in net.chain if s.name == layer), 0)
    if not units:
        raise InvalidSpec("unknown_layer", value=layer)
    if not 0 <= whole("unit", unit, 0) < units:
        raise InvalidSpec("unit_outside", unit=unit, name=layer, units=units)
    if not 1 <= whole("steps", steps, 1) <= MAX_STEPS:
        raise InvalidSpec("parameter_outside", name="steps", value=steps, low=1, high=MAX_STEPS)
    return _climb(net, layer, unit, steps, seed)


def _climb(net: Net, layer: str, unit: int, steps: int, seed: int) -> Iterator[Excited]:
    drawn = torch.randn(1, *net.input_shape, generator=torch.Generator().manual_seed(seed))
    hidden = (0.1 * drawn).requires_grad_()
    optimiser = torch.optim.Adam([hidden], lr=RATE)
    for step in range(steps + 1):
        with torch.enable_grad():
            image = hidden.sigmoid()
            activation = answer(net, image, layer, unit)
            loss = ROUGHNESS * activation.detach().abs() * roughness(image) - activation
        yield Excited(step, image.detach()[0], float(activation.detach()))
        (hidden.grad,) = torch.autograd.grad(loss, hidden)
        optimiser.step()


def answer(net: Net, images: Tensor, layer: str, unit: int) -> Tensor:
    """The mean over all pictures of a map's mean, or of a vector's unit; a tensor, for its gradient."""
    training = net.training
    net.eval()
    kept: dict[str, Tensor] = {}
    try:
        net.run(net.normalised(images), kept)
    finally:
        net.train(training)
    return kept[layer][:, unit].mean()


def roughness(images: Tensor) -> Tensor:
    """Mean size of the differences between neighbouring pixels.

    >>> round(float(roughness(torch.tensor([[[[0.0, 1.0], [0.0, 1.0]]]]))), 3)
    1.0
    """
    down = (images[..., 1:, :] - images[..., :-1, :]).abs().mean()
    across = (images[..., 1:] - images[..., :-1]).abs().mean()
    return down + across


@dataclass(frozen=True)
class Example:
    """A picture of the data that excites a map at one place (or a vector's unit), and the pixels that place sees."""

    index: int
    label: int
    activation: float
    at: tuple[int, ...]
    rows: range
    columns: range


def strongest(net: Net, layer: str, unit: int, data: Dataset, count: int = 9) -> tuple[Example, ...]:
    """The pictures to which a map answers most at any one place, strongest first, each picture once.

    Of a vector it is the unit's own answer.
    """
    shape = next((s.output_shape[1:] for s in net.chain if s.name == layer), ())
    if not shape:
        raise InvalidSpec("unknown_layer", value=layer)
    if not 0 <= whole("unit", unit, 0) < shape[0]:
        raise InvalidSpec("unit_outside", unit=unit, name=layer, units=shape[0])
    peaks, places = [], []
    for images in torch.split(data.images, 500):
        kept: dict[str, Tensor] = {}
        with torch.no_grad():
            net.run(net.normalised(images.float() / 255), kept)
        best = kept[layer][:, unit].reshape(len(images), -1).max(1)
        peaks.append(best.values)
        places.append(best.indices)
    values, at = torch.cat(peaks), torch.cat(places)
    chosen = values.argsort(descending=True, stable=True)[:count]
    made = []
    for number in map(int, chosen):
        place = unflattened(int(at[number]), shape[1:])
        rows, columns = seen_by(net, layer, (unit, *place))
        made.append(Example(number, int(data.labels[number]), float(values[number]), place, rows, columns))
    return tuple(made)
