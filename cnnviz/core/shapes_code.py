"""What the shapes page shows, as programs that print the numbers on the screen: PyTorch, plain Python, LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from cnnviz.core.arithmetic import Derivation
from cnnviz.core.codegen.text import number
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Conv, Flatten, GlobalPool, Layer, Linear, Pool
from cnnviz.core.padding import per_axis
from cnnviz.core.presets_networks import PRESETS
from cnnviz.core.same_padding import SamePadding
from cnnviz.core.scenes.layer_rows import layers_of, rows_of
from cnnviz.core.scenes.shapes import ShapesScene

Program: TypeAlias = Callable[[ShapesScene], str]


def programs(now: ShapesScene) -> Mapping[str, Program]:
    """The programs of the view on the screen by their language; none where not one window fits."""
    if now.view in ("axis", "usage"):
        try:
            now.spec().output_size(now.size)
        except InvalidSpec:
            return {}
    return PROGRAMS[now.view]


def _window(now: ShapesScene) -> str:
    """k, s, d, p and the input of the window, as assignments."""
    return f"""n, k, s, d = {now.size}, {now.kernel}, {now.stride}, {now.dilation}  # (rows, columns)
p = {now.pads}  # (before, after) of rows and columns
"""


def _axis_torch(now: ShapesScene) -> str:
    sides = "(*p[1], *p[0])"
    if now.op == "conv":
        layer = f"F.conv2d(F.pad(x, {sides}), torch.zeros(1, 1, *k), stride=s, dilation=d)"
    elif all(before == after for before, after in now.pads):
        amounts = tuple(before for before, _ in now.pads)
        ceil = ", ceil_mode=True" if now.op == "ceil" else ""
        layer = f"F.max_pool2d(x, k, s, {amounts}, d{ceil})"
    else:
        return _axis_numpy(now)
    return f"""import torch
import torch.nn.functional as F

{_window(now)}x = torch.zeros(1, 1, *n)
y = {layer}
print(tuple(y.shape[2:]))
"""


def _axis_numpy(now: ShapesScene) -> str:
    rounding = "-(-room // s[axis])" if now.op == "ceil" else "room // s[axis]"
    past = "(windows - 1) * s[axis] >= n[axis] + p[axis][0]"
    clip = f"\n    windows -= {past}  # the last one would begin past the input" if now.op == "ceil" else ""
    return f"""{_window(now)}
size = []
for axis in range(2):
    room = n[axis] + sum(p[axis]) - d[axis] * (k[axis] - 1) - 1  # how far the first window can move on
    windows = {rounding} + 1{clip}
    size.append(windows)
    for window in range(windows):
        start = window * s[axis] - p[axis][0]  # negative: in the padding
        print(axis, window, [start + tap * d[axis] for tap in range(k[axis])])
print(tuple(size))
"""


def _axis_latex(now: ShapesScene) -> str:
    found = now.spec().derivation(now.size)
    names = ("OH", "OW") if now.two else ("o",)
    lines = [_formula_latex(name, d) for name, d in zip(names, found[-len(names) :], strict=True)]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}\n"


def _formula_latex(name: str, found: Derivation) -> str:
    symbols = found.symbols_latex().removesuffix("=o")
    return f"{name} &= {symbols} \\\\\n &= {found.latex()}"


def _padding_torch(now: ShapesScene) -> str:
    n, k, s, d = now.size[1], now.kernel[1], now.stride[1], now.dilation[1]
    return f"""import torch
import torch.nn.functional as F

n, k, s, d = {n}, {k}, {s}, {d}
reach = d * (k - 1)
needed = max((-(-n // s) - 1) * s + reach + 1 - n, 0)  # TensorFlow: just enough for ceil(n / s) outputs
paddings = {{
    "valid": (0, 0),
    "same": (reach // 2, reach - reach // 2),
    "same_upper": (needed // 2, needed - needed // 2),
    "same_lower": (needed - needed // 2, needed // 2),
    "full": (reach, reach),
    "custom": {now.pads[1]},
}}
x, weight = torch.zeros(1, 1, n), torch.zeros(1, 1, k)
for name, padding in paddings.items():
    padded = F.pad(x, padding)
    fits = padded.shape[-1] > reach
    print(name, padding, F.conv1d(padded, weight, stride=s, dilation=d).shape[-1] if fits else 0)
"""


def _padding_latex(now: ShapesScene) -> str:
    lines = SamePadding(now.kernel[1], now.dilation[1]).lines
    return "\\begin{gathered}\n" + " \\\\\n".join(line.latex for line in lines) + "\n\\end{gathered}\n"


def _fill_torch(now: ShapesScene) -> str:
    return f"""import torch
import torch.nn.functional as F

x = torch.arange(1.0, {now.cells + 1})[None, None]  # 1, 2, 3 ...
edge = {now.edge}  # how many cells before and after: the amount
print("zeros", F.pad(x, edge).flatten().tolist())
print("constant", F.pad(x, edge, value={number(now.fill)}).flatten().tolist())  # what they contain
for mode in ("reflect", "replicate", "circular"):
    most = x.shape[-1] - 1 if mode == "reflect" else x.shape[-1] if mode == "circular" else 10**9
    print(mode, F.pad(x, edge, mode=mode).flatten().tolist() if max(edge) <= most else "too wide")
"""


def _usage_torch(now: ShapesScene) -> str:
    mode = "constant" if now.mode in ("zeros", "constant") or now.op != "conv" else now.mode
    ceil = ""
    if now.op == "ceil":
        hanging = [
            max((d.output - 1) * d.stride + d.effective - d.size - d.before - d.after, 0)
            for d in now.spec().derivation(now.size)
        ]
        ceil = f"x = F.pad(x, (0, {hanging[1]}, 0, {hanging[0]}))  # room for the windows that hang over the end\n"
    return f"""import torch
import torch.nn.functional as F

{_window(now)}pixels = torch.zeros(1, 1, *n, requires_grad=True)
x = F.pad(pixels, (*p[1], *p[0]), mode="{mode}")
{ceil}F.conv2d(x, torch.ones(1, 1, *k), stride=s, dilation=d).sum().backward()  # every use adds 1 to the gradient
print(pixels.grad[0, 0].int())
"""


def _inverse_numpy(now: ShapesScene) -> str:
    room, ceil = "n + before + after - d * (k - 1) - 1", now.op == "ceil"
    count = "-(-room // s) + 1 - (-(-room // s) * s >= n + before)" if ceil else "room // s + 1"
    half = "" if now.op == "conv" else " and after <= k // 2"
    return f"""n, wanted = {now.size[1]}, {now.wanted}
for d in range(1, 4):
    for s in range(1, 5):
        for k in range(1, 10):
            for before, after in [(p, p) for p in range(5)] + [(p, p + 1) for p in range(4)]:
                room = {room}
                fits = {"room > -s" if ceil else "room >= 0"} and not (k == 1 and d > 1){half}
                if fits and {count} == wanted:
                    print(k, s, (before, after), d)
"""


def _layer_torch(layer: Layer) -> str:
    if isinstance(layer, Conv):
        return f"nn.LazyConv2d({layer.out_channels}, {_slide(layer)}, dilation={layer.dilation})"
    if isinstance(layer, Pool) and layer.mode == "max":
        return f"nn.MaxPool2d({_slide(layer)}, dilation={layer.dilation})"
    if isinstance(layer, Pool):
        if layer.dilation != 1:
            return f"# nn.AvgPool2d has no dilation: {layer.name} is left out"
        return f"nn.AvgPool2d({_slide(layer)})"
    if isinstance(layer, GlobalPool):
        return "nn.AdaptiveAvgPool2d(1)"
    if isinstance(layer, Linear):
        return f"nn.LazyLinear({layer.out_features})"
    assert isinstance(layer, Flatten), f"a row makes no {layer.kind}"
    return "nn.Flatten()"


def _slide(layer: Conv | Pool) -> str:
    stride = layer.stride or layer.kernel_size
    k, s = (per_axis("row", value, 1, 0)[0] for value in (layer.kernel_size, stride))
    return f"{k}, stride={s}, padding={layer.padding}"


def _net_layers(now: ShapesScene) -> tuple[Layer, ...]:
    """The layers with windows or weights, in the reader's chain or a preset."""
    return layers_of(now.rows if now.net == "own" else rows_of(PRESETS[now.net].layers))


def _chain_torch(now: ShapesScene) -> str:
    lines = "".join(f"    {_layer_torch(layer)},\n" for layer in _net_layers(now))
    return f"""import torch
from torch import nn

layers = [
{lines}]
x = torch.zeros(1, {now.channels}, {now.side}, {now.side})
total = 0
for layer in layers:
    try:
        x = layer(x)
    except (RuntimeError, ValueError) as error:  # the layer at which the chain breaks
        print(layer, "does not fit:", error)
        break
    parameters = sum(p.numel() for p in layer.parameters())
    total += parameters
    print(tuple(x.shape[1:]), parameters)
print(total)
""".replace(",\n    # ", "\n    # ")


def _field_numpy(now: ShapesScene) -> str:
    rows = [row for row in (now.rows if now.net == "own" else rows_of(PRESETS[now.net].layers)) if row[0] != "linear"]
    lines = "".join(f'    ("{kind}", {k}, {s}, {p}, {d}),\n' for kind, _, k, s, p, d in rows if kind != "global")
    return f"""layers = [  # kind, kernel_size, stride, padding, dilation
{lines}]
r, j, start = 1, 1, 0.5  # size, jump, first centre: a pixel sees itself
for kind, k, s, p, d in layers:
    r, j, start = r + d * (k - 1) * j, j * s, start + (d * (k - 1) / 2 - p) * j
    print(kind, r, j, start)
"""


def _stack_torch(now: ShapesScene) -> str:
    layers = now.big // 2
    return f"""import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

c = {now.width}
one = nn.Sequential(nn.Conv2d(c, c, {now.big}, padding={now.big // 2}, device="meta"))
stack = nn.Sequential(*[nn.Conv2d(c, c, 3, padding=1, device="meta") for _ in range({layers})])
x = torch.zeros(1, c, {now.maps}, {now.maps}, device="meta")  # "meta": counted, never computed
for net in (one, stack):
    weights = sum(layer.weight.numel() for layer in net)
    with FlopCounterMode(display=False) as counter:
        net(x)
    print(weights, sum(p.numel() for p in net.parameters()), counter.get_total_flops() // 2)
"""


PROGRAMS: Mapping[str, Mapping[str, Program]] = {
    "axis": {"pytorch": _axis_torch, "numpy": _axis_numpy, "latex": _axis_latex},
    "padding": {"pytorch": _padding_torch, "latex": _padding_latex},
    "fill": {"pytorch": _fill_torch},
    "usage": {"pytorch": _usage_torch},
    "inverse": {"numpy": _inverse_numpy},
    "chain": {"pytorch": _chain_torch},
    "field": {"numpy": _field_numpy},
    "stack": {"pytorch": _stack_torch},
}
