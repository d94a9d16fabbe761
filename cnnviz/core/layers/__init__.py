"""Layers of a network as immutable data: what each does to a shape, what it costs, and what its units see.

Lists of layers feed the chain calculator, the receptive field, the cost table and, later, the networks themselves.
A list may hold layers or loose dicts (`{"type": "conv", "kernel_size": 3}`); `read` makes the latter strict.
"""

from __future__ import annotations

from cnnviz.core.layers.base import Layer, Shape
from cnnviz.core.layers.classic import PartialConv, Radial, Subsample
from cnnviz.core.layers.joins import Add, Concat
from cnnviz.core.layers.pointwise import Activation, BatchNorm, Dropout
from cnnviz.core.layers.reading import LayerLike, read
from cnnviz.core.layers.resizing import Pad, Upsample
from cnnviz.core.layers.vectors import Flatten, Linear
from cnnviz.core.layers.windowed import AdaptivePool, Conv, ConvTranspose, GlobalPool, Pool

__all__ = [
    "Activation",
    "AdaptivePool",
    "Add",
    "BatchNorm",
    "Concat",
    "Conv",
    "ConvTranspose",
    "Dropout",
    "Flatten",
    "GlobalPool",
    "Layer",
    "LayerLike",
    "Linear",
    "Pad",
    "PartialConv",
    "Pool",
    "Radial",
    "Shape",
    "Subsample",
    "Upsample",
    "read",
]
