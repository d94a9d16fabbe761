"""A run put aside: network, optimiser and recording in one safetensors file; training goes on from it unbroken."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.recording import Recorder
from cnnviz.nets.training import Trainer
from cnnviz.nets.weights import contents, notes, read, save

NET, OPTIMISER, RECORDING = "net.", "optimiser.", "recording."


def save_checkpoint(trainer: Trainer, path: Path, recorder: Recorder | None = None) -> None:
    """Put a run aside after any step."""
    tensors = {NET + name: value for name, value in trainer.net.state_dict().items()}
    for number, state in trainer.optimiser.state_dict()["state"].items():
        for key, value in state.items():
            if isinstance(value, Tensor):
                tensors[f"{OPTIMISER}{number}.{key}"] = value
    if recorder is not None:
        tensors |= {RECORDING + name: value for name, value in recorder.tensors().items()}
    words = {"step": trainer.made, "seed": trainer.seed, "recipe": trainer.recipe.as_dict()}
    save(tensors, path, {"checkpoint": json.dumps(words)})


def resume(trainer: Trainer, path: Path, recorder: Recorder | None = None) -> int:
    """Bring a fresh trainer to where the checkpoint was made; returns the steps already made.

    Raises InvalidSpec for a file that is no checkpoint, or one of another recipe or seed.
    """
    content, file = contents(path)
    tensors = read(content, file)
    try:
        words = json.loads(notes(content, file)["checkpoint"])
        step = int(words["step"])
        same = words["recipe"] == trainer.recipe.as_dict() and words["seed"] == trainer.seed
    except (KeyError, TypeError, ValueError) as fault:
        raise InvalidSpec("checkpoint_malformed", file=file) from fault
    if not same:
        raise InvalidSpec("checkpoint_of_another", file=file)
    weights, mine = part(tensors, NET), trainer.net.state_dict()
    if {n: t.shape for n, t in weights.items()} != {n: t.shape for n, t in mine.items()} or not step >= 0:
        raise InvalidSpec("checkpoint_malformed", file=file)
    trainer.net.load_state_dict(weights)
    _fill(trainer.optimiser, part(tensors, OPTIMISER), file)
    trainer.made = min(step, trainer.steps)
    if recorder is not None:
        recorder.restore(part(tensors, RECORDING))
    return trainer.made


def part(tensors: dict[str, Tensor], head: str) -> dict[str, Tensor]:
    """The tensors whose name begins with `head`, without it."""
    return {name.removeprefix(head): value for name, value in tensors.items() if name.startswith(head)}


def _fill(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor], file: str) -> None:
    held = optimiser.state_dict()
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    for name, value in tensors.items():
        number, _, key = name.partition(".")
        if not number.isdigit() or int(number) >= len(parameters):
            raise InvalidSpec("checkpoint_malformed", file=file)
        like = parameters[int(number)]
        if value.shape not in (like.shape, ()):
            raise InvalidSpec("checkpoint_malformed", file=file)
        if value.shape == like.shape:  # in the parameter's own order in memory, as the fused step expects
            value = torch.empty_like(like).copy_(value).detach()
        held["state"].setdefault(int(number), {})[key] = value
    optimiser.load_state_dict(held)
