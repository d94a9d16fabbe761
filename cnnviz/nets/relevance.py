"""Layer-wise relevance propagation: a class's logit handed back, layer by layer, down to the picture's numbers.

Beside attribution.py, which asks the whole network; this goes through it from the last layer to the first, and at each
layer gives every input as much of an output's relevance as it added to that output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Activation, AdaptivePool, Concat, Dropout, Flatten, GlobalPool, Layer, Pad, Pool, Radial
from cnnviz.core.network import INPUT
from cnnviz.nets.attribution import asked, quiet
from cnnviz.nets.net import Net

EPSILON = 0.1  # less lets shares of sums near 0 outgrow the logit a hundredfold in the networks with sigmoids
MAX_EPSILON = 1.0
TINY = torch.finfo(torch.float32).tiny

Share = tuple[tuple[Tensor, ...], float, float]  # what each input gets, what the bias keeps, what epsilon keeps


@dataclass(frozen=True)
class Relevance:
    """`relevance` (C, H, W) of the network's normalised input, `bias` and `epsilon` what those kept of the logit."""

    relevance: Tensor
    logit: float
    bias: float
    epsilon: float

    @property
    def gap(self) -> float:
        """What conservation lacks: 0 but for rounding, since the three parts add up to the logit."""
        return float(self.relevance.double().sum()) + self.bias + self.epsilon - self.logit


def relevance_propagation(net: Net, image: Tensor, target: int, *, epsilon: float = EPSILON) -> Relevance:
    """The logit of the class `target` as a sum over the numbers of `image` (C, H, W), in [0, 1].

    The epsilon rule: an output z = sum of x·w, plus the bias b, with relevance R gives each of its inputs
    x·w / (z + ε·sign z) · R, and its bias b / (z + ε·sign z) · R; what ε holds back is kept apart. Averages, batch
    normalisation and weighted sums go the same way. A maximum hands all to the winner, an activation hands down what
    it was given. The prototypes of 1998 answer with minus a sum of squares, of which each input has its own.

    `epsilon` is a share, 0 to 1, of the root mean square of the layer's outputs, so that one number does for layers of
    every size; 0 is the plain rule, which for ReLU networks is gradient times input.

    Bach et al. 2015, "On pixel-wise explanations for non-linear classifier decisions by layer-wise relevance
    propagation", PLoS ONE 10(7); epsilon as a share of a layer's root mean square as in Montavon et al. 2019,
    "Layer-wise relevance propagation: an overview".

    Raises InvalidSpec as the other attributions do, and for an epsilon outside.

    >>> from cnnviz.nets.designs import design
    >>> made = relevance_propagation(design("lenet-modern").net(), torch.ones(1, 28, 28), 3)
    >>> made.relevance.shape, abs(made.gap) < 1e-4
    (torch.Size([1, 28, 28]), True)
    """
    if not 0 <= epsilon <= MAX_EPSILON:
        raise InvalidSpec("parameter_outside", name="epsilon", value=epsilon, low=0, high=MAX_EPSILON)
    kept: dict[str, Tensor] = {}
    with quiet(net):
        with torch.no_grad():
            logits = net.run(net.normalised(asked(net, image, target)), kept)
        given = {name: torch.zeros_like(values) for name, values in kept.items()}
        given[net.layers.names[-1]][0, target] = logits[0, target]
        bias = absorbed = 0.0
        for node, stage in zip(reversed(net.layers), reversed(list(net.chain)), strict=True):
            inputs = [kept[name] for name in node.inputs]
            shares, by_bias, by_epsilon = _shares(stage.layer, net.part(node.name), inputs, given[node.name], epsilon)
            for name, share in zip(node.inputs, shares, strict=True):
                given[name] += share
            bias, absorbed = bias + by_bias, absorbed + by_epsilon
    return Relevance(given[INPUT][0], float(logits[0, target]), bias, absorbed)


def _shares(
    layer: Layer, part: Callable[..., Tensor], inputs: Sequence[Tensor], given: Tensor, epsilon: float
) -> Share:
    """What a layer with relevance `given` hands to each of its inputs."""
    if isinstance(layer, (Activation, Dropout)):
        return (given,), 0.0, 0.0
    if isinstance(layer, (Flatten, Concat)) or (isinstance(layer, POOLS) and layer.mode == "max"):
        return _moved(part, inputs, given), 0.0, 0.0
    if isinstance(layer, Radial):
        return _squares(layer, inputs[0], given), 0.0, 0.0
    return _proportional(part, inputs, given, 0.0 if isinstance(layer, Pad) else epsilon)


POOLS = (Pool, GlobalPool, AdaptivePool)


def _moved(part: Callable[..., Tensor], inputs: Sequence[Tensor], given: Tensor) -> tuple[Tensor, ...]:
    """Each number's relevance where the number came from."""
    traced = [x.detach().requires_grad_() for x in inputs]
    return torch.autograd.grad(part(*traced), traced, given)


def _squares(layer: Radial, x: Tensor, given: Tensor) -> tuple[Tensor, ...]:
    """An output's relevance shared as its sum of squared distances is."""
    squares = (x.unsqueeze(-2) - torch.tensor(layer.prototypes, dtype=x.dtype)).square()
    return (torch.einsum("...o,...oi->...i", given, squares / squares.sum(-1, keepdim=True).clamp(min=TINY)),)


def _proportional(part: Callable[..., Tensor], inputs: Sequence[Tensor], given: Tensor, epsilon: float) -> Share:
    """The epsilon rule, for whatever is a sum of weighted inputs and a bias: then the way back is the weights'."""
    traced = [x.detach().requires_grad_() for x in inputs]
    z = part(*traced)
    known = z.detach()
    lifted = known + epsilon * known.square().mean().sqrt() * torch.where(known < 0, -1.0, 1.0)
    rate = torch.where(lifted == 0, 0.0, given / lifted)
    shares = tuple(x.detach() * back for x, back in zip(traced, torch.autograd.grad(z, traced, rate), strict=True))
    with torch.no_grad():
        alone = part(*(torch.zeros_like(x) for x in inputs))
    return shares, float((alone * rate).double().sum()), float((given - known * rate).double().sum())
