"""Programs for the way back through max pooling: switches, unpooling and gradients, in PyTorch and in NumPy."""

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


def numpy_ways_back(spec: PoolSpec, input: Numbers) -> str:
    """The same window by window, without PyTorch: `y`, `indices`, `back`, `to_max` and `to_mean`.

    >>> print(numpy_ways_back(PoolSpec((1, 2)), np.array([[1.0, 3.0]])).splitlines()[-1])
    print(y, indices, back, to_max, to_mean, sep='\\n')
    """
    (top, bottom), (left, right) = spec.padding_for(input.shape)
    height, width = input.shape
    rows, columns = spec.output_size(input.shape)
    taps = [
        f"range({o} * {s}{f' - {before}' if before else ''}, {o} * {s} + {k * d - before}, {d})"
        for o, s, k, d, before in zip("rc", spec.stride, spec.kernel_size, spec.dilation, (top, left), strict=True)
    ]
    body = [
        f"down, across = {taps[0]}, {taps[1]}",
        f"window = [(i, j) for i in down for j in across if 0 <= i < {height} and 0 <= j < {width}]",
        f"counted = sum(i < {height + bottom} for i in down) * sum(j < {width + right} for j in across)",
        "for i, j in window:  # average: the same share for every pixel",
        "    to_mean[i, j] += 1 / counted",
        "if window:  # max: the first of the largest takes all",
        "    i, j = max(window, key=lambda at: x[at])",
        f"    y[r, c], indices[r, c] = x[i, j], i * {width} + j",
        "    back[i, j] = x[i, j]",
        "    to_max[i, j] += 1",
    ]
    lines = [
        "import numpy as np",
        "",
        "x = np.array([",
        *_rows(input),
        "], dtype=float)",
        f"y, indices = np.full(({rows}, {columns}), -np.inf), np.full(({rows}, {columns}), -1)",
        "back, to_max, to_mean = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape)",
        f"for r in range({rows}):  # every place of the window",
        f"    for c in range({columns}):",
        *(f"        {line}" for line in body),
        "",
        "print(y, indices, back, to_max, to_mean, sep='\\n')",
    ]
    return "\n".join(lines) + "\n"


def _rows(input: Numbers) -> list[str]:
    return ["    [" + ", ".join(number(float(v)) for v in row) + "]," for row in input]


def _written(input: Numbers) -> list[str]:
    return ["x = torch.tensor([", *_rows(input), "], dtype=torch.float64)"]
