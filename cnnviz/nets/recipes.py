"""How each network is trained, as data: the recipe named with its weights, shown by pages, run again by a command."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.padding import choice, whole
from cnnviz.nets.designs import design


class Optimiser(StrEnum):
    """What turns gradients into steps."""

    SGD = "sgd"
    ADAM = "adam"


class Schedule(StrEnum):
    """How the learning rate moves over the run."""

    CONSTANT = "constant"
    ONE_CYCLE = "one_cycle"  # up from a tenth over the first quarter, then down to nothing, both along a cosine


class Start(StrEnum):
    """The weights before the first step."""

    TORCH = "torch"  # torch's own defaults
    XAVIER = "xavier"  # Glorot's uniform for every convolution and fully connected layer, biases as torch's


class Augment(StrEnum):
    """What is done to a picture each time it is learned from."""

    NONE = "none"
    SHIFT = "shift"  # by up to 2 pixels in each direction
    FLIP = "flip"  # left and right swapped for one in two
    FLIP_SHIFT = "flip_shift"  # both, by up to an eighth of the side


class Precision(StrEnum):
    """What the products of a forward pass are computed in; weights, sums and gradients of weights stay float32."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"  # twice as fast where the processor has it


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that decides a run but its seed. Every field is a word or a number, so that a card can hold it.

    `momentum` is Nesterov's, for "sgd"; Adam's own are torch's defaults. `weight_decay` is apart from the gradient with
    Adam (AdamW) and part of it with "sgd".
    """

    network: str
    data: str
    epochs: int = 10
    batch_size: int = 256
    optimiser: str = Optimiser.SGD
    learning_rate: float = 0.1
    momentum: float = 0.0
    weight_decay: float = 0.0
    schedule: str = Schedule.CONSTANT
    start: str = Start.TORCH
    augment: str = Augment.NONE
    label_smoothing: float = 0.0
    normalise: bool = False
    precision: str = Precision.FLOAT32

    def __post_init__(self) -> None:
        design(self.network)
        for name in ("epochs", "batch_size"):
            whole(name, getattr(self, name), 1)
        for name, words in VOCABULARIES.items():
            choice(name, getattr(self, name), words)
        for name, high in (("learning_rate", 10.0), ("momentum", 1.0), ("weight_decay", 1.0), ("label_smoothing", 1.0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= high:
                raise InvalidSpec("parameter_outside", name=name, value=value, low=0, high=high)

    @property
    def id(self) -> str:
        """What its weights are called: the network, then the data."""
        return f"{design(self.network).id}-{self.data}"

    def as_dict(self) -> dict[str, Any]:
        """For a card or a recording."""
        return asdict(self)


VOCABULARIES: dict[str, type[StrEnum]] = {
    "optimiser": Optimiser,
    "schedule": Schedule,
    "start": Start,
    "augment": Augment,
    "precision": Precision,
}


def _article_4(data: str) -> Recipe:
    """d2l's recipe as article 4 runs it: Xavier, plain SGD at 0.9, batches of 256, 10 epochs, nothing else."""
    return Recipe(network="lenet-d2l", data=data, learning_rate=0.9, start=Start.XAVIER)


def _modern(data: str, epochs: int, augment: Augment) -> Recipe:
    return Recipe(
        network="lenet-modern", data=data, epochs=epochs, batch_size=128, optimiser=Optimiser.ADAM, learning_rate=4e-3,
        schedule=Schedule.ONE_CYCLE, augment=augment, normalise=True,
    )  # fmt: skip


RECIPES: dict[str, Recipe] = {
    recipe.id: recipe
    for recipe in (
        _modern("mnist", 10, Augment.SHIFT),
        _modern("fashion-mnist", 14, Augment.FLIP),
        _article_4("fashion-mnist"),
        _article_4("mnist"),
        Recipe(
            network="lenet-1998", data="mnist", epochs=5, batch_size=128, optimiser=Optimiser.ADAM, learning_rate=2e-3,
            schedule=Schedule.ONE_CYCLE, normalise=True,
        ),
        Recipe(
            network="small", data="cifar10", epochs=10, batch_size=128, learning_rate=0.3, momentum=0.9,
            weight_decay=5e-4, schedule=Schedule.ONE_CYCLE, augment=Augment.FLIP_SHIFT, normalise=True,
            precision=Precision.BFLOAT16,
        ),
        Recipe(
            network="article3", data="mnist", epochs=3, batch_size=128, optimiser=Optimiser.ADAM, learning_rate=1e-3,
            schedule=Schedule.ONE_CYCLE, normalise=True,
        ),
    )
}  # fmt: skip


def recipe(network: str, data: str = "") -> Recipe:
    """The recipe of a network on a data set; a network trained on one set only needs no second word.

    >>> recipe("lenet", "fashion-mnist").learning_rate, recipe("small").data
    (0.9, 'cifar10')
    """
    known = design(network).id
    found = [r for r in RECIPES.values() if r.network == known and data in ("", r.data)]
    if not found:
        raise InvalidSpec("unknown_choice", name="data", value=repr(data), allowed=_sets(known))
    return found[0]


def _sets(network: str) -> str:
    return ", ".join(r.data for r in RECIPES.values() if r.network == network)
