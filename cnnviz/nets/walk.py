"""The pictures of a measured test set, to walk through: by class and number, on and back, to the next error.

All of them where the reader has the data, else the few that travel with the package, else none. Whichever there are,
the same class and number mean the same picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from cnnviz.nets.datasets import available, data_folder, load
from cnnviz.nets.net import Net
from cnnviz.nets.pictures import examples

ANY = -1  # of every class
BATCHES = (16, 64, 256)  # pictures asked at once on the way to an error: soon found, or far away


@dataclass(frozen=True)
class Pool:
    """images: uint8 (N, C, H, W); labels (N,); `index` their numbers in the test set, ascending; `whole`: all of it."""

    images: Tensor
    labels: Tensor
    index: Tensor
    whole: bool

    def of(self, label: int) -> Tensor:
        """The places of a class in the pool, or of all pictures."""
        return torch.arange(len(self.labels)) if label == ANY else (self.labels == label).nonzero().flatten()


@dataclass(frozen=True)
class Chosen:
    """`place` in the pool; `number` in the test set; of its class or of all: `example`, the ones beside it, how many.

    `here` is False where the picture asked for is not in the pool and this one stands in for it.
    """

    place: int
    number: int
    label: int
    example: int
    before: int
    after: int
    count: int
    here: bool


def pool(data: str) -> Pool | None:
    """The test pictures there are of a data set."""
    return _pool(data, str(data_folder(data)), available(data, "test"))


@lru_cache(maxsize=4)
def _pool(data: str, folder: str, whole: bool) -> Pool | None:
    if whole:
        test = load(data, "test")
        return Pool(test.images, test.labels, torch.arange(len(test)), whole=True)
    held = examples(data)
    if held is None:
        return None
    order = held.index.argsort()
    images = (held.images * 255).round().to(torch.uint8)
    return Pool(images[order], held.labels[order], held.index[order], whole=False)


def chosen(held: Pool, label: int, example: int) -> Chosen:
    """The picture with this number among its class; of every class (-1): with this number in the test set.

    >>> held = Pool(torch.zeros(4, 1, 2, 2), torch.tensor([3, 1, 3, 3]), torch.tensor([0, 2, 5, 9]), whole=False)
    >>> chosen(held, 3, 1).number, chosen(held, -1, 5).number, chosen(held, -1, 3).here
    (5, 5, False)
    """
    places = held.of(label)
    names = held.index if label == ANY else torch.arange(len(places))  # what the pictures are called by `example`
    at = min(int(torch.searchsorted(names, example)), len(places) - 1)
    place, count = int(places[at]), len(places)
    before, after = int(names[(at - 1) % count]), int(names[(at + 1) % count])
    true = int(held.labels[place])
    own = int(names[at])
    return Chosen(place, int(held.index[place]), true, own, before, after, count, here=own == example)


def next_error(net: Net, held: Pool, label: int, example: int) -> int | None:
    """The `example` of the next picture that the network takes for another class, the first again after the last.

    It may be the one it started from; None where there is no error.
    """
    places = held.of(label)
    names = held.index if label == ANY else torch.arange(len(places))
    start = int(torch.searchsorted(names, example, right=True)) % len(places)
    order = torch.arange(start, start + len(places)) % len(places)
    for part in _growing(order):
        asked = places[part]
        with torch.no_grad():
            answers = net(held.images[asked].float() / 255).argmax(1)
        wrong = (answers != held.labels[asked]).nonzero().flatten()
        if len(wrong):
            return int(names[part[int(wrong[0])]])
    return None


def _growing(order: Tensor) -> Iterator[Tensor]:
    """The order in batches, small ones first."""
    start, sizes = 0, iter(BATCHES)
    size = BATCHES[0]
    while start < len(order):
        size = next(sizes, size)
        yield order[start : start + size]
        start += size
