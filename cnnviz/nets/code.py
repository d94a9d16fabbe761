"""A network as a PyTorch program to take home: plain torch.nn, layer by layer, that loads our weights file."""

from __future__ import annotations

from torch import nn

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.modules import BySpec, GlobalPooling, Padding, PartialConv2d, RadialUnits, ScaledTanh, Subsampling
from cnnviz.nets.net import Net

OWN = (BySpec, GlobalPooling, Padding, PartialConv2d, RadialUnits, ScaledTanh, Subsampling)


def torch_program(net: Net, weights: str = "") -> str:
    """The program. With `weights`, a file name, it loads that file; it ends with logits for `images`.

    Raises InvalidSpec for networks with branches or with layers that torch.nn has no module for.

    >>> from cnnviz.nets.designs import design
    >>> print(torch_program(design("lenet-d2l").net()).splitlines()[6])
        ("conv1", nn.Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))),
    """
    if not net.layers.sequential:
        raise InvalidSpec("one_input", name=net.layers.names[0], kind="branches", inputs=2)
    lines = ["from collections import OrderedDict", "", "import torch", "from torch import nn", ""]
    lines += ["network = nn.Sequential(OrderedDict(["]
    lines += [f'    ("{node.name}", {_written(net.part(node.name))}),' for node in net.layers]
    lines += ["])).eval()", ""]
    if weights:
        lines += [
            "from safetensors.torch import load_file", "", f'tensors = load_file("{weights}")',
            'parts = {n.removeprefix("parts."): t for n, t in tensors.items() if n.startswith("parts.")}',
            "network.load_state_dict(parts)",
        ]  # fmt: skip
    size = ", ".join(map(str, net.input_shape))
    lines += [f"mean = torch.tensor({_column(net.mean.flatten().tolist())})"]
    lines += [f"std = torch.tensor({_column(net.std.flatten().tolist())})"]
    lines += [f"images = torch.rand(1, {size})  # in [0, 1]", "logits = network((images - mean) / std)"]
    return "\n".join([*lines, "print(logits.softmax(1))", ""])


def _column(values: list[float]) -> str:
    """(C, 1, 1), written out."""
    return "[" + ", ".join(f"[[{value:.6g}]]" for value in values) + "]"


def _written(part: nn.Module) -> str:
    """The module as the line that makes it."""
    if isinstance(part, GlobalPooling):
        return f"nn.Adaptive{'Avg' if part.mode == 'avg' else 'Max'}Pool2d(1)"
    if isinstance(part, (*OWN, nn.Sequential)) or type(part).__module__.split(".")[0] != "torch":
        raise InvalidSpec("unknown_choice", name="layer", value=type(part).__name__, allowed="modules of torch.nn")
    return f"nn.{part}"
