"""How fast article 4's recipe trains, ours and a bare PyTorch loop taking turns in one run, on two cores.

The bare loop is the same network, batch size and optimiser written out in plain torch, its batches cut from one float
tensor in memory: no loader to wait for. With recording is what the app and the command do. The pictures are noise of
Fashion-MNIST's shape, because what they show does not change the speed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

from cnnviz.nets.datasets import Dataset
from cnnviz.nets.recipes import recipe
from cnnviz.nets.recording import Recorder
from cnnviz.nets.training import Trainer
from tests.benchmarks.table import Row

ARTICLE, BAR = 6_611, 1.3  # examples a second that article 4 gives; how many times as many it takes
ROUNDS, STEPS, BATCH, THREADS = 9, 40, 256, 2


def measure() -> list[Row]:
    """The rows of the table."""
    found = figures()
    ours, bare, recorded = found["ours"], found["bare"], found["recorded"]
    shares = [o / b for o, b in zip(ours, bare, strict=True)]
    speed, plain = statistics.median(ours), statistics.median(bare)
    note = f"{speed:,.0f} and {plain:,.0f} examples/s"
    return [
        Row.at_least("training, d2l recipe, times a bare PyTorch loop", statistics.median(shares), 1, "x", note),
        Row.at_least("training, d2l recipe, examples/s", round(speed), BAR * ARTICLE),
        Row("training, d2l recipe, with recording", f"{statistics.median(recorded):,.0f} examples/s"),
    ]


def figures() -> dict[str, list[float]]:
    """Examples a second, a list over the rounds for each way; the ways take turns."""
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        ways = {"bare": bare_loop(), "ours": our_loop(recorded=False), "recorded": our_loop(recorded=True)}
        found: dict[str, list[float]] = {name: [] for name in ways}
        for round_ in range(ROUNDS + 1):
            for name, way in ways.items():
                speed = _speed(way)
                if round_:  # the first warms up
                    found[name].append(speed)
        return found
    finally:
        torch.set_num_threads(before)


def _speed(way: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(STEPS):
        way()
    return STEPS * BATCH / (time.perf_counter() - began)


def bare_loop() -> Callable[[], object]:
    """d2l's network and loop in plain torch; each call makes one step."""
    net = nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.Sigmoid(), nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5), nn.Sigmoid(), nn.AvgPool2d(kernel_size=2, stride=2), nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
    )  # fmt: skip
    data = _data()
    images, labels = data.images.float() / 255, data.labels
    optimiser = torch.optim.SGD(net.parameters(), lr=0.9)
    order = torch.randperm(len(labels))
    at = 0

    def step() -> float:
        nonlocal at
        chosen = order[at : at + BATCH]
        at = (at + BATCH) % (len(order) - BATCH)
        logits = net(images[chosen])
        loss = F.cross_entropy(logits, labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return float(loss.detach()) + float((logits.argmax(1) == labels[chosen]).float().mean())

    return step


def our_loop(*, recorded: bool) -> Callable[[], object]:
    """A step of the trainer that app and command use."""
    data = _data()
    trainer = Trainer(recipe("lenet-d2l", "fashion-mnist"), data)
    recorder = Recorder(trainer, data.head(2_000)) if recorded else None
    return lambda: recorder(trainer.step()) if recorder else trainer.step()


def _data() -> Dataset:
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (60_000, 1, 28, 28), generator=generator, dtype=torch.uint8)
    return Dataset("fashion-mnist", images, torch.randint(0, 10, (60_000,), generator=generator), tuple("0123456789"))


if __name__ == "__main__":
    for name, speeds in figures().items():
        print(f"{name:<10} {statistics.median(speeds):,.0f} examples/s")
