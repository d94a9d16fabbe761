"""From a recipe, data and a seed to trained weights: the one loop behind the app, the command line and the tests.

`Trainer` makes one step at a time, so that whoever drives it can show progress, stop, and go on later from a
checkpoint. There is no loader and no worker: the data lie in memory as bytes, and a batch is one indexing. Pictures and
kernels lie in memory channel after channel of each pixel, which is how torch's convolutions are fastest here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.nets.augment import augmented
from cnnviz.nets.datasets import Dataset
from cnnviz.nets.designs import design
from cnnviz.nets.net import Net
from cnnviz.nets.recipes import Augment, Optimiser, Precision, Recipe, Schedule, Start


@dataclass(frozen=True)
class Progress:
    """After one step: `loss` and `accuracy` of its batch, as they were before the step; rates over the whole run."""

    step: int  # steps made
    steps: int
    epoch: int  # counted from 1
    epochs: int
    loss: float
    accuracy: float
    learning_rate: float
    seconds: float
    examples_per_second: float
    seconds_left: float

    @property
    def last_of_epoch(self) -> bool:
        """Whether an epoch ends with this step."""
        return self.step % (self.steps // self.epochs) == 0


class Trainer:
    """A run in progress. `step()` makes one step; `run()` makes all that are left."""

    def __init__(self, recipe: Recipe, data: Dataset, *, seed: int = 0, net: Net | None = None) -> None:
        self.recipe, self.data, self.seed = recipe, data, seed
        self.net: Net = started(recipe, data, seed) if net is None else net
        self.net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimiser = optimiser(recipe, self.net)
        self.steps_per_epoch = math.ceil(len(data) / recipe.batch_size)
        self.steps = recipe.epochs * self.steps_per_epoch
        self._drops = any(isinstance(part, nn.Dropout) for part in self.net.modules())
        self.made = 0
        self.seconds = 0.0  # spent in steps of this process
        self.timed = 0  # examples of those steps
        self._order = torch.empty(0, dtype=torch.long)
        self._ordered = -1

    def run(self) -> Iterator[Progress]:
        """Every step that is left; leave the loop to stop."""
        while self.made < self.steps:
            yield self.step()

    def step(self) -> Progress:
        """One batch forward and back, one step of the optimiser."""
        began = time.perf_counter()
        images, labels = self.batch(self.made)
        rate = learning_rate(self.recipe, self.made, self.steps)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.net.train()
        logits = self._logits(images)
        loss = F.cross_entropy(logits, labels, label_smoothing=self.recipe.label_smoothing)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.made += 1
        right = float((logits.detach().argmax(1) == labels).float().mean())
        self.seconds += time.perf_counter() - began
        self.timed += len(labels)
        return self._progress(float(loss.detach()), right, rate)

    def _logits(self, images: Tensor) -> Tensor:
        """Forward; dropout, where there is any, draws from seed and step as everything else does."""
        with torch.random.fork_rng(devices=[], enabled=self._drops):
            if self._drops:
                torch.manual_seed(_mixed(self.seed, 3, self.made))
            with torch.autocast("cpu", torch.bfloat16, enabled=self.recipe.precision == Precision.BFLOAT16):
                logits: Tensor = self.net(images.contiguous(memory_format=torch.channels_last))
        return logits.float()

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """The pictures in [0, 1] and labels of a step: the order and the changes depend on seed and step alone."""
        epoch, number = divmod(step, self.steps_per_epoch)
        if epoch != self._ordered:
            self._order = torch.randperm(len(self.data), generator=_generator(self.seed, 1, epoch))
            self._ordered = epoch
        chosen = self._order[number * self.recipe.batch_size : (number + 1) * self.recipe.batch_size]
        images = self.data.images[chosen]
        if self.recipe.augment != Augment.NONE:
            images = augmented(images, self.recipe.augment, _generator(self.seed, 2, step))
        return images.float().div_(255), self.data.labels[chosen]

    def _progress(self, loss: float, right: float, rate: float) -> Progress:
        speed = self.timed / self.seconds
        left = (self.steps - self.made) * self.recipe.batch_size / speed
        epoch = (self.made - 1) // self.steps_per_epoch + 1
        return Progress(
            self.made, self.steps, epoch, self.recipe.epochs, loss, right, rate, self.seconds, speed, left
        )  # fmt: skip


def train(
    recipe: Recipe,
    data: Dataset,
    *,
    seed: int = 0,
    progress: Callable[[Progress], object] | None = None,
) -> Net:
    """Train from the start to the end and return the network, ready to use. `progress` is told each step."""
    trainer = Trainer(recipe, data, seed=seed)
    for told in trainer.run():
        if progress is not None:
            progress(told)
    return trainer.net.eval()


def started(recipe: Recipe, data: Dataset, seed: int) -> Net:
    """The network before the first step. Its weights depend on the seed alone; torch's generator stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        mean, std = data.moments() if recipe.normalise else ((0.0,), (1.0,))
        net = design(recipe.network).net(data.class_names, mean, std)
        if recipe.start == Start.XAVIER:
            for part in net.modules():
                if isinstance(part, (nn.Conv2d, nn.Linear)):
                    nn.init.xavier_uniform_(part.weight)
    return net


def optimiser(recipe: Recipe, net: Net) -> torch.optim.Optimizer:
    """torch's optimiser, fused: one pass over all parameters instead of one each."""
    rate = recipe.learning_rate
    if recipe.optimiser == Optimiser.ADAM:
        return torch.optim.AdamW(net.parameters(), rate, weight_decay=recipe.weight_decay, fused=True)
    return torch.optim.SGD(
        net.parameters(), rate, momentum=recipe.momentum, weight_decay=recipe.weight_decay,
        nesterov=recipe.momentum > 0, fused=True,
    )  # fmt: skip


RISE = 0.25  # the share of the steps in which one cycle climbs
FIRST, LAST = 0.1, 0.001  # of the highest rate, at the first and the last step


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """The rate of a step, counted from 0.

    >>> cycle = Recipe(network="lenet", data="mnist", learning_rate=1.0, schedule="one_cycle")
    >>> [round(learning_rate(cycle, step, 101), 3) for step in (0, 25, 62, 100)]
    [0.1, 1.0, 0.511, 0.001]
    """
    if recipe.schedule == Schedule.CONSTANT:
        return recipe.learning_rate
    done = step / max(1, steps - 1)
    if done < RISE:
        return recipe.learning_rate * _between(FIRST, 1.0, done / RISE)
    return recipe.learning_rate * _between(1.0, LAST, (done - RISE) / (1 - RISE))


def _between(first: float, last: float, share: float) -> float:
    return last + (first - last) * (1 + math.cos(math.pi * share)) / 2


def _generator(seed: int, use: int, number: int) -> torch.Generator:
    """A generator of its own for each use and number, so that a run resumed anywhere draws the same."""
    return torch.Generator().manual_seed(_mixed(seed, use, number))


def _mixed(seed: int, use: int, number: int) -> int:
    return ((seed * 1_000_003 + use) * 1_000_003 + number) % (1 << 63)
