"""The kernel library, `cv.kernels`: presets from the textbooks, generators with sliders, and facts about any matrix.

>>> preset("sobel_x").weights.tolist()
[[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]
>>> kernel_facts(gaussian(sigma=1.0, size=5)).separable
True
"""

from cnnviz.core.kernels.facts import (
    KernelFacts,
    anchor,
    as_weights,
    frequency_response,
    kernel_facts,
    normalise,
    rank,
    separate,
)
from cnnviz.core.kernels.generators import (
    GENERATORS,
    Generator,
    Parameter,
    box,
    difference_of_gaussians,
    gabor,
    gaussian,
    generate,
    laplacian_of_gaussian,
    motion_blur,
    random,
    sobel_at_angle,
)
from cnnviz.core.kernels.parsing import parse_matrix
from cnnviz.core.kernels.presets import PRESETS, by_family, preset
from cnnviz.core.kernels.record import MAX_SIDE, Family, Kernel, Matrix, Weights, rows
from cnnviz.core.kernels.resemblance import Resemblance, resemblances

__all__ = [
    "GENERATORS",
    "MAX_SIDE",
    "PRESETS",
    "Family",
    "Generator",
    "Kernel",
    "KernelFacts",
    "Matrix",
    "Parameter",
    "Resemblance",
    "Weights",
    "anchor",
    "as_weights",
    "box",
    "by_family",
    "difference_of_gaussians",
    "frequency_response",
    "gabor",
    "gaussian",
    "generate",
    "kernel_facts",
    "laplacian_of_gaussian",
    "motion_blur",
    "normalise",
    "parse_matrix",
    "preset",
    "random",
    "rank",
    "resemblances",
    "rows",
    "separate",
    "sobel_at_angle",
]
