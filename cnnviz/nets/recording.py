"""A run as it happened, in one compact file: what the training page scrubs through, step by step.

Every step's loss, accuracy and learning rate; every epoch's figures on both halves of the data; and at chosen steps the
kernels, the gradients' lengths and the confusion matrix. The file is safetensors: numbers, and a few words beside them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.datasets import Dataset
from cnnviz.nets.evaluation import measure
from cnnviz.nets.recipes import Recipe
from cnnviz.nets.training import Progress, Trainer
from cnnviz.nets.weights import contents, notes, read, save

MAX_KERNELS = 3_000  # weights of a layer whose kernels are kept
MATRIX_PICTURES = 2_000  # of the test set, for the confusion matrix of a chosen step
GRADIENTS_EVERY = 25
FIRST_STEPS = (0, 1, 2, 5, 10, 20, 50, 100, 200)

STEPS = "steps"  # (T, 3) float32: loss, accuracy, learning rate of each step
EPOCHS = "epochs"  # (E, 4) float32: training loss and accuracy, test loss and accuracy
GRADIENT_STEPS, GRADIENTS = "gradient_steps", "gradients"  # (G,) int64; (G, P) float32, the length of each gradient
CHOSEN, CONFUSION = "chosen", "confusion"  # (K,) int64; (K, classes, classes) float16, shares of each true class
KERNELS = "kernels."  # + layer: (K, *weight) float16


@dataclass(frozen=True)
class Recording:
    """A recorded run. `tensors` is described by the names above; `words` holds recipe, seed, and names."""

    tensors: Mapping[str, Tensor]
    recipe: Recipe
    seed: int
    parameters: tuple[str, ...]
    class_names: tuple[str, ...]

    @property
    def loss(self) -> Tensor:
        """(T,) of each step's batch, before the step."""
        return self.tensors[STEPS][:, 0]

    @property
    def accuracy(self) -> Tensor:
        """(T,) of each step's batch, before the step."""
        return self.tensors[STEPS][:, 1]

    @property
    def learning_rate(self) -> Tensor:
        """(T,) of each step."""
        return self.tensors[STEPS][:, 2]

    @property
    def epochs(self) -> Tensor:
        """(E, 4): training loss and accuracy over the epoch, test loss and accuracy at its end."""
        return self.tensors[EPOCHS]

    @property
    def chosen(self) -> tuple[int, ...]:
        """The steps, counted from 0 made, at which kernels and confusions were kept."""
        return tuple(int(step) for step in self.tensors[CHOSEN])

    @property
    def confusion(self) -> Tensor:
        """(K, classes, classes) float32: of each true class (row), the share taken for each class."""
        return self.tensors[CONFUSION].float()

    @property
    def gradients(self) -> tuple[Tensor, Tensor]:
        """(G,) steps and (G, P) lengths of the gradient of each of `parameters`."""
        return self.tensors[GRADIENT_STEPS], self.tensors[GRADIENTS]

    @property
    def kernel_layers(self) -> tuple[str, ...]:
        """The layers whose kernels were kept."""
        return tuple(sorted(name.removeprefix(KERNELS) for name in self.tensors if name.startswith(KERNELS)))

    def kernels(self, layer: str) -> Tensor:
        """(K, out, in, rows, columns) float32, one set for each chosen step."""
        if layer not in self.kernel_layers:
            raise InvalidSpec("unknown_choice", name="layer", value=repr(layer), allowed=", ".join(self.kernel_layers))
        return self.tensors[KERNELS + layer].float()


class Recorder:
    """Listens to a trainer. Call it with each Progress; `recording()` is the run so far."""

    def __init__(self, trainer: Trainer, test: Dataset) -> None:
        self.trainer, self.test = trainer, test
        self.few = test.head(MATRIX_PICTURES)
        ends = (epoch * trainer.steps_per_epoch for epoch in range(trainer.recipe.epochs + 1))
        self.chosen_steps = {*FIRST_STEPS, *ends}
        self.parameters = tuple(name for name, _ in trainer.net.named_parameters())
        self.kept: dict[str, list[Tensor]] = {}
        if trainer.made == 0:
            self._choose(0)

    def __call__(self, told: Progress) -> None:
        self._keep(STEPS, torch.tensor([told.loss, told.accuracy, told.learning_rate]))
        if told.step % GRADIENTS_EVERY == 1:
            self._keep(GRADIENT_STEPS, torch.tensor(told.step))
            self._keep(GRADIENTS, torch.stack([_length(p) for p in self.trainer.net.parameters()]))
        if told.step in self.chosen_steps:
            self._choose(told.step)
        if told.last_of_epoch:
            self._epoch()

    def _epoch(self) -> None:
        last = torch.stack(self.kept[STEPS][-self.trainer.steps_per_epoch :])
        sizes = torch.full((len(last),), float(self.trainer.recipe.batch_size))
        sizes[-1] = len(self.trainer.data) - self.trainer.recipe.batch_size * (len(last) - 1)
        learned = (last[:, :2] * sizes[:, None]).sum(0) / sizes.sum()
        seen = measure(self.trainer.net, self.test)
        self._keep(EPOCHS, torch.tensor([*learned.tolist(), seen.loss, seen.accuracy]))

    def _choose(self, step: int) -> None:
        counts = torch.from_numpy(measure(self.trainer.net, self.few).confusion).float()
        self._keep(CHOSEN, torch.tensor(step))
        self._keep(CONFUSION, (counts / counts.sum(1, keepdim=True).clamp(min=1)).half())
        for name, part in self.trainer.net.parts.items():
            if isinstance(part, nn.Conv2d) and part.weight.numel() <= MAX_KERNELS:
                self._keep(KERNELS + name, part.weight.detach().half())

    def _keep(self, name: str, value: Tensor) -> None:
        self.kept.setdefault(name, []).append(value.clone())

    def tensors(self) -> dict[str, Tensor]:
        """Everything kept so far, stacked."""
        return {name: torch.stack(values) for name, values in self.kept.items()}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from what a checkpoint kept."""
        self.kept = {name: list(values.unbind(0)) for name, values in tensors.items()}

    def recording(self) -> Recording:
        """The run so far."""
        trainer = self.trainer
        return Recording(self.tensors(), trainer.recipe, trainer.seed, self.parameters, trainer.data.class_names)


def write(run: Recording, path: Path) -> None:
    """Write a recording into one file."""
    words: dict[str, Any] = {"recipe": run.recipe.as_dict(), "seed": run.seed}
    words |= {"parameters": run.parameters, "class_names": run.class_names}
    save(run.tensors, path, {"recording": json.dumps(words, ensure_ascii=False)})


def open_recording(source: Path | bytes) -> Recording:
    """Read a recording; InvalidSpec with one sentence for a file that is none."""
    content, file = contents(source)
    tensors = read(content, file)
    try:
        words = json.loads(notes(content, file)["recording"])
        names = (tuple(map(str, words["parameters"])), tuple(map(str, words["class_names"])))
        made = Recording(tensors, Recipe(**words["recipe"]), int(words["seed"]), *names)
        whole = (tensors[STEPS].shape[1:], tensors[EPOCHS].shape[1:]) == ((3,), (4,))
        same = len(tensors[CHOSEN]) == len(tensors[CONFUSION]) and len(tensors[GRADIENTS]) == len(
            tensors[GRADIENT_STEPS]
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise InvalidSpec("recording_malformed", file=file) from fault
    if not whole or not same:
        raise InvalidSpec("recording_malformed", file=file)
    return made


def _length(parameter: nn.Parameter) -> Tensor:
    return torch.zeros(()) if parameter.grad is None else torch.linalg.vector_norm(parameter.grad)
