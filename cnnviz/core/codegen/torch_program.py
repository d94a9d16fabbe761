"""A layer as a PyTorch program: the functional form, because it shows input, weight and bias side by side."""

from __future__ import annotations

from collections.abc import Mapping

from cnnviz.core.arrays import ArrayLike
from cnnviz.core.codegen.job import Array, Job, Layer, job
from cnnviz.core.codegen.text import SIDES, amounts, arguments, nested, number, plural, program, unless
from cnnviz.core.codegen.torch_pool import torch_pool
from cnnviz.core.conv import ConvSpec
from cnnviz.core.padding import PaddingMode
from cnnviz.core.pooling import Pooling
from cnnviz.core.transposed import TransposedConvSpec

Lines = list[str]

_AFTER = {
    "relu": "y = torch.relu(y)",
    "abs": "y = y.abs()",
    "sigmoid": "y = torch.sigmoid(y)",
    "tanh": "y = torch.tanh(y)",
    "clip": "y = y.clamp(0, 1)",
}


def torch_code(
    layer: Layer,
    input: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    *,
    files: Mapping[str, str] | None = None,
    activation: str = "none",
) -> str:
    """The PyTorch program whose `y` is the layer's result, shape (batch, channels, *spatial).

    Arrays over INLINE_NUMBERS numbers, and those named in `files` ("input", "weight": the file's name), are loaded
    with numpy.load. Without `input` the program draws an example at random. Raises InvalidSpec as the layer does.

    >>> print(torch_code(ConvSpec((2,), stride=2), [[1, 2, 3, 4]], [[[1, -1]]], [0.5]))
    import torch
    import torch.nn.functional as F
    <BLANKLINE>
    # input: (batch, channels, *spatial) = (1, 1, 4)
    x = torch.tensor([1, 2, 3, 4], dtype=torch.float32)[None, None]
    # kernel: (out_channels, in_channels / groups, *kernel_size) = (1, 1, 2)
    w = torch.tensor([1, -1], dtype=torch.float32)[None, None]
    b = torch.tensor([0.5], dtype=torch.float32)
    <BLANKLINE>
    y = F.conv1d(x, w, b, stride=2)
    print(y.shape)  # torch.Size([1, 1, 2])
    print(y)
    <BLANKLINE>
    """
    work = job(layer, input, weight, bias, files, activation)
    if isinstance(layer, ConvSpec):
        body = _conv(work)
    else:
        body = _transposed(work) if isinstance(layer, TransposedConvSpec) else torch_pool(work, layer)
    needs_numpy = any(array and array.file for array in (work.input, work.weight)) or "np." in "".join(body)
    shape = (work.input.shape[0], work.out_channels)
    return program(
        [
            "import numpy as np" if needs_numpy else None,
            "import torch",
            "import torch.nn.functional as F",
            "",
            *_arrays(work),
            "",
            *body,
            _AFTER.get(activation),
            f"print(y.shape)  # torch.Size({list((*shape, *work.output_size))})",
            "print(y)",
        ]
    )


def _arrays(work: Job) -> Lines:
    seed = ["torch.manual_seed(0)  # an example: put your own numbers here"] if work.input.values is None else []
    lines = [*seed, f"# input: (batch, channels, *spatial) = {work.input.shape}", _array("x", work.input)]
    if work.weight is None:
        return lines
    groups = getattr(work.layer, "groups", 1)
    first, second = "out_channels", "in_channels"
    if isinstance(work.layer, TransposedConvSpec):
        first, second = second, first
    shape = f"({first}, {second} / groups, *kernel_size) = {work.weight.shape}"
    lines += [f"# kernel: {shape}" + (f", {plural(groups, 'group')}" if groups > 1 else ""), _array("w", work.weight)]
    if work.bias is not None:
        lines.append(f"b = torch.tensor({nested(work.bias)}, dtype=torch.float32)")
    elif work.input.values is None and not isinstance(work.layer, Pooling):
        lines.append(f"b = torch.randn({work.layer.out_channels})")
    return lines


def _array(name: str, array: Array) -> str:
    if array.values is None:
        return f"{name} = torch.randn({', '.join(map(str, array.shape))})"
    if array.file:
        return f'{name} = torch.from_numpy(np.load("{array.file}")).float().reshape{array.shape}'
    if array.repeated:
        kernel = f"torch.tensor({nested(array.values[0, 0])}, dtype=torch.float32)"
        return f"{name} = {kernel}.expand{array.shape}  # the same kernel for every channel"
    inner = array.values.reshape(array.shape[array.lead :])
    axes = f"[{', '.join(['None'] * array.lead)}]" if array.lead else ""
    return f"{name} = torch.tensor({nested(inner)}, dtype=torch.float32){axes}"


def _bias_name(work: Job) -> str:
    return "b" if work.bias is not None or work.input.values is None else "None"


def _conv(work: Job) -> Lines:
    spec = work.layer
    assert isinstance(spec, ConvSpec)
    lines, padding = _padded(work, spec.padding_mode, spec.padding_value)
    if spec.flip:
        axes = ", ".join(str(axis) for axis in range(2, 2 + work.dims))
        lines.append(f"w = w.flip({axes})  # true convolution turns the kernel by 180°")
    settings = arguments(
        ("stride", unless(spec.stride, 1)),
        ("padding", padding),
        ("dilation", unless(spec.dilation, 1)),
        ("groups", str(spec.groups) if spec.groups > 1 else None),
    )
    bias = f", {_bias_name(work)}" if _bias_name(work) == "b" else ""
    return [*lines, f"y = F.conv{work.dims}d(x, w{bias}{settings})"]


def _padded(work: Job, mode: PaddingMode, value: float) -> tuple[Lines, str | None]:
    """The line that pads first, or the layer's own `padding` where torch has it: equal zeros on both sides."""
    if mode is PaddingMode.ZEROS and all(before == after for before, after in work.pads):
        return [], unless([before for before, _ in work.pads], 0)
    how = ""
    if mode is PaddingMode.CONSTANT:
        how = f", value={number(value)}"
    elif mode is not PaddingMode.ZEROS:
        how = f', mode="{mode}"'
    return [f"x = F.pad(x, {amounts(work.pads)}{how})  # {SIDES[work.dims]}"], None


def _transposed(work: Job) -> Lines:
    spec = work.layer
    assert isinstance(spec, TransposedConvSpec)
    axes = spec.axes(work.size)
    name = f"F.conv_transpose{work.dims}d"
    slide = (("stride", unless(spec.stride, 1)), ("dilation", unless(spec.dilation, 1)))
    groups = ("groups", str(spec.groups) if spec.groups > 1 else None)
    bias = _bias_name(work)
    if all(a.before == a.after and a.extra < max(a.stride, a.dilation) for a in axes):
        crop = (
            ("padding", unless([a.before for a in axes], 0)),
            ("output_padding", unless([a.extra for a in axes], 0)),
        )
        return [f"y = {name}(x, w{', b' if bias == 'b' else ''}{arguments(*slide, *crop, groups)})"]
    sides = amounts([(-a.before, a.extra - a.after) for a in axes])
    lines = [
        f"y = {name}(x, w{arguments(*slide, groups)})  # in full",
        f"y = F.pad(y, {sides})  # {SIDES[work.dims]}: negative crops, positive lengthens",
    ]
    return [*lines, f"y = y + b[{', '.join([':', *['None'] * work.dims])}]"] if bias == "b" else lines
