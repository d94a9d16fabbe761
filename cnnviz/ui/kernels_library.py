"""What the kernel lab's browser part is given once a language: texts, the kernels, what is often said wrongly."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cnnviz.components.payload import pack
from cnnviz.core.kernels import GENERATORS, PRESETS, Family, Generator, Kernel, Parameter
from cnnviz.i18n import Texts
from cnnviz.ui.kernels_learned import networks

SETS: dict[str, tuple[str, ...]] = {
    "derivatives": ("sobel_x", "sobel_y", "laplacian_4", "log_5"),
    "compass": (
        *("kirsch_nw", "kirsch_n", "kirsch_ne", "kirsch_w", "identity"),
        *("kirsch_e", "kirsch_sw", "kirsch_s", "kirsch_se"),
    ),
    "blur_sharpen": ("identity", "box_3", "gaussian_5", "sharpen", "sharpen_8", "unsharp_5"),
    "gabors": ("gabor_0", "gabor_45", "gabor_90", "gabor_135"),
    "lines": ("line_horizontal", "line_vertical", "line_down", "line_up"),
}
"""Banks that show something together; the compass has the picture in its middle."""

NOTES: dict[str, dict[str, Any]] = {
    "best_size": {"kernel": "gaussian", "params": [5.0, 31.0, 31.0]},
    "hand_made": {"kernel": "sharpen", "params": []},
    "several": {"many": True},
    "odd": {"kernel": "roberts_down", "params": [], "padding": "same"},
    "learned": {"many": True, "bank": ["sobel_x", "sobel_y", "gabor_45", "random"]},
    "negative": {"kernel": "sobel_x", "params": [], "view": "signed", "activation": "none"},
}
"""What is often said of kernels, each with the scene that shows how it is; the words are in [kernels.notes]."""


@lru_cache(maxsize=16)
def static(lang: str, hide: tuple[str, ...], present: bool) -> bytes:
    """The packed header of the part kernel_lab in one language."""
    t = Texts(lang)
    header = {"lang": lang, "texts": t.table("kernels"), "library": library(t), "hide": hide, "present": present}
    return pack(header)


def library(t: Texts) -> dict[str, Any]:
    """Families, presets, generators, trained networks, banks and notes, with their words."""
    return {
        "families": [{"id": f.value, "name": t(f"kernel_families.{f.value}.name")} for f in Family],
        "presets": [_preset(kernel, t) for kernel in PRESETS],
        "generators": [_generator(generator, t) for generator in GENERATORS],
        "networks": networks(t),
        "sets": [{"name": t(f"kernels.sets.{name}"), "ids": ids} for name, ids in SETS.items()],
        "notes": [
            {"claim": t(f"kernels.notes.{name}.claim"), "truth": t(f"kernels.notes.{name}.truth"), "scene": scene}
            for name, scene in NOTES.items()
        ],
    }


def _preset(kernel: Kernel, t: Texts) -> dict[str, Any]:
    return {
        "id": kernel.id,
        "family": kernel.family.value,
        "name": t(f"kernel_presets.{kernel.id}.name"),
        "line": t(f"kernel_presets.{kernel.id}.line"),
        "matrix": kernel.matrix,
        "divisor": kernel.divisor,
        "offset": kernel.offset,
        "source": kernel.source,
    }


def _generator(generator: Generator, t: Texts) -> dict[str, Any]:
    return {
        "id": generator.id,
        "name": t(f"kernel_generators.{generator.id}.name"),
        "line": t(f"kernel_generators.{generator.id}.line"),
        "parameters": [_parameter(p, t) for p in generator.parameters],
    }


def _parameter(parameter: Parameter, t: Texts) -> dict[str, Any]:
    unit = t(f"kernel_units.{parameter.unit}") if parameter.unit == "degrees" else ""
    return {
        "name": parameter.name,
        "label": t(f"kernel_parameters.{parameter.name}"),
        "value": parameter.default,
        "low": parameter.low,
        "high": parameter.high,
        "step": parameter.step,
        "unit": unit,
    }
