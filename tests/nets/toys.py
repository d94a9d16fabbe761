"""Small data and networks for the tests of nets/: no files, no waiting."""

from __future__ import annotations

import torch

from cnnviz.nets.datasets import Dataset
from cnnviz.nets.net import Net


def bars(count: int = 96, seed: int = 0, size: int = 28) -> Dataset:
    """Pictures of one bright row or column on noise: class 0 lies, class 1 stands."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 60, (count, 1, size, size), generator=generator, dtype=torch.uint8)
    labels = torch.arange(count) % 2
    for number, place in enumerate(torch.randint(4, size - 4, (count,), generator=generator).tolist()):
        if labels[number]:
            images[number, 0, :, place] = 250
        else:
            images[number, 0, place] = 250
    return Dataset("mnist", images, labels, tuple("0123456789"))


def relu_net(seed: int = 0) -> Net:
    """Two convolutions, a fully connected layer, ReLU: 3 channels of 8x8, 4 classes."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Net(
            [
                {"type": "conv", "name": "conv1", "out_channels": 5, "padding": 1},
                {"type": "relu", "name": "relu1"},
                {"type": "max_pool", "name": "pool1"},
                {"type": "conv", "name": "conv2", "out_channels": 6},
                {"type": "relu", "name": "relu2"},
                {"type": "flatten", "name": "flatten"},
                {"type": "linear", "name": "fc", "out_features": 4},
            ],
            (3, 8, 8),
            mean=[0.4, 0.5, 0.6],
            std=[0.2, 0.3, 0.4],
        ).eval()
