"""`cnnviz train`: what the training page does, without a browser, and the way the committed weights were made."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from cnnviz.nets.training import Progress

NETWORKS = (
    "lenet, lenet-d2l, lenet-modern, lenet-1998, article3 or small"  # written out: torch is imported by `run` only
)


def options(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    parser.add_argument("network", help=NETWORKS)
    parser.add_argument("--data", default="", help="mnist, fashion-mnist or cifar10 (default: the network's first)")
    parser.add_argument("--epochs", type=int, help="times through the data (default: the recipe's)")
    parser.add_argument("--seeds", default="0", help="one seed, or several with commas (default: %(default)s)")
    parser.add_argument(
        "--out", type=Path, default=Path(), help="folder for weights, recording and card (default: here)"
    )
    parser.add_argument("--threads", type=int, help="processor cores to use (default: torch's choice)")
    parser.add_argument("--download", action="store_true", help="fetch the data first where they are missing")
    parser.set_defaults(run=run)
    return parser


def run(asked: argparse.Namespace) -> int:
    """Train, telling how it goes; leaves the files in the folder and returns the exit status.

    Stopped with Ctrl-C, it says so; the same command goes on from the last checkpoint.
    """
    import torch

    from cnnviz.nets.datasets import load
    from cnnviz.nets.recipes import recipe
    from cnnviz.nets.runs import several

    if asked.threads:
        torch.set_num_threads(asked.threads)
    chosen = recipe(asked.network, asked.data)
    if asked.epochs is not None:
        chosen = replace(chosen, epochs=asked.epochs)
    if asked.download:
        from cnnviz.nets.download import download

        download(chosen.data, Fetching(sys.stderr))
    seeds = _seeds(asked.seeds)
    data, test = load(chosen.data), load(chosen.data, "test")
    asked.out.mkdir(parents=True, exist_ok=True)
    try:
        runs = several(chosen, data, test, seeds, asked.out, Teller(sys.stdout))
    except KeyboardInterrupt:
        print(f"\nstopped; the same command goes on from {asked.out / chosen.id}.*.checkpoint")
        return 130
    for done in runs:
        held = f"test accuracy {done.measured.accuracy:.2%}, loss {done.measured.loss:.4f}"
        print(f"{chosen.id} seed {done.seed}: {held}, {done.examples_per_second:,.0f} examples/s")
    return 0


def _seeds(text: str) -> list[int]:
    """Whole numbers with commas between them.

    >>> _seeds("0,1,2")
    [0, 1, 2]
    """
    words = text.split(",")
    if not all(word.strip().isascii() and word.strip().isdigit() and len(word) < 10 for word in words):
        raise ValueError(f"`--seeds` (={text}) must be whole numbers with commas between them")
    return [int(word) for word in words]


class Fetching:
    """How far a download is, how fast, and how long it still takes, on one line that moves.

    CIFAR-10's home has been seen to send 55 kB a second: fifty minutes, which nobody waits for without being told.
    """

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.out, self.clock, self.file, self.began, self.held = out, clock, "", 0.0, 0

    def __call__(self, file: str, size: int, total: int) -> None:
        if file != self.file:
            self.file, self.began, self.held = file, self.clock(), size  # a resumed file holds much already
        whole = size >= total
        if not (whole or self.out.isatty()):
            return
        line = f"{file}: {size / 1e6:.1f} of {max(size, total) / 1e6:.1f} MB"
        seconds = self.clock() - self.began
        if not whole and size > self.held and seconds >= 1:
            speed = (size - self.held) / seconds
            line += f", {speed / 1e3:,.0f} kB/s, {(total - size) / speed:,.0f} s left"
        print(f"{line:<78}", end="\n" if whole else "\r", file=self.out, flush=True)


class Teller:
    """A line for each epoch, and on a terminal one that moves."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.loss, self.right, self.count = out, 0.0, 0.0, 0

    def __call__(self, told: Progress) -> None:
        self.loss, self.right, self.count = self.loss + told.loss, self.right + told.accuracy, self.count + 1
        if told.last_of_epoch:
            line = f"epoch {told.epoch}/{told.epochs}: loss {self.loss / self.count:.4f}"
            line += f", accuracy {self.right / self.count:.4f}, {told.examples_per_second:,.0f} examples/s"
            print(f"{line}, {told.seconds_left:.0f} s left", file=self.out, flush=True)
            self.loss, self.right, self.count = 0.0, 0.0, 0
        elif self.out.isatty() and told.step % 20 == 0:
            print(
                f"step {told.step}/{told.steps}, {told.seconds_left:.0f} s left  ", end="\r", file=self.out, flush=True
            )


if __name__ == "__main__":
    sys.exit(run(options(argparse.ArgumentParser(prog="cnnviz train")).parse_args()))
