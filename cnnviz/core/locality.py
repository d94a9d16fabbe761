"""Why a convolution and not a fully connected layer: what neighbours tell about each other, and what weights cost.

Pixels close together are alike; a convolution builds on it, a fully connected layer cannot even see it: shuffle the
pixels, and it only needs its columns shuffled the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from cnnviz.core.conv import ConvSpec


@dataclass(frozen=True)
class LayerCost:
    """Weights, biases and multiply-adds of one layer; `inputs` and `outputs` count numbers."""

    inputs: int
    outputs: int
    weights: int
    biases: int
    macs: int

    @property
    def parameters(self) -> int:
        """Everything that is learned."""
        return self.weights + self.biases


def fully_connected_cost(inputs: int, outputs: int) -> LayerCost:
    """A weight from every input to every output, a bias an output.

    >>> fully_connected_cost(10000, 100).parameters
    1000100
    """
    return LayerCost(inputs, outputs, inputs * outputs, outputs, inputs * outputs)


def convolution_cost(channels: int, size: tuple[int, int], filters: int, kernel_size: int) -> LayerCost:
    """A convolution with padding "same": the weights are shared by all places.

    >>> convolution_cost(1, (100, 100), filters=8, kernel_size=3).parameters
    80
    """
    spec = ConvSpec(kernel_size, in_channels=channels, out_channels=filters, padding="same")
    area = size[0] * size[1]
    weights = spec.parameters(bias=False)
    return LayerCost(channels * area, filters * area, weights, filters, spec.macs(size))


def permutation(pixels: int, seed: int) -> Tensor:
    """One fixed order for so many pixels: int64 (pixels,), the same for the same seed."""
    return torch.randperm(pixels, generator=torch.Generator().manual_seed(seed))


def shuffled(planes: Tensor, order: Tensor) -> Tensor:
    """The planes (C, H, W) with their pixels in another order, the same one for every channel.

    >>> shuffled(torch.tensor([[[1, 2], [3, 4]]]), torch.tensor([3, 2, 1, 0])).tolist()
    [[[4, 3], [2, 1]]]
    """
    return planes.flatten(1)[:, order].reshape(planes.shape)


def correlation(first: Tensor, second: Tensor) -> float | None:
    """Pearson's correlation of two tensors of one shape; None where one of them does not vary.

    >>> round(correlation(torch.tensor([0.0, 1.0]), torch.tensor([1.0, 0.0])) or 0, 12)
    -1.0
    """
    a, b = (t.double().flatten() - t.double().mean() for t in (first, second))
    size = (a.norm() * b.norm()).item()
    return None if size == 0 else max(-1.0, min(1.0, (a @ b).item() / size))


def autocorrelation(plane: Tensor, distances: Sequence[int]) -> list[float | None]:
    """How alike pixels are that lie so many columns apart, for each distance: plane (H, W), None where none do.

    >>> autocorrelation(torch.tensor([[0.0, 1.0, 0.0, 1.0, 0.0]]), [0, 1, 2, 9])
    [1.0, -1.0, 1.0, None]
    """
    width = plane.shape[1]
    return [correlation(plane[:, : width - d], plane[:, d:]) if d < width else None for d in distances]


def fully_connected_difference(planes: Tensor, order: Tensor, outputs: int, seed: int) -> float:
    """Largest difference between a fully connected layer on the picture and the same on the shuffled picture.

    The second has its columns in the shuffled order: it is as easy to learn as the first. Float64, random weights.

    >>> fully_connected_difference(torch.rand(1, 4, 4), permutation(16, 1), outputs=5, seed=0) < 1e-12
    True
    """
    pixels = planes.shape[1] * planes.shape[2]
    generator = torch.Generator().manual_seed(seed)
    weight = torch.randn(outputs, planes.shape[0], pixels, generator=generator, dtype=torch.float64)
    plain = weight.flatten(1) @ planes.double().flatten()
    again = weight[:, :, order].flatten(1) @ shuffled(planes, order).double().flatten()
    return (plain - again).abs().max().item()
