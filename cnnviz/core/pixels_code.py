"""What the pixels page shows, as programs: PyTorch and plain NumPy that print the numbers on the screen.

A program that needs the picture reads it from the file the page hands out beside it (CSV · NPY, "input").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnnviz.core.kernels import preset
from cnnviz.core.rules import Matrix, number_text
from cnnviz.core.scenes.pixels import INPUTS, PixelsScene
from cnnviz.core.tensor_layout import Layout, permutation, terms
from cnnviz.core.value_range import IMAGENET, MNIST

FILE = "cnnviz-pixels-input.npy"
_LOAD = f'picture = np.load("{FILE}")'

Program = Callable[[PixelsScene, int, int], str]
"""From the scene, the picture's channels and the value that means white, to the text of a program."""


def programs(view: str) -> Mapping[str, Program]:
    """The programs of a view by their language: "pytorch", "numpy", "latex"; none where there is nothing to compute."""
    return PROGRAMS.get(view, {})


def matrix_text(matrix: Matrix) -> str:
    """A matrix as Python writes it, a row a line.

    >>> matrix_text(((1.0, 0.5), (0.0, -2.0)))
    '[\\n    [1, 0.5],\\n    [0, -2],\\n]'
    """
    rows = ("    [" + ", ".join(number_text(v) for v in row) + "],\n" for row in matrix)
    return "[\n" + "".join(rows) + "]"


def _numbers_torch(now: PixelsScene, channels: int, white: int) -> str:
    row, col = (
        f"min({at}, picture.shape[{axis}] - 1)" if at >= 0 else f"picture.shape[{axis}] // 2"
        for axis, at in enumerate((now.row, now.col))
    )
    return f"""import numpy as np
import torch

{_LOAD}
x = torch.from_numpy(picture.astype(np.float32))  # (H, W) or (H, W, 3), 0 to {white}
unit = x / {white}  # the same in 0 to 1, once
row, col = {row}, {col}  # the middle of the window
print(tuple(x.shape), picture.dtype)
print(x[row, col].tolist())
print(unit[row, col].tolist())
print(x[max(row - 3, 0) : row + 4, max(col - 3, 0) : col + 4])
"""


def _channels_torch(now: PixelsScene, channels: int, white: int) -> str:
    mix = now.mix if channels == 3 else ((1.0,),)
    return f"""import numpy as np
import torch
import torch.nn.functional as F

{_LOAD}
x = torch.from_numpy(np.atleast_3d(picture).astype(np.float32) / {white})
x = x.permute(2, 0, 1)[None]  # (1, {channels}, H, W)
weight = torch.tensor({matrix_text(mix)}, dtype=torch.float32)[:, :, None, None]  # ({len(mix)}, {channels}, 1, 1)
y = F.conv2d(x, weight)  # one mix for every pixel
print(tuple(y.shape), y.min().item(), y.max().item())
"""


def _channels_numpy(now: PixelsScene, channels: int, white: int) -> str:
    mix = now.mix if channels == 3 else ((1.0,),)
    return f"""import numpy as np

{_LOAD}
x = np.atleast_3d(picture).astype(np.float32).transpose(2, 0, 1) / {white}  # ({channels}, H, W)
mix = np.array({matrix_text(mix)}, np.float32)
y = np.zeros((len(mix), *x.shape[1:]), np.float32)
for o in range(len(mix)):  # every new plane ...
    for c in range(len(x)):  # ... is a sum over the old ones
        y[o] += mix[o, c] * x[c]
print(y.shape, y.min(), y.max())
"""


def _channels_latex(now: PixelsScene, channels: int, white: int) -> str:
    names = ("R", "G", "B") if channels == 3 else ("Y",)
    mix = now.mix if channels == 3 else ((1.0,),)
    heads = ("Y",) if len(mix) == 1 else ("R'", "G'", "B'")
    lines = (
        f"{head} &= " + " + ".join(f"{number_text(w)}\\,{name}" for w, name in zip(row, names, strict=True))
        for head, row in zip(heads, mix, strict=True)
    )
    return "\\begin{aligned}\n" + " \\\\\n".join(lines).replace("+ -", "- ") + "\n\\end{aligned}\n"


def _layout_torch(now: PixelsScene, channels: int, white: int) -> str:
    if now.tensor == "flat":
        (row, column), width = now.flat, now.wide
        rows = max(row, width)
        return f"""import torch

x = torch.arange(1, {rows * width + 1}).reshape({rows}, {width})  # pixels numbered from 1, row by row
print(x[{row - 1}, {column - 1}].item())  # row {row}, column {column}, counted from 1
"""
    first, second = now.layouts()
    order = ", ".join(map(str, permutation(first, second)))
    shape, at = ", ".join(map(str, now.sizes)), ", ".join(map(str, now.at))
    there = ", ".join(str(now.named(now.at)[axis]) for axis in second.axes)
    name = "w" if now.tensor == "weight" else "x"
    return f"""import math
import torch

shape = ({shape})  # {first.upper()}
{name} = torch.arange(math.prod(shape)).reshape(shape)  # each number is its own offset
other = {name}.permute({order}).contiguous()  # {second.upper()}: the numbers move
print({name}[{at}].item(), {name}.stride())
print(other[{there}].item(), other.stride())
offset = sum(i * s for i, s in zip(({there}), other.stride()))
print(offset, other.flatten()[offset].item())
"""


def _layout_latex(now: PixelsScene, channels: int, white: int) -> str:
    if now.tensor == "flat":
        (row, column), width = now.flat, now.wide
        number = (row - 1) * width + column
        return f"(\\text{{row}}-1)\\cdot\\text{{width}}+\\text{{column}}=({row}-1)\\cdot {width}+{column}={number}\n"
    return "".join(_offset_latex(now, layout) for layout in now.layouts())


def _offset_latex(now: PixelsScene, layout: Layout) -> str:
    found = terms(layout, now.named(now.sizes), now.named(now.at))
    total = sum(term.product for term in found)
    steps = "+".join(f"{term.index}\\cdot {term.stride}" for term in found)
    return f"\\text{{{layout.upper()}: }} {steps}={total}\n"


def _values_torch(now: PixelsScene, channels: int, white: int) -> str:
    known = IMAGENET if channels == 3 else MNIST
    divide, own = f"x = x / {white}", "(x - x.mean((1, 2), keepdim=True)) / x.std((1, 2), keepdim=True, correction=0)"
    theirs = f"(x - torch.tensor({list(known.mean)})[:, None, None]) / torch.tensor({list(known.std)})[:, None, None]"
    lines, done = [], ""
    for step in now.steps:
        if step in done or (step == "u" and "s" in done) or (step == "s" and not now.own and "u" not in done):
            continue  # the page does not normalise twice, and neither does this
        lines.append(divide if step == "u" else f"x = {own if now.own else theirs}")
        done += step
    body = "\n".join(lines)
    return f"""import numpy as np
import torch

{_LOAD}
x = torch.from_numpy(np.atleast_3d(picture).astype(np.float32)).permute(2, 0, 1)  # ({channels}, H, W)
{body}
print(x.min().item(), x.max().item(), x.mean().item(), x.std(correction=0).item())
"""


def _paint_torch(now: PixelsScene, channels: int, white: int) -> str:
    shape = (1, 1, len(now.cells), len(now.cells[0]))
    return f"""import torch

x = torch.tensor({matrix_text(now.cells)}, dtype=torch.float32)[None, None]  # {shape}
print(x.shape, x.min().item(), x.max().item())
"""


def _paint_numpy(now: PixelsScene, channels: int, white: int) -> str:
    return f"""import numpy as np

x = np.array({matrix_text(now.cells)}, np.float32)
print(x.shape, x.min(), x.max())
"""


def _cost_torch(now: PixelsScene, channels: int, white: int) -> str:
    known = INPUTS[now.known]
    if known:
        sizes = f"channels, height, width = {known}"
    else:
        sizes = f"{_LOAD}\nchannels, (height, width) = {channels}, picture.shape[:2]"
    return f"""import numpy as np
import torch

{sizes}
inputs, outputs = channels * height * width, {now.filters} * height * width
layers = {{
    "convolution": torch.nn.Conv2d(channels, {now.filters}, {now.ksize}, padding="same", device="meta"),
    "{now.units} units": torch.nn.Linear(inputs, {now.units}, device="meta"),
    "as many outputs": torch.nn.Linear(inputs, outputs, device="meta"),  # "meta": counted, never allocated
}}
counts = {{name: sum(p.numel() for p in layer.parameters()) for name, layer in layers.items()}}
print(counts)
"""


def _shift_torch(now: PixelsScene, channels: int, white: int) -> str:
    weights = matrix_text(tuple(tuple(float(v) for v in row) for row in preset(now.kernel).weights))
    mode = "circular" if now.border == "circular" else "constant"
    return f"""import numpy as np
import torch
import torch.nn.functional as F

x = torch.from_numpy(np.load("{FILE}")).double()  # the grey picture of the screen, (H, W)
kernel = torch.tensor({weights}, dtype=torch.float64)[None, None]
down, right, stride = {now.dy}, {now.dx}, {now.stride}


def shift(plane, down, right):
    moved = torch.roll(plane, (down, right), (0, 1))
    if "{mode}" == "constant":  # what comes in is 0
        moved[: max(down, 0)] = 0
        moved[plane.shape[0] + min(down, 0) :] = 0
        moved[:, : max(right, 0)] = 0
        moved[:, plane.shape[1] + min(right, 0) :] = 0
    return moved


def convolve(plane):
    padded = F.pad(plane[None, None], (1, 1, 1, 1), mode="{mode}")
    return F.conv2d(padded, kernel, stride=stride)[0, 0]


difference = convolve(shift(x, down, right)) - shift(convolve(x), down // stride, right // stride)
print(difference.abs().max().item())
"""


PROGRAMS: Mapping[str, Mapping[str, Program]] = {
    "numbers": {"pytorch": _numbers_torch},
    "channels": {"pytorch": _channels_torch, "numpy": _channels_numpy, "latex": _channels_latex},
    "layout": {"pytorch": _layout_torch, "latex": _layout_latex},
    "values": {"pytorch": _values_torch},
    "paint": {"pytorch": _paint_torch, "numpy": _paint_numpy},
    "cost": {"pytorch": _cost_torch},
    "shift": {"pytorch": _shift_torch},
}
