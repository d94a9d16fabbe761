"""Pictures of the test sets beside the weights: a network's errors, and a few of each class, where that is allowed.

Fashion-MNIST is under the MIT licence (Zalando SE), so its pictures travel with the package. The others are shown where
the reader has the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.datasets import Dataset, available, load
from cnnviz.nets.library import FOLDER, card
from cnnviz.nets.weights import contents, read, save

FREE = {"fashion-mnist": "Fashion-MNIST, Zalando SE, MIT licence"}
EACH = 12  # pictures of each class


@dataclass(frozen=True)
class Pictures:
    """images (N, C, H, W) in [0, 1], their labels (N,), and their numbers (N,) in the test set."""

    images: Tensor
    labels: Tensor
    index: Tensor

    def of(self, numbers: Tensor) -> Pictures:
        """Those with these numbers in the test set, in their order; InvalidSpec where one is not here."""
        places = {int(number): place for place, number in enumerate(self.index)}
        missing = [int(number) for number in numbers if int(number) not in places]
        if missing:
            raise InvalidSpec("unit_outside", unit=missing[0], name="pictures", units=len(self.index))
        chosen = torch.tensor([places[int(number)] for number in numbers], dtype=torch.long)
        return Pictures(self.images[chosen], self.labels[chosen], self.index[chosen])


def examples(data: str) -> Pictures | None:
    """The first few test pictures of each class, or None where neither the package nor the reader has them."""
    held = _held(FOLDER / f"{data}.examples.safetensors")
    if held is not None:
        return held
    if not available(data, "test"):
        return None
    test = load(data, "test")
    return _taken(test, _first(test))


def errors(name: str) -> Pictures | None:
    """The pictures behind `card(name)["errors"]`, in that order, or None where nobody has them."""
    numbers = torch.tensor([error["index"] for error in card(name)["errors"]], dtype=torch.long)
    held = _held(FOLDER / f"{name}.errors.safetensors")
    if held is not None:
        return held.of(numbers)
    data = str(card(name)["data"])
    return _taken(load(data, "test"), numbers) if available(data, "test") else None


def keep(name: str, wrong: Sequence[int], test: Dataset, folder: Path) -> None:
    """Write the errors of a network and the examples of its data, where these may travel; does nothing for others."""
    if test.name not in FREE:
        return
    for path, chosen in (
        (f"{name}.errors", torch.tensor(wrong, dtype=torch.long)),
        (f"{test.name}.examples", _first(test)),
    ):
        tensors = {"images": test.images[chosen], "labels": test.labels[chosen], "index": chosen}
        save(tensors, folder / f"{path}.safetensors", {"source": FREE[test.name]})


def _first(test: Dataset) -> Tensor:
    """Numbers of the first few pictures of each class, class by class."""
    classes = range(len(test.class_names))
    return torch.cat([(test.labels == number).nonzero().flatten()[:EACH] for number in classes])


def _taken(test: Dataset, numbers: Tensor) -> Pictures:
    return Pictures(test.images[numbers].float() / 255, test.labels[numbers], numbers)


def _held(path: Path) -> Pictures | None:
    if not path.exists():
        return None
    tensors = read(*contents(path))
    return Pictures(tensors["images"].float() / 255, tensors["labels"], tensors["index"])
