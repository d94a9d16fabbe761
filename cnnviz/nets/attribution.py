"""What an answer rests on: maps over the picture, each after its own definition, for any network of ours.

All take a picture (C, H, W) in [0, 1] and the number of a class, and speak of that class's logit unless they say
otherwise. The network is left as it was, and so are its gradients.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import choice, whole
from cnnviz.nets.net import Net, in_use

MAX_STEPS = 1000
BATCH = 256  # pictures in one forward pass
SCORES = ("probability", "logit")


def saliency(net: Net, image: Tensor, target: int) -> Tensor:
    """How fast the logit moves with each number of the picture: its gradient, (C, H, W) (Simonyan et al., 2013)."""
    with quiet(net):
        x = asked(net, image, target).requires_grad_()
        (gradient,) = torch.autograd.grad(net(x)[0, target], x)
    return gradient[0]


@dataclass(frozen=True)
class Occlusion:
    """`drop[i, j]` is what the score loses when the patch from row `rows[i]`, column `columns[j]` is covered."""

    drop: Tensor
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    size: int
    score: float


def occlusion(
    net: Net, image: Tensor, target: int, *, size: int = 4, stride: int = 1, fill: float = 0.0, of: str = "probability"
) -> Occlusion:
    """Cover a patch of `size` x `size` with the value `fill`, everywhere in turn (Zeiler & Fergus, 2013).

    `of` is "probability" or "logit".
    """
    choice("of", of, SCORES)
    for name, value in (("size", size), ("stride", stride)):
        whole(name, value, 1)
    height, width = net.input_shape[1:]
    if size > min(height, width):
        raise InvalidSpec("parameter_outside", name="size", value=size, low=1, high=min(height, width))
    rows, columns = range(0, height - size + 1, stride), range(0, width - size + 1, stride)
    with quiet(net), torch.no_grad():
        x = asked(net, image, target)
        whole_score = float(_scores(net, x, target, of)[0])
        places = [(row, column) for row in rows for column in columns]
        scores = []
        for start in range(0, len(places), BATCH):
            part = places[start : start + BATCH]
            covered = x.repeat(len(part), 1, 1, 1)
            for number, (row, column) in enumerate(part):
                covered[number, :, row : row + size, column : column + size] = fill
            scores.append(_scores(net, covered, target, of))
    drop = whole_score - torch.cat(scores).view(len(rows), len(columns))
    return Occlusion(drop, tuple(rows), tuple(columns), size, whole_score)


@dataclass(frozen=True)
class GradCam:
    """`weights` (K,) are the maps' importances, `maps` (K, h, w) what they weigh, `cam` (h, w) the sum's positive part,
    `overlay` (H, W) the same enlarged to the picture."""

    layer: str
    weights: Tensor
    maps: Tensor
    cam: Tensor
    overlay: Tensor


def grad_cam(net: Net, image: Tensor, target: int, layer: str = "") -> GradCam:
    """Where the maps of a layer speak for a class (Selvaraju et al., 2017); by default its last layer of maps.

    A map's weight is the mean gradient of the logit over it.
    """
    name = layer or map_layers(net)[-1]
    if name not in map_layers(net):
        raise InvalidSpec("unknown_choice", name="layer", value=repr(layer), allowed=", ".join(map_layers(net)))
    with quiet(net):
        kept: dict[str, Tensor] = {}
        logits = net.run(net.normalised(asked(net, image, target).requires_grad_()), kept)
        (gradient,) = torch.autograd.grad(logits[0, target], kept[name])
    weights, maps = gradient[0].mean((1, 2)), kept[name][0].detach()
    cam = F.relu(torch.einsum("k,khw->hw", weights, maps))
    size: Any = net.input_shape[1:]
    overlay = F.interpolate(cam[None, None], size, mode="bilinear", align_corners=False)[0, 0]
    return GradCam(name, weights, maps, cam, overlay)


def map_layers(net: Net) -> tuple[str, ...]:
    """The layers whose output still is maps with more than one place."""
    return tuple(s.name for s in net.chain if len(s.output_shape) == 4 and s.output_shape[2] * s.output_shape[3] > 1)


@dataclass(frozen=True)
class IntegratedGradients:
    """`attribution` (C, H, W) adds up to `difference`, the logit here less the logit at the baseline; `gap` is by how
    much it misses because the path is walked in steps."""

    attribution: Tensor
    difference: float
    steps: int

    @property
    def gap(self) -> float:
        """What completeness lacks: 0 for infinitely many steps."""
        return float(self.attribution.sum()) - self.difference


def integrated_gradients(
    net: Net, image: Tensor, target: int, *, baseline: Tensor | float = 0.0, steps: int = 64
) -> IntegratedGradients:
    """The gradient's mean on the way from a baseline, times the way (Sundararajan et al., 2017).

    The mean is taken at the middles of `steps` equal pieces. `baseline` is a value for every number of the picture, or
    a picture.
    """
    if not 1 <= whole("steps", steps, 1) <= MAX_STEPS:
        raise InvalidSpec("parameter_outside", name="steps", value=steps, low=1, high=MAX_STEPS)
    with quiet(net):
        x = asked(net, image, target)
        start = torch.as_tensor(baseline, dtype=x.dtype).expand_as(x)
        total = torch.zeros_like(x)
        for shares in torch.split((torch.arange(steps) + 0.5) / steps, BATCH):
            way = (start + shares.view(-1, 1, 1, 1) * (x - start)).requires_grad_()
            (gradient,) = torch.autograd.grad(net(way)[:, target].sum(), way)
            total += gradient.sum(0, keepdim=True)
        with torch.no_grad():
            difference = float(net(x)[0, target].double() - net(start)[0, target].double())
    return IntegratedGradients(((x - start) * total / steps)[0].detach(), difference, steps)


def guided_backpropagation(net: Net, image: Tensor, target: int) -> Tensor:
    """The gradient with every negative part cut off at each ReLU on the way back, (C, H, W).

    After Springenberg et al., 2014. Only a network whose activations are all ReLU has one; others raise InvalidSpec.
    """
    from cnnviz.core.layers import Activation

    others = [n.layer.kind for n in net.layers if isinstance(n.layer, Activation) and n.layer.function != "relu"]
    if others:
        raise InvalidSpec("guided_needs_relu", function=others[0])
    hooks = [part.register_forward_hook(_guide) for part in net.modules() if isinstance(part, torch.nn.ReLU)]
    try:
        return saliency(net, image, target)
    finally:
        for hook in hooks:
            hook.remove()


class _Guided(torch.autograd.Function):
    """The identity, whose gradient lets only positive amounts through; the ReLU before it cuts by its own input."""

    @staticmethod
    def forward(context: object, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(context: object, *gradients: Tensor) -> Tensor:
        return gradients[0].clamp(min=0)


def _guide(module: object, inputs: object, output: Tensor) -> Tensor:
    guided: Tensor = _Guided.apply(output)  # type: ignore[no-untyped-call]
    return guided


def _scores(net: Net, images: Tensor, target: int, of: str) -> Tensor:
    logits: Tensor = net(images)
    return logits.softmax(1)[:, target] if of == "probability" else logits[:, target]


def asked(net: Net, image: Tensor, target: int) -> Tensor:
    """The picture as a batch of one, (1, C, H, W), detached; InvalidSpec for a wrong shape or a class there is not."""
    classes = net.chain.output_shape[-1]
    if not 0 <= whole("target", target, 0) < classes:
        raise InvalidSpec("parameter_outside", name="target", value=target, low=0, high=classes - 1)
    if tuple(image.shape) != net.input_shape:
        raise InvalidSpec("images_shape", name="image", shape=tuple(image.shape), expected=net.input_shape)
    return image.detach().clone().unsqueeze(0).float()


@contextmanager
def quiet(net: Net) -> Iterator[None]:
    """The network as in use, with gradients, whatever was set around."""
    with in_use(net), torch.enable_grad():
        yield
