"""The layers that torch.nn lacks as a reader would write them: printed into the program of a network (code.py).

Shorter than modules.py and bound to it by tests: both must give the same numbers from the same weights.
"""

from __future__ import annotations

from torch import Tensor, nn

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.modules import PartialConv2d, RadialUnits, ScaledTanh, Subsampling

SCALED_TANH = """
class ScaledTanh(nn.Module):  # LeCun et al. 1998, equation 6
    def forward(self, x):
        return 1.7159 * torch.tanh(2 / 3 * x)
"""
SUBSAMPLING = """
class Subsampling(nn.Module):  # the sum of each window times a learned weight, plus a learned bias, one of each a map
    def __init__(self, channels, size):
        super().__init__()
        self.size = size
        self.weight = nn.Parameter(torch.full((channels,), 1 / (size[0] * size[1])))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        sums = nn.functional.avg_pool2d(x, self.size, divisor_override=1)
        return sums * self.weight.view(-1, 1, 1) + self.bias.view(-1, 1, 1)
"""
PARTIAL = """
class PartialConv2d(nn.Conv2d):  # each filter reads only some of the maps: its other kernels are 0
    def __init__(self, *sizes, reads, **settings):
        super().__init__(*sizes, **settings)
        connected = torch.zeros(self.out_channels, self.in_channels, 1, 1)
        for number, maps in enumerate(reads):
            connected[number, maps] = 1
        self.register_buffer("connected", connected, persistent=False)

    def forward(self, x):
        settings = (self.stride, self.padding, self.dilation)
        return nn.functional.conv2d(x, self.weight * self.connected, self.bias, *settings)
"""
RADIAL = """
class RadialUnits(nn.Module):  # minus the squared distance to each prototype: the nearest wins
    def __init__(self, prototypes):
        super().__init__()
        self.register_buffer("prototypes", prototypes, persistent=False)

    def forward(self, x):
        return -(x.unsqueeze(-2) - self.prototypes).square().sum(-1)
"""
SOURCES: dict[type[nn.Module], str] = {
    ScaledTanh: SCALED_TANH, Subsampling: SUBSAMPLING, PartialConv2d: PARTIAL, RadialUnits: RADIAL,
}  # fmt: skip
MARKS = {1.0: "#", -1.0: "."}


def drawn_prototypes(values: Tensor) -> list[str]:
    """(classes, numbers) of 1 and −1 as lines of marks, and the line that makes numbers of them again.

    >>> drawn_prototypes(Tensor([[1, -1]]))[1]
    '    "#.",'
    """
    rows = values.tolist()
    if not all(number in MARKS for row in rows for number in row):
        raise InvalidSpec("unknown_choice", name="prototypes", value="other numbers", allowed="1, -1")
    lines = [f'    "{"".join(MARKS[number] for number in row)}",' for row in rows]
    made = 'prototypes = torch.tensor([[1.0 if mark == "#" else -1.0 for mark in one] for one in drawn])'
    return ["drawn = [", *lines, "]", made]
