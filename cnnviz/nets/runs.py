"""One recipe over several seeds: trains each, measures it, and leaves weights, recording and card in a folder."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnviz.nets.cards import ERRORS, write_card
from cnnviz.nets.checkpoint import resume, save_checkpoint
from cnnviz.nets.datasets import Dataset
from cnnviz.nets.evaluation import Measured, measure
from cnnviz.nets.net import Net
from cnnviz.nets.pictures import keep
from cnnviz.nets.recipes import Recipe
from cnnviz.nets.recording import Recorder, Recording, write
from cnnviz.nets.training import Progress, Trainer
from cnnviz.nets.weights import save_net

Told = Callable[[Progress], object]
CHECKPOINT_EVERY = 200  # steps


@dataclass(frozen=True)
class Run:
    """A finished run of one seed: the network, its recording, and what it does on the test set."""

    seed: int
    net: Net
    recording: Recording
    measured: Measured
    examples_per_second: float

    @property
    def stuck(self) -> bool:
        """Whether it answers little better than by chance: less than twice the share of one class."""
        return self.measured.accuracy < 2 / len(self.measured.confusion)


def one(
    recipe: Recipe,
    data: Dataset,
    test: Dataset,
    seed: int = 0,
    *,
    progress: Told | None = None,
    checkpoint: Path | None = None,
    stop: Callable[[], bool] | None = None,
) -> Run | None:
    """Train one seed from the start, or from its checkpoint where there is one.

    `checkpoint` is written every few steps and when `stop()` says so, in which case None is returned; it is removed
    when the run is done.
    """
    trainer = Trainer(recipe, data, seed=seed)
    found = checkpoint is not None and checkpoint.exists()
    recorder = Recorder(trainer, test)
    if checkpoint is not None and found:
        resume(trainer, checkpoint, recorder)
    for told in trainer.run():
        recorder(told)
        if progress is not None:
            progress(told)
        stopped = stop is not None and stop()
        if checkpoint is not None and (stopped or told.step % CHECKPOINT_EVERY == 0):
            save_checkpoint(trainer, checkpoint, recorder)
        if stopped:
            return None
    if checkpoint is not None:
        checkpoint.unlink(missing_ok=True)
    speed = trainer.timed / trainer.seconds if trainer.seconds else 0.0
    return Run(seed, trainer.net.eval(), recorder.recording(), measure(trainer.net, test), speed)


def several(
    recipe: Recipe, data: Dataset, test: Dataset, seeds: Sequence[int], folder: Path, progress: Told | None = None
) -> list[Run]:
    """Train every seed, keeping checkpoints in `folder`, then publish them there."""
    runs = []
    for seed in seeds:
        run = one(recipe, data, test, seed, progress=progress, checkpoint=folder / f"{recipe.id}.{seed}.checkpoint")
        assert run is not None  # nothing was given that could stop it
        runs.append(run)
    publish(runs, test, folder)
    return runs


def publish(runs: Sequence[Run], test: Dataset, folder: Path) -> Run:
    """Write weights, recording and card; the run that is kept is the middle one by accuracy, not the luckiest."""
    kept = middle(runs)
    name = kept.recording.recipe.id
    today = datetime.date.today().isoformat()
    save_net(kept.net, folder / f"{name}.safetensors", {"seed": str(kept.seed), "date": today})
    write(kept.recording, folder / f"{name}.recording.safetensors")
    rows = [(run.seed, run.recording, run.measured, run.stuck) for run in runs]
    write_card(folder / f"{name}.json", rows, kept.seed, test, today)
    keep(name, kept.measured.worst(ERRORS), test, folder)
    return kept


def middle(runs: Sequence[Run]) -> Run:
    """Of those that learned, the run with the middle accuracy (the lower of two); of all, where none learned."""
    learned = [run for run in runs if not run.stuck] or list(runs)
    return sorted(learned, key=lambda run: run.measured.accuracy)[(len(learned) - 1) // 2]
