"""A layer as plain NumPy loops: every index in sight, nothing faster than it must be."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent

from cnnviz.core.arrays import ArrayLike
from cnnviz.core.codegen.job import Array, Job, Layer, job
from cnnviz.core.codegen.loops import OUT, TAP, at, heads, nest, spot_of
from cnnviz.core.codegen.numpy_pool import numpy_pool
from cnnviz.core.codegen.text import nested, number, program
from cnnviz.core.conv import ConvSpec
from cnnviz.core.padding import PaddingMode
from cnnviz.core.pooling import Pooling
from cnnviz.core.transposed import TransposedConvSpec

Lines = list[str]

_AFTER = {
    "relu": "y = np.maximum(y, 0)",
    "abs": "y = np.abs(y)",
    "sigmoid": "y = 1 / (1 + np.exp(-y))",
    "tanh": "y = np.tanh(y)",
    "clip": "y = np.clip(y, 0, 1)",
}
_MODES = {PaddingMode.REFLECT: "reflect", PaddingMode.REPLICATE: "edge", PaddingMode.CIRCULAR: "wrap"}


def numpy_code(
    layer: Layer,
    input: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    files: Mapping[str, str] | None = None,
    activation: str = "none",
) -> str:
    """The program of loops whose `y` is the layer's result, shape (channels, *spatial), or with its batch first.

    With one channel in and out and no batch, arrays have their spatial axes alone. Arguments and errors are those of
    `torch_code`.

    >>> print(numpy_code(ConvSpec((2,), stride=2), [[1, 2, 3, 4]], [[[1, -1]]], [0.5]))
    import numpy as np
    <BLANKLINE>
    # input: one channel
    x = np.array([1, 2, 3, 4], dtype=float)
    # kernel
    w = np.array([1, -1], dtype=float)
    b = 0.5
    <BLANKLINE>
    y = np.zeros((2,))
    for i in range(2):  # every place of the window
        total = b
        for m in range(2):  # every weight
            total += x[i * 2 + m] * w[m]
        y[i] = total
    <BLANKLINE>
    print(y.shape)  # (2,)
    print(y)
    <BLANKLINE>
    """
    work = job(layer, input, weight, bias, files, activation)
    if isinstance(layer, ConvSpec):
        body = _conv(work)
    else:
        body = _transposed(work) if isinstance(layer, TransposedConvSpec) else numpy_pool(work, layer)
    shape: tuple[int, ...] = (work.out_channels, *work.output_size)
    if work.has_batch:
        shape = (work.input.shape[0], *shape)
    shape = work.output_size if work.is_plane else shape
    if work.has_batch and not work.is_window_by_window:
        inside = indent("\n".join(body), "    ")
        body = [
            "def layer(x):",
            *inside.splitlines(),
            "    return y",
            "",
            "y = np.stack([layer(image) for image in x])",
        ]
    after = _AFTER.get(activation)
    end = [after, "", f"print(y.shape)  # {shape}", "print(y)"]
    draws = ["import torch  # its generator draws what the screen drew"] if "torch." in "".join(body) else []
    return program(["import numpy as np", *draws, "", *_arrays(work), "", *body, "", *end])


def _arrays(work: Job) -> Lines:
    random, layer = work.input.values is None, work.layer
    lines = ["rng = np.random.default_rng(0)  # an example: put your own numbers here"] if random else []
    lines.append(_input(work))
    if work.weight is None or isinstance(layer, Pooling):
        return lines
    lines.append(_kernel(work, work.weight))
    turned = ["::-1"] * work.dims
    if isinstance(layer, ConvSpec) and layer.flip:
        where = ", ".join(turned if work.is_plane else [":", ":", *turned])
        lines.append(f"w = w[{where}]  # true convolution turns the kernel by 180°")
    return [*lines, _bias(work, layer.out_channels, random)]


def _input(work: Job) -> str:
    if work.is_plane:
        return f"# input: one channel\n{_array('x', work.input, work.size)}"
    shape = work.input.shape if work.has_batch else work.input.shape[1:]
    axes = "(batch, channels, *spatial)" if work.has_batch else "(channels, *spatial)"
    return f"# input: {axes} = {shape}\n{_array('x', work.input, shape)}"


def _kernel(work: Job, weight: Array) -> str:
    if work.is_plane:
        return f"# kernel\n{_array('w', weight, weight.shape[2:])}"
    first, second = ("out_channels", "in_channels")
    if isinstance(work.layer, TransposedConvSpec):
        first, second = second, first
    return f"# kernel: ({first}, {second} / groups, *kernel_size) = {weight.shape}\n{_array('w', weight, weight.shape)}"


def _bias(work: Job, channels: int, random: bool) -> str:
    if work.is_plane:
        return f"b = {0 if work.bias is None else number(work.bias[0])}"
    if work.bias is not None:
        return f"b = {nested(work.bias)}"
    return f"b = rng.normal(size={channels})" if random else f"b = [0] * {channels}"


def _array(name: str, array: Array, shape: tuple[int, ...]) -> str:
    if array.values is None:
        return f"{name} = rng.normal(size={shape})"
    if array.file:
        return f'{name} = np.load("{array.file}").astype(float).reshape{shape}'
    if array.repeated and array.name == "weight":
        kernel = f"np.array({nested(array.values[0, 0])}, dtype=float)"
        return f"{name} = np.broadcast_to({kernel}, {shape})  # the same kernel for every channel"
    values = array.values.reshape(shape)
    lead = 0
    while lead < 2 and values.ndim > 1 and values.shape[0] == 1:
        values, lead = values[0], lead + 1
    axes = f"[{', '.join(['None'] * lead)}]" if lead else ""
    return f"{name} = np.array({nested(values)}, dtype=float){axes}"


def _conv(work: Job) -> Lines:
    spec, dims, plane = work.layer, work.dims, work.is_plane
    assert isinstance(spec, ConvSpec)
    out, tap = OUT[dims], TAP[dims]
    channels = spec.in_channels // spec.groups
    source = "k"
    if spec.groups > 1:
        per_group = spec.out_channels // spec.groups
        source = "o" if channels == per_group == 1 else f"o // {per_group} * {channels} + k"
    o, k, source = ("", "", "") if plane else ("o", "k", source)
    where, weight = at(source, spot_of(out, tap, spec.stride, spec.dilation)), at(o, k, *tap)
    of_group = " of its group" if spec.groups > 1 else ""
    over_in = [] if plane else [("k", channels, f"every input channel{of_group}")]
    over_out = [] if plane else [("o", spec.out_channels, "every output channel")]
    inside = nest([*over_in, *heads(tap, spec.kernel_size, "every weight")], [f"total += x[{where}] * w[{weight}]"])
    body = ["total = b" if plane else "total = b[o]", *inside, f"y[{at(o, *out)}] = total"]
    return [
        *_padding(work, spec),
        f"y = np.zeros({work.output_size if plane else (spec.out_channels, *work.output_size)})",
        *nest([*over_out, *heads(out, work.output_size, "every place of the window")], body),
    ]


def _padding(work: Job, spec: ConvSpec) -> Lines:
    if not any(map(any, work.pads)):
        return []
    pairs = work.pads if work.is_plane else ((0, 0), *work.pads)
    return [f"x = np.pad(x, {pairs}{_how(spec)})"]


def _how(spec: ConvSpec) -> str:
    if spec.padding_mode is PaddingMode.CONSTANT:
        return f", constant_values={number(spec.padding_value)}"
    return "" if spec.padding_mode is PaddingMode.ZEROS else f', mode="{_MODES[spec.padding_mode]}"'


def _transposed(work: Job) -> Lines:
    """Scatter: every input element stamps the kernel, the frame is cropped, then the bias comes."""
    spec, dims, plane = work.layer, work.dims, work.is_plane
    assert isinstance(spec, TransposedConvSpec)
    out, tap = OUT[dims], TAP[dims]
    axes = spec.axes(work.size)
    full = tuple((n - 1) * a.stride + a.effective + a.extra for n, a in zip(work.size, axes, strict=True))
    ends = [a.before + count for a, count in zip(axes, work.output_size, strict=True)]
    # cropping less than nothing lengthens: room for it is made at once
    full = tuple(max(length, end) for length, end in zip(full, ends, strict=True))
    per_group, sources = spec.out_channels // spec.groups, spec.in_channels // spec.groups
    target = "o" if spec.groups == 1 else f"k // {sources} * {per_group} + o"
    o, k, target = ("", "", "") if plane else ("o", "k", target)
    where = at(target, spot_of(out, tap, spec.stride, spec.dilation))
    of_group = " of its group" if spec.groups > 1 else ""
    over_in = [] if plane else [("k", spec.in_channels, "every input channel")]
    over_out = [] if plane else [("o", per_group, f"every output channel{of_group}")]
    loops = [
        *over_in,
        *heads(out, work.size, "every input element"),
        *over_out,
        *heads(tap, spec.kernel_size, "every weight"),
    ]
    lines = [
        f"y = np.zeros({full if plane else (spec.out_channels, *full)})",
        *nest(loops, [f"y[{where}] += x[{at(k, *out)}] * w[{at(k, o, *tap)}]"]),
    ]
    crop = ", ".join(f"{a.before}:{end}" for a, end in zip(axes, ends, strict=True))
    whole = all(a.before == 0 and end == length for a, end, length in zip(axes, ends, full, strict=True))
    lines += [] if whole else [f"y = y[{at('' if plane else ':', crop)}]  # padding crops"]
    return [*lines, "y = y + b" if plane else f"y = y + np.array(b)[:, {', '.join(['None'] * dims)}]"]
