"""cnnviz: see, change and check every number inside a convolution.

The public Python API, for notebooks and for the app alike: `import cnnviz as cv`. Everything is loaded at first use,
so that importing the package costs nothing and pages that need no torch do not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnviz.core import kernels as kernels
    from cnnviz.core.conv import ConvSpec as ConvSpec
    from cnnviz.core.errors import InvalidSpec as InvalidSpec
    from cnnviz.core.functional import conv as conv
    from cnnviz.core.functional import explain as explain
    from cnnviz.core.images import load_image as load_image
    from cnnviz.core.step import Step as Step
    from cnnviz.core.step import Trace as Trace

_HOMES = {
    "ConvSpec": "conv",
    "InvalidSpec": "errors",
    "Step": "step",
    "Trace": "step",
    "conv": "functional",
    "explain": "functional",
    "load_image": "images",
}

__all__ = ["kernels", *_HOMES]


def __getattr__(name: str) -> object:
    """Load a public name from its home at first use, and keep it."""
    if name == "kernels":
        value: object = import_module("cnnviz.core.kernels")
    elif name in _HOMES:
        value = getattr(import_module(f"cnnviz.core.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module 'cnnviz' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
