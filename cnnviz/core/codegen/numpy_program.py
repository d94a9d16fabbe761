"""A layer as plain NumPy loops: every index in sight, nothing faster than it must be."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent

from cnnviz.core.arrays import ArrayLike
from cnnviz.core.codegen.job import Array, Job, Layer, job
from cnnviz.core.codegen.loops import OUT, TAP, loop, places, spot_of
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

    Arguments and errors are those of `torch_code`.

    >>> print(numpy_code(ConvSpec((2,), stride=2), [[1, 2, 3, 4]], [[[1, -1]]], [0.5]))
    import numpy as np
    <BLANKLINE>
    # input: (channels, *spatial) = (1, 4)
    x = np.array([1, 2, 3, 4], dtype=float)[None]
    # kernel: (out_channels, in_channels / groups, *kernel_size) = (1, 1, 2)
    w = np.array([1, -1], dtype=float)[None, None]
    b = [0.5]
    <BLANKLINE>
    y = np.zeros((1, 2))
    for o in range(1):  # every output channel
        for i in range(2):  # every place of the window
            total = b[o]
            for k in range(1):  # every input channel
                for m in range(2):  # every weight
                    total += x[k, i * 2 + m] * w[o, k, m]
            y[o, i] = total
    <BLANKLINE>
    print(y.shape)  # (1, 2)
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
    shape = work.input.shape if work.has_batch else work.input.shape[1:]
    axes = "(batch, channels, *spatial)" if work.has_batch else "(channels, *spatial)"
    random = work.input.values is None
    lines = ["rng = np.random.default_rng(0)  # an example: put your own numbers here"] if random else []
    lines += [f"# input: {axes} = {shape}", _array("x", work.input, shape)]
    layer = work.layer
    if work.weight is None or isinstance(layer, Pooling):
        return lines
    first, second = ("out_channels", "in_channels")
    if isinstance(layer, TransposedConvSpec):
        first, second = second, first
    lines.append(f"# kernel: ({first}, {second} / groups, *kernel_size) = {work.weight.shape}")
    lines.append(_array("w", work.weight, work.weight.shape))
    if isinstance(layer, ConvSpec) and layer.flip:
        lines.append(f"w = w[:, :, {', '.join(['::-1'] * work.dims)}]  # true convolution turns the kernel by 180°")
    if work.bias is not None:
        return [*lines, f"b = {nested(work.bias)}"]
    return [*lines, f"b = rng.normal(size={layer.out_channels})" if random else f"b = [0] * {layer.out_channels}"]


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
    spec, dims = work.layer, work.dims
    assert isinstance(spec, ConvSpec)
    out, tap = OUT[dims], TAP[dims]
    pads = [str(pair) for pair in work.pads]
    lines = [f"x = np.pad(x, ((0, 0), {', '.join(pads)}){_how(spec)})"] if any(map(any, work.pads)) else []
    channels = spec.in_channels // spec.groups
    source = "k"
    if spec.groups > 1:
        per_group = spec.out_channels // spec.groups
        source = "o" if channels == per_group == 1 else f"o // {per_group} * {channels} + k"
    depth = 1 + dims
    inner = depth + 1 + dims
    return [
        *lines,
        f"y = np.zeros({(spec.out_channels, *work.output_size)})",
        loop(0, f"o in range({spec.out_channels})", "every output channel"),
        *places(out, work.output_size, 1, "every place of the window"),
        "    " * depth + "total = b[o]",
        loop(depth, f"k in range({channels})", "every input channel" + (" of its group" if spec.groups > 1 else "")),
        *places(tap, spec.kernel_size, depth + 1, "every weight"),
        "    " * inner
        + f"total += x[{source}, {spot_of(out, tap, spec.stride, spec.dilation)}] * w[o, k, {', '.join(tap)}]",
        "    " * depth + f"y[o, {', '.join(out)}] = total",
    ]


def _how(spec: ConvSpec) -> str:
    if spec.padding_mode is PaddingMode.CONSTANT:
        return f", constant_values={number(spec.padding_value)}"
    return "" if spec.padding_mode is PaddingMode.ZEROS else f', mode="{_MODES[spec.padding_mode]}"'


def _transposed(work: Job) -> Lines:
    """Scatter: every input element stamps the kernel, the frame is cropped, then the bias comes."""
    spec, dims = work.layer, work.dims
    assert isinstance(spec, TransposedConvSpec)
    out, tap = OUT[dims], TAP[dims]
    axes = spec.axes(work.size)
    full = tuple((n - 1) * a.stride + a.effective + a.extra for n, a in zip(work.size, axes, strict=True))
    ends = [a.before + count for a, count in zip(axes, work.output_size, strict=True)]
    # cropping less than nothing lengthens: room for it is made at once
    full = tuple(max(length, end) for length, end in zip(full, ends, strict=True))
    per_group, sources = spec.out_channels // spec.groups, spec.in_channels // spec.groups
    target = "o" if spec.groups == 1 else f"k // {sources} * {per_group} + o"
    spot = spot_of(out, tap, spec.stride, spec.dilation)
    crop = ", ".join(f"{a.before}:{end}" for a, end in zip(axes, ends, strict=True))
    lines = [
        f"y = np.zeros({(spec.out_channels, *full)})",
        loop(0, f"k in range({spec.in_channels})", "every input channel"),
        *places(out, work.size, 1, "every input element"),
        loop(
            1 + dims, f"o in range({per_group})", "every output channel" + (" of its group" if spec.groups > 1 else "")
        ),
        *places(tap, spec.kernel_size, 2 + dims, "every weight"),
        "    " * (2 + 2 * dims) + f"y[{target}, {spot}] += x[k, {', '.join(out)}] * w[k, o, {', '.join(tap)}]",
    ]
    whole = all(a.before == 0 and end == length for a, end, length in zip(axes, ends, full, strict=True))
    lines += [] if whole else [f"y = y[:, {crop}]  # padding crops"]
    return [*lines, f"y = y + np.array(b)[:, {', '.join(['None'] * dims)}]"]
