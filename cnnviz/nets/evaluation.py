"""How good a network is, measured on pictures it has not learned from: accuracy, loss, confusions, its worst errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cnnviz.nets.datasets import Dataset
from cnnviz.nets.net import Net


@dataclass(frozen=True)
class Measured:
    """probabilities: (N, classes) float32; labels: (N,); `confusion[i, j]` counts class i taken for class j."""

    probabilities: Tensor
    labels: Tensor
    loss: float

    @property
    def predicted(self) -> Tensor:
        """(N,) the class with the highest probability."""
        return self.probabilities.argmax(1)

    @property
    def accuracy(self) -> float:
        """The share of pictures whose class is right."""
        return float((self.predicted == self.labels).double().mean())

    @property
    def confusion(self) -> NDArray[np.int64]:
        """(classes, classes): a row for each true class, a column for each answer."""
        classes = self.probabilities.shape[1]
        counts = torch.bincount(self.labels * classes + self.predicted, minlength=classes * classes)
        return counts.view(classes, classes).numpy()

    def worst(self, count: int) -> list[int]:
        """Numbers of the pictures that were taken for another class, the surest errors first."""
        wrong = (self.predicted != self.labels).nonzero().flatten()
        sure = self.probabilities[wrong].max(1).values
        return [int(n) for n in wrong[sure.argsort(descending=True, stable=True)][:count]]


def measure(net: Net, data: Dataset, batch_size: int = 1000) -> Measured:
    """Every picture of the data through the network, without gradients; the network is left as it was."""
    training = net.training
    net.eval()
    try:
        with torch.no_grad():
            logits = torch.cat([net(part.float() / 255) for part in torch.split(data.images, batch_size)])
    finally:
        net.train(training)
    return Measured(logits.softmax(1), data.labels, float(F.cross_entropy(logits, data.labels)))
