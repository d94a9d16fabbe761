"""A picture as a vector: what the last layer but one makes of it, and which other pictures lie near."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Linear, Radial
from cnnviz.nets.net import Net


@dataclass(frozen=True)
class Neighbour:
    """`index` in the pictures compared with, and the cosine of the angle between the two vectors."""

    index: int
    similarity: float


def penultimate(net: Net) -> str:
    """The layer whose output the last layer reads: the "DNA" of a picture.

    >>> from cnnviz.nets.designs import design
    >>> penultimate(design("lenet-d2l").net())
    'sigmoid4'
    """
    last = [node for node in net.layers if isinstance(node.layer, (Linear, Radial))]
    if not last:
        raise InvalidSpec("unknown_layer", value="linear")
    return str(last[-1].inputs[0])


def vectors(net: Net, images: Tensor) -> Tensor:
    """(N, features) of pictures (N, C, H, W) in [0, 1]."""
    kept: dict[str, Tensor] = {}
    with torch.no_grad():
        net.run(net.normalised(images), kept)
    return kept[penultimate(net)].flatten(1)


def nearest(vector: Tensor, others: Tensor, count: int = 5) -> tuple[Neighbour, ...]:
    """The `count` most similar of `others` (N, features) to `vector` (features,), by the cosine.

    >>> [n.index for n in nearest(torch.tensor([1.0, 0.0]), torch.tensor([[0.0, 1.0], [2.0, 0.1], [1.0, 1.0]]), 2)]
    [1, 2]
    """
    similar = torch.nn.functional.cosine_similarity(others, vector[None])
    chosen = similar.argsort(descending=True, stable=True)[:count]
    return tuple(Neighbour(int(index), float(similar[index])) for index in chosen)
