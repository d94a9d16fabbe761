"""cnnviz: see, change and check every number inside a convolution.

The public Python API, for notebooks and for the app alike: `import cnnviz as cv`. Everything is loaded at first use,
so that importing the package costs nothing and pages that need no torch do not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnviz.core import kernels
    from cnnviz.core.adaptive_pool import AdaptivePoolSpec, adaptive_pool
    from cnnviz.core.conv import ConvSpec
    from cnnviz.core.cost import summary
    from cnnviz.core.errors import InvalidSpec
    from cnnviz.core.functional import (
        avg_pool,
        conv,
        conv_transpose,
        explain,
        global_pool,
        lp_pool,
        max_pool,
        output_size,
    )
    from cnnviz.core.images import load_image
    from cnnviz.core.pool import PoolSpec
    from cnnviz.core.receptive_field import receptive_field
    from cnnviz.core.step import Step, Trace
    from cnnviz.core.transposed import TransposedConvSpec
    from cnnviz.core.unpool import UnpoolSpec, max_unpool
    from cnnviz.nets.library import load_network
    from cnnviz.nets.net import activations

__all__ = [
    "AdaptivePoolSpec",
    "ConvSpec",
    "InvalidSpec",
    "PoolSpec",
    "Step",
    "Trace",
    "TransposedConvSpec",
    "UnpoolSpec",
    "activations",
    "adaptive_pool",
    "avg_pool",
    "conv",
    "conv_transpose",
    "explain",
    "global_pool",
    "kernels",
    "load_image",
    "load_network",
    "lp_pool",
    "max_pool",
    "max_unpool",
    "output_size",
    "receptive_field",
    "summary",
]
_HOMES = {
    "AdaptivePoolSpec": "adaptive_pool",
    "ConvSpec": "conv",
    "InvalidSpec": "errors",
    "PoolSpec": "pool",
    "Step": "step",
    "Trace": "step",
    "TransposedConvSpec": "transposed",
    "UnpoolSpec": "unpool",
    "activations": "nets.net",
    "adaptive_pool": "adaptive_pool",
    "load_image": "images",
    "load_network": "nets.library",
    "max_unpool": "unpool",
    "receptive_field": "receptive_field",
    "summary": "cost",
}


def __getattr__(name: str) -> object:
    """Load a public name from its home at first use, and keep it."""
    if name not in __all__:
        raise AttributeError(f"module 'cnnviz' has no attribute {name!r}")
    if name == "kernels":
        value: object = import_module("cnnviz.core.kernels")
    else:
        home = _HOMES.get(name, "functional")
        value = getattr(import_module(f"cnnviz.{home}" if home.startswith("nets.") else f"cnnviz.core.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
