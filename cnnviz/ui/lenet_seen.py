"""One pass of the lenet page: a scene brought into its network, the input made, every layer's output kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from cnnviz.core.images import Picture
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.nets.net import Net, activations
from cnnviz.ui import lenet_nets
from cnnviz.ui.lenet_input import Shown, shown


@dataclass(frozen=True)
class Seen:
    """One pass: the scene brought into its network, what the network was shown, and every layer's output."""

    scene: LenetScene
    net: Net
    shown: Shown
    kept: Mapping[str, Tensor]

    @property
    def logits(self) -> Tensor:
        """(classes,)"""
        last: Tensor = self.kept[self.net.layers.names[-1]][0]
        return last

    @property
    def target(self) -> int:
        """The class that is asked about: the scene's, or the network's answer."""
        chosen = self.scene.target
        return chosen if 0 <= chosen < len(self.logits) else int(self.logits.argmax())


def see(scene: LenetScene, picture: Picture | None = None) -> Seen:
    """Show the network what the scene says, with `picture` in place of the one it names."""
    fits = lenet_nets.fitting(scene)
    net, made = lenet_nets.operated(fits), shown(fits, picture)
    return Seen(fits, net, made, activations(net, made.image, off=fits.surgery().maps()))
