"""The model card: what a network's file does not say about itself, as JSON for the pages and as text for readers."""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from cnnviz.nets.datasets import Dataset
from cnnviz.nets.designs import design
from cnnviz.nets.evaluation import Measured
from cnnviz.nets.recording import Recording

ERRORS = 48  # of the surest errors, kept by their number in the test set
Row = tuple[int, Recording, Measured, bool]  # seed, recording, measured on the test set, stuck at chance

ARTICLE_4 = {"train_loss": 0.465, "train_accuracy": 0.825, "test_accuracy": 0.783}


def write_card(path: Path, rows: Sequence[Row], kept: int, test: Dataset, date: str) -> None:
    """Write `path` (.json) and the same for readers beside it (.md)."""
    card = card_of(rows, kept, test, date)
    path.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")
    path.with_suffix(".md").write_text(as_text(card), "utf-8")


def card_of(rows: Sequence[Row], kept: int, test: Dataset, date: str) -> dict[str, Any]:
    """The card as data. `kept` is the seed whose weights, confusion matrix and errors these are."""
    _, recording, measured, _ = next(row for row in rows if row[0] == kept)
    recipe = recording.recipe
    made = design(recipe.network)
    seeds = ",".join(str(row[0]) for row in rows)
    card: dict[str, Any] = {
        "name": recipe.id, "network": made.id, "title": made.title, "source": made.source, "data": recipe.data,
        "lossy": test.lossy, "parameters": made.summary().parameters, "macs": made.summary().macs,
        "class_names": list(test.class_names), "recipe": recipe.as_dict(), "date": date, "torch": torch.__version__,
        "command": f"cnnviz train {made.id} --data {recipe.data} --epochs {recipe.epochs} --seeds {seeds}",
        "seeds": [_figures(*row) for row in rows], "kept_seed": kept,
    }  # fmt: skip
    learned = [figures for figures in card["seeds"] if not figures["stuck"]]
    for name in ("test_accuracy", "test_loss", "train_accuracy", "train_loss"):
        card[name] = _spread([figures[name] for figures in card["seeds"]])
        card[f"{name}_learned"] = _spread([figures[name] for figures in learned])
    card["confusion"] = measured.confusion.tolist()
    card["errors"] = [_error(measured, number) for number in measured.worst(ERRORS)]
    return card


def _figures(seed: int, recording: Recording, measured: Measured, stuck: bool) -> dict[str, Any]:
    epochs = [[round(value, 4) for value in epoch] for epoch in recording.epochs.tolist()]
    return {
        "seed": seed, "stuck": stuck, "epochs_at_chance": at_chance(epochs, len(measured.confusion)),
        "train_loss": epochs[-1][0], "train_accuracy": epochs[-1][1],
        "test_loss": round(measured.loss, 4), "test_accuracy": round(measured.accuracy, 4), "epochs": epochs,
    }  # fmt: skip


def at_chance(epochs: Sequence[Sequence[float]], classes: int) -> int:
    """How many epochs went by before the training accuracy, the second figure of each, was twice that of guessing.

    >>> at_chance([[2.3, 0.10], [2.3, 0.11], [0.5, 0.85]], 10)
    2
    """
    waiting = itertools.takewhile(lambda epoch: epoch[1] < 2 / classes, epochs)
    return sum(1 for _ in waiting)


def _spread(values: Sequence[float]) -> dict[str, float]:
    """Mean and standard deviation (of a sample), smallest and largest."""
    if not values:
        return {}
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    rounded = {"mean": statistics.fmean(values), "spread": spread, "low": min(values), "high": max(values)}
    return {name: round(value, 5) for name, value in rounded.items()}


def _error(measured: Measured, number: int) -> dict[str, Any]:
    probabilities = [round(p, 4) for p in measured.probabilities[number].tolist()]
    return {
        "index": number, "label": int(measured.labels[number]), "predicted": int(measured.predicted[number]),
        "probabilities": probabilities,
    }  # fmt: skip


def as_text(card: dict[str, Any]) -> str:
    """The card in Markdown."""
    accuracy, n = card["test_accuracy"], len(card["seeds"])
    lines = [
        f"# {card['name']}", "",
        f"{card['title']} ({card['source']}), {card['parameters']:,} parameters, trained on {card['data']}.",
        f"Test accuracy over {n} seeds: {accuracy['mean']:.2%} ± {accuracy['spread']:.2%} "
        f"(mean and standard deviation; {accuracy['low']:.2%} to {accuracy['high']:.2%}).",
    ]  # fmt: skip
    if card["lossy"]:
        lines.append(
            "Learned from and measured on a JPEG copy of the data in an order of its own, not the official files."
        )
    head = "| seed | train loss | train accuracy | test loss | test accuracy | epochs at chance | |"
    lines += ["", head, "|---|---|---|---|---|---|---|"]
    for row in card["seeds"]:
        notes = ["stuck at chance"] * row["stuck"] + ["these weights"] * (row["seed"] == card["kept_seed"])
        figures = " | ".join(f"{row[k]:.4f}" for k in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"))
        lines.append(f"| {row['seed']} | {figures} | {row['epochs_at_chance']} | {', '.join(notes)} |")
    lines += ["", *_compared(card), "The weights are those of the seed with the middle accuracy, not of the best one."]
    lines += ["Training figures are means over the last epoch, while the weights still moved.", "", "Recipe:", ""]
    lines += [f"- {name}: {value}" for name, value in card["recipe"].items()]
    lines += ["", f"Made on {card['date']} with torch {card['torch']} by `{card['command']}`.", ""]
    return "\n".join(lines)


def _compared(card: dict[str, Any]) -> list[str]:
    """Article 4's figures beside ours where the recipe is its own, and what the wait at chance is."""
    if card["network"] != "lenet-d2l":
        return []
    plateau = (
        "With sigmoids, a loss of ln 10 = 2.303 means guessing: the layers stay there until they wake up, all of a "
        "sudden, after as many epochs as the draw of weights and order decides. Who wakes late has less time to learn."
    )
    if card["data"] != "fashion-mnist":
        return [plateau, ""]
    ours = (card[name]["mean"] for name in ARTICLE_4)
    theirs = zip(ARTICLE_4.items(), ours, strict=True)
    pairs = ", ".join(f"{name.replace('_', ' ')} {there} there, {here:.3f} here" for (name, there), here in theirs)
    return [
        f"Article 4 runs this recipe once, without a seed: {pairs}.",
        "Same network, data and recipe; what differs is the draw of weights and of the order. At a rate of 0.9 the "
        "test accuracy still jumps by several points from one epoch to the next, so one last figure is a draw too.",
        plateau,
        "",
    ]
