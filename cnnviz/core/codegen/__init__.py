"""Programs that give the same numbers as the screen, written from a spec and its arrays: PyTorch, NumPy, Keras, LaTeX.

The tests run what is written here and hold it to the spec.
"""

from __future__ import annotations

from cnnviz.core.codegen.job import ACTIVATIONS, INLINE_NUMBERS, Layer, per_channel
from cnnviz.core.codegen.keras_program import keras_code
from cnnviz.core.codegen.latex_example import latex_code
from cnnviz.core.codegen.numpy_program import numpy_code
from cnnviz.core.codegen.torch_program import torch_code

__all__ = [
    "ACTIVATIONS",
    "INLINE_NUMBERS",
    "Layer",
    "keras_code",
    "latex_code",
    "numpy_code",
    "per_channel",
    "torch_code",
]
