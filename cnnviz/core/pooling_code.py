"""A program for the way back through max pooling: switches, unpooling and gradients, in PyTorch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.codegen.text import arguments, number, per_axis, unless
from cnnviz.core.pool import PoolSpec

Numbers = NDArray[np.float64]


def torch_ways_back(spec: PoolSpec, input: Numbers) -> str:
    """The program; it ends with `y`, `indices`, `back` and `to_max`, planes all, and `to_mean` where torch has it.

    Padding may differ from side to side: then the input is padded by hand, and indices are counted back.

    >>> print(torch_ways_back(PoolSpec((1, 2)), np.array([[1.0, 3.0]])).splitlines()[-6])
    y, indices = y[0, 0].detach(), indices[0, 0]
    """
    (top, bottom), (left, right) = spec.padding_for(input.shape)
    even = top == bottom and left == right
    ceil = "True" if spec.ceil_mode else None
    slide = arguments(("stride", per_axis(spec.stride)))
    pad = arguments(("padding", unless((top, left), 0))) if even else ""
    more = arguments(("dilation", unless(spec.dilation, 1)), ("ceil_mode", ceil))
    kernel = per_axis(spec.kernel_size)
    lines = ["import torch", "import torch.nn.functional as F", "", *_written(input), "x.requires_grad_()"]
    if even:
        lines += [f"y, indices = F.max_pool2d(x[None, None], {kernel}{slide}{pad}{more}, return_indices=True)"]
    else:
        wide = input.shape[1] + left + right
        lines += [
            f'padded = F.pad(x, ({left}, {right}, {top}, {bottom}), value=float("-inf"))',
            f"y, indices = F.max_pool2d(padded[None, None], {kernel}{slide}{more}, return_indices=True)",
            f"rows, columns = indices // {wide} - {top}, indices % {wide} - {left}",
            f"indices = rows * {input.shape[1]} + columns  # in the plane without padding",
        ]
    lines += ["(to_max,) = torch.autograd.grad(y.sum(), x)  # 1 for every output"]
    if even and set(spec.dilation) == {1}:
        mean = f"F.avg_pool2d(x[None, None], {kernel}{slide}{pad}{arguments(('ceil_mode', ceil))})"
        lines += [f"(to_mean,) = torch.autograd.grad({mean}.sum(), x)"]
    lines += [
        "y, indices = y[0, 0].detach(), indices[0, 0]",
        "back = torch.zeros(x.numel(), dtype=x.dtype)",
        "back[indices.flatten()] = y.flatten()  # F.max_unpool2d, where windows do not overlap",
        "back = back.reshape(x.shape)",
        "",
        "print(y, indices, back, to_max, sep='\\n')",
    ]
    return "\n".join(lines) + "\n"


def _written(input: Numbers) -> list[str]:
    rows = ["[" + ", ".join(number(float(v)) for v in row) + "]," for row in input]
    return ["x = torch.tensor([", *(f"    {row}" for row in rows), "], dtype=torch.float64)"]
