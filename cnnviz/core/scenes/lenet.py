"""The state of the page `lenet`: what the network is shown, which network, where one looks, and what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from cnnviz.core.ink import InkRule
from cnnviz.core.ink_samples import samples
from cnnviz.core.rules import Choice, Grid, Matrix, Real, Whole, Word
from cnnviz.core.scene import Scene, field
from cnnviz.core.scenes import PICTURE_RULE
from cnnviz.core.scenes.surgery import KERNELS, LONGEST, MAPS, MOST, NAME, Grids, Surgery

NETWORKS = (
    "lenet-modern-mnist",
    "lenet-d2l-mnist",
    "lenet-1998-mnist",
    "lenet-modern-fashion-mnist",
    "lenet-d2l-fashion-mnist",
    "small-cifar10",
)
VIEWS = ("network", "input", "why", "excite", "vector", "tested", "compare")
LEVELS = ("network", "layer", "unit")
METHODS = ("occlusion", "saliency", "gradcam", "integrated", "guided", "lrp")
COLOUR = "small-cifar10"


@dataclass(frozen=True)
class LenetScene(Scene):
    """Everything the page can be set to; layers and units that the network lacks are brought into it later.

    >>> LenetScene.from_link({"net": "small-cifar10"}).source
    'picture'
    """

    PAGE: ClassVar[str] = "lenet"
    HIDEABLE: ClassVar[tuple[str, ...]] = ("picker", "views", "share", "try")

    view: str = field(Choice(VIEWS), "network")
    net: str = field(Choice(NETWORKS), "lenet-modern-mnist")

    # what the network is shown: a drawing, a picture, or a picture of the test set: by its number there, or (with a
    # class) by its number among those of the class
    source: str = field(Choice(("ink", "picture", "example")), "ink")
    ink: str = field(InkRule(), samples()[5])
    picture: str = field(PICTURE_RULE, "cat")
    example: int = field(Whole(0, 9999), 0)
    of: int = field(Whole(-1, 9), -1)
    right: int = field(Whole(-14, 14), 0)
    down: int = field(Whole(-14, 14), 0)
    turn: int = field(Whole(-180, 180), 0)
    scale: float = field(Real(0.5, 2, 0.05), 1)
    noise: float = field(Real(0, 1, 0.05), 0)
    seed: int = field(Whole(0, 999), 0)

    # where one looks
    level: str = field(Choice(LEVELS), "network")
    layer: str = field(Word(NAME), "conv1")
    channel: int = field(Whole(0, 9999), 1, link="ch")
    row: int = field(Whole(0, 99), 9)
    col: int = field(Whole(0, 99), 14)

    # surgery: maps switched off, as layer.number joined by "_"; kernels edited, as layer.filter.map, and their numbers
    off: str = field(Word(MAPS, LONGEST), "")
    edited: str = field(Word(KERNELS, LONGEST), "", link="ed")
    kernel: tuple[Matrix, ...] = field(Grids(Grid(11, 11, limit=100), MOST), (), link="k")

    method: str = field(Choice(METHODS), "occlusion")
    target: int = field(Whole(-1, 9), -1)

    def settled(self) -> Self:
        """Only pictures are shown to the colour network; each edited place has its kernel, and each kernel a place."""
        source = "picture" if self.net == COLOUR and self.source == "ink" else self.source
        try:
            self.surgery()
        except ValueError:
            return replace(self, source=source, edited="", kernel=())
        return replace(self, source=source)

    def surgery(self) -> Surgery:
        """What was done to the network.

        >>> LenetScene(off="conv1.2_conv1.3").surgery().maps() == {"conv1": {2, 3}}
        True
        """
        return Surgery.read(self.off, self.edited, self.kernel)

    def operated(self, surgery: Surgery) -> Self:
        """The scene with this done to the network instead."""
        return replace(self, **surgery.written())
