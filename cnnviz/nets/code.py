"""A network as a PyTorch program to take home: plain torch, layer by layer, that loads our weights file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.code_classes import SOURCES, drawn_prototypes
from cnnviz.nets.modules import BySpec, GlobalPooling, Padding, PartialConv2d, RadialUnits, ScaledTanh, Subsampling
from cnnviz.nets.net import NOTHING, Net, Off

PADS = {
    "zeros": "ZeroPad2d",
    "reflect": "ReflectionPad2d",
    "replicate": "ReplicationPad2d",
    "circular": "CircularPad2d",
}


@dataclass(frozen=True)
class Edit:
    """Kernel `channel` of filter `filter` of a convolution, replaced by these numbers."""

    layer: str
    filter: int
    channel: int
    kernel: Sequence[Sequence[float]]


def torch_program(
    net: Net, weights: str = "", *, images: str = "", edits: Sequence[Edit] = (), off: Off = NOTHING
) -> str:
    """The program; it ends with logits for `images`.

    `weights` and `images` are names of files that it loads: ours in safetensors, and an array (C, H, W) in [0, 1];
    without them it starts with torch's own weights and with noise. `edits` and `off` are what was done to the network.
    Layers that torch.nn has no module for are written out as classes. Raises InvalidSpec for networks with branches
    and for poolings that torch lacks.

    >>> from cnnviz.nets.designs import design
    >>> print(torch_program(design("lenet-d2l").net()).splitlines()[6])
        ("conv1", nn.Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))),
    """
    if not net.layers.sequential:
        raise InvalidSpec("one_input", name=net.layers.names[0], kind="branches", inputs=2)
    lines = ["from collections import OrderedDict", "", *(["import numpy as np"] if images else []), "import torch"]
    lines += [*(["from safetensors.torch import load_file"] if weights else []), "from torch import nn", ""]
    lines += _classes(net)
    lines += ["network = nn.Sequential(OrderedDict(["]
    lines += [f'    ("{node.name}", {_written(net.part(node.name))}),' for node in net.layers]
    lines += ["])).eval()", ""]
    lines += _loaded(weights) + _operated(net, edits, off)
    lines += [f"mean = torch.tensor({_column(net.mean)})", f"std = torch.tensor({_column(net.std)})"]
    size = ", ".join(map(str, net.input_shape))
    source = f'torch.from_numpy(np.load("{images}")).reshape(1, {size})' if images else f"torch.rand(1, {size})"
    lines += [f"images = {source}  # in [0, 1]", "logits = network((images - mean) / std)"]
    return "\n".join([*lines, "print(logits.softmax(1))", ""])


def _classes(net: Net) -> list[str]:
    """What torch lacks, each class once, in the order of the network."""
    needed = {type(part): part for part in (net.part(node.name) for node in net.layers) if type(part) in SOURCES}
    lines = []
    for kind, part in needed.items():
        lines += ["", *SOURCES[kind].strip().splitlines(), ""]
        if isinstance(part, RadialUnits):
            lines += ["", *drawn_prototypes(part.prototypes)]
    return [*lines, ""] if lines else []


def _loaded(weights: str) -> list[str]:
    if not weights:
        return []
    return [
        f'tensors = load_file("{weights}")  # from the folder cnnviz/nets/weights',
        'parts = {n.removeprefix("parts."): t for n, t in tensors.items() if n.startswith("parts.")}',
        "network.load_state_dict(parts)",
    ]


def _operated(net: Net, edits: Sequence[Edit], off: Off) -> list[str]:
    """What was done to the network by hand."""
    lines = ["with torch.no_grad():  # kernels edited by hand"] if edits else []
    for edit in edits:
        within = "[1]" if isinstance(net.part(edit.layer), nn.Sequential) else ""  # behind its padding
        numbers = [list(row) for row in edit.kernel]
        lines += [f"    network.{edit.layer}{within}.weight[{edit.filter}, {edit.channel}] = torch.tensor({numbers})"]
    for name, maps in off.items():
        changed = f"output.index_fill(1, torch.tensor({sorted(maps)}), 0)"
        lines += [f"# maps switched off after {name}"]
        lines += [f"network.{name}.register_forward_hook(lambda module, inputs, output: {changed})"]
    return lines


def _column(values: Tensor) -> str:
    """(C, 1, 1), written out."""
    return "[" + ", ".join(f"[[{value:.6g}]]" for value in values.flatten().tolist()) + "]"


def _written(part: nn.Module) -> str:
    """The module as what makes it."""
    if isinstance(part, GlobalPooling):
        return f"nn.Adaptive{'Avg' if part.mode == 'avg' else 'Max'}Pool2d(1)"
    if isinstance(part, nn.Sequential):
        return f"nn.Sequential({', '.join(map(_written, part))})"
    if isinstance(part, Padding):
        return _pad(part)
    if isinstance(part, PartialConv2d):
        sizes = part.extra_repr()  # type: ignore[no-untyped-call]
        return f"PartialConv2d({sizes}, reads={_reads(part)})"
    if isinstance(part, Subsampling):
        return f"Subsampling({len(part.weight)}, {tuple(part.kernel_size)})"
    if isinstance(part, (ScaledTanh, RadialUnits)):
        return f"{type(part).__name__}({'prototypes' if isinstance(part, RadialUnits) else ''})"
    if isinstance(part, BySpec) or type(part).__module__.split(".")[0] != "torch":
        raise InvalidSpec("unknown_choice", name="layer", value=type(part).__name__, allowed="modules of torch.nn")
    return f"nn.{part}"


def _pad(part: Padding) -> str:
    """torch's own module for each mode; `mode` there is F.pad's word."""
    if part.mode == "constant":
        return f"nn.ConstantPad2d({tuple(part.amounts)}, {part.value})"
    return f"nn.{PADS[part.mode]}({tuple(part.amounts)})"


def _reads(part: PartialConv2d) -> list[list[int]]:
    """Which maps each filter reads."""
    return [row.flatten().nonzero().flatten().tolist() for row in part.connected]
