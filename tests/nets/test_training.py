"""Training: it learns, a seed decides everything, a stopped run goes on unbroken, and its recording is whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets import library
from cnnviz.nets.augment import augmented
from cnnviz.nets.checkpoint import resume, save_checkpoint
from cnnviz.nets.evaluation import measure
from cnnviz.nets.recipes import RECIPES, Augment, Recipe, recipe
from cnnviz.nets.recording import Recorder, open_recording, write
from cnnviz.nets.runs import middle, one, several
from cnnviz.nets.training import Trainer, learning_rate, started, train
from cnnviz.nets.weights import save
from tests.nets.toys import bars

QUICK = Recipe(
    network="lenet-modern", data="mnist", epochs=3, batch_size=16, learning_rate=0.05, momentum=0.9, normalise=True
)


def weights(net: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in net.parameters()])


def test_it_learns() -> None:
    net = train(replace(QUICK, epochs=6), bars(200))
    seen = measure(net, bars(100, seed=9))
    assert seen.accuracy > 0.95
    assert not net.training
    assert int(seen.confusion.sum()) == 100
    assert seen.confusion.trace() == round(seen.accuracy * 100)


def test_a_step_is_torchs_own() -> None:
    """The same batch, loss and optimiser written out in plain torch give the same weights."""
    plain = replace(QUICK, momentum=0.0, learning_rate=0.9, start="xavier", network="lenet-d2l", normalise=False)
    trainer, data = Trainer(plain, bars(), seed=5), bars()
    other = started(plain, data, 5)
    optimiser = torch.optim.SGD(other.parameters(), 0.9)
    for step in range(3):
        images, labels = trainer.batch(step)
        loss = F.cross_entropy(other(images), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        told = trainer.step()
        assert told.loss == pytest.approx(float(loss.detach()), rel=1e-5)
        torch.testing.assert_close(weights(trainer.net), weights(other), rtol=1e-4, atol=1e-6)


def test_an_epoch_shows_every_picture_once() -> None:
    data = bars(50)
    data.images[:, 0, 0, 0] = torch.arange(50, dtype=torch.uint8)
    trainer = Trainer(QUICK, data)
    for epoch in range(2):
        steps = range(epoch * trainer.steps_per_epoch, (epoch + 1) * trainer.steps_per_epoch)
        shown = torch.cat([trainer.batch(step)[0][:, 0, 0, 0] for step in steps]) * 255
        assert sorted(shown.round().int().tolist()) == list(range(50))
    assert trainer.steps == 3 * 4


def test_a_seed_decides_everything() -> None:
    flips = replace(QUICK, augment="flip_shift", epochs=1)
    one_run, again, other = (weights(train(flips, bars(), seed=seed)) for seed in (1, 1, 2))
    assert torch.equal(one_run, again)
    assert not torch.equal(one_run, other)


def test_changes_to_pictures_are_drawn_anew_for_each_step_and_seed() -> None:
    data = bars(64)
    data.images[:] = data.images[:1].clone()
    shifts = replace(QUICK, augment="shift")
    first, again, other = (Trainer(shifts, data, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first.batch(0)[0], again.batch(0)[0])
    assert not torch.equal(first.batch(0)[0], first.batch(1)[0])
    assert not torch.equal(first.batch(0)[0], other.batch(0)[0])


def test_torchs_own_generator_is_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    train(replace(QUICK, epochs=1, network="article3", augment="shift"), bars(16))
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
@pytest.mark.parametrize("network", ["lenet-modern", "article3"])
def test_a_stopped_run_goes_on_unbroken(optimiser: str, network: str, tmp_path: Path) -> None:
    chosen = replace(QUICK, optimiser=optimiser, learning_rate=0.002, augment="shift", network=network, epochs=2)
    chosen = replace(chosen, schedule="one_cycle")
    data, test, path = bars(48), bars(20, seed=4), tmp_path / "run.checkpoint"
    whole, record = Trainer(chosen, data), None
    record = Recorder(whole, test)
    for told in whole.run():
        record(told)
    first = Trainer(chosen, data)
    listening = Recorder(first, test)
    for told in first.run():
        listening(told)
        if told.step == 4:
            break
    save_checkpoint(first, path, listening)
    second = Trainer(chosen, data)
    going_on = Recorder(second, test)
    assert resume(second, path, going_on) == 4
    for told in second.run():
        going_on(told)
    assert second.made == whole.steps
    assert torch.equal(weights(second.net), weights(whole.net))
    a, b = record.tensors(), going_on.tensors()
    assert a.keys() == b.keys()
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_a_run_stops_when_told_and_finishes_when_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    seen: list[int] = []
    stopped = one(
        QUICK, bars(), bars(20), progress=lambda t: seen.append(t.step), checkpoint=path, stop=lambda: len(seen) == 5
    )
    assert stopped is None
    assert path.exists()
    done = one(QUICK, bars(), bars(20), progress=lambda t: seen.append(t.step), checkpoint=path)
    assert seen == list(range(1, 19))
    assert done is not None
    assert len(done.recording.loss) == 18
    assert not path.exists()


def test_checkpoints_of_another_run_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    trainer = Trainer(QUICK, bars())
    trainer.step()
    save_checkpoint(trainer, path)
    for other in (Trainer(QUICK, bars(), seed=1), Trainer(replace(QUICK, epochs=9), bars())):
        with pytest.raises(InvalidSpec, match="this recipe and seed"):
            resume(other, path)
    save({"a": torch.zeros(1)}, path)
    with pytest.raises(InvalidSpec, match="must be a checkpoint"):
        resume(Trainer(QUICK, bars()), path)
    words = {"step": 1, "seed": 0, "recipe": QUICK.as_dict()}
    save({"net.a": torch.zeros(1)}, path, {"checkpoint": json.dumps(words)})
    with pytest.raises(InvalidSpec, match="must be a checkpoint"):
        resume(Trainer(QUICK, bars()), path)


def test_a_recording_holds_the_run(tmp_path: Path) -> None:
    data, test = bars(60), bars(30, seed=2)  # the last batch of an epoch is a smaller one
    trainer = Trainer(QUICK, data)
    recorder = Recorder(trainer, test)
    start = trainer.net.part("conv1").weight.detach().clone()  # type: ignore[union-attr, operator]
    told = [t for t in trainer.run() if recorder(t) is None]
    write(recorder.recording(), tmp_path / "run.recording.safetensors")
    made = open_recording(tmp_path / "run.recording.safetensors")
    assert made.recipe == QUICK
    assert made.loss.tolist() == pytest.approx([t.loss for t in told])
    assert made.accuracy.tolist() == pytest.approx([t.accuracy for t in told])
    assert made.learning_rate.tolist() == pytest.approx([t.learning_rate for t in told])
    assert made.chosen == (0, 1, 2, 4, 5, 8, 10, 12)
    kernels = made.kernels("conv1")
    torch.testing.assert_close(kernels[0], start.half().float())
    torch.testing.assert_close(kernels[-1], trainer.net.part("conv1").weight.detach().half().float())  # type: ignore[union-attr, operator]
    seen = measure(trainer.net, test)
    assert made.epochs.shape == (3, 4)
    assert made.epochs[-1, 3].item() == pytest.approx(seen.accuracy)
    assert made.epochs[-1, 1].item() == pytest.approx(
        sum(t.accuracy * size for t, size in zip(told[-4:], (16, 16, 16, 12), strict=True)) / 60
    )
    shares = torch.from_numpy(seen.confusion)[:2].float()
    torch.testing.assert_close(made.confusion[-1][:2], shares / shares.sum(1, keepdim=True), rtol=0, atol=1e-3)
    steps, lengths = made.gradients
    assert steps.tolist() == [1]
    assert lengths.shape == (1, len(made.parameters))
    assert float(lengths.min()) > 0
    with pytest.raises(InvalidSpec, match="conv1"):
        made.kernels("fc1")


@pytest.mark.parametrize("name", library.names())
def test_the_committed_recordings_are_of_the_committed_weights(name: str) -> None:
    made, card = open_recording(library.FOLDER / f"{name}.recording.safetensors"), library.card(name)
    assert made.recipe == Recipe(**card["recipe"]) == RECIPES[name]
    assert made.seed == card["kept_seed"]
    kept = next(row for row in card["seeds"] if row["seed"] == made.seed)
    assert made.epochs[-1].tolist() == pytest.approx(
        [kept["train_loss"], kept["train_accuracy"], kept["test_loss"], kept["test_accuracy"]], abs=1e-3
    )
    net = library.load_network(name)
    layer = made.kernel_layers[0]
    torch.testing.assert_close(
        made.kernels(layer)[-1],
        net.part(layer).weight.detach(),
        rtol=2e-3,
        atol=1e-4,  # type: ignore[union-attr, operator]
    )


def test_other_files_are_no_recordings(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    save({"steps": torch.zeros(3, 3)}, path)
    with pytest.raises(InvalidSpec, match="must be a recording"):
        open_recording(path)


def test_several_seeds_are_published_with_the_middle_one(tmp_path: Path) -> None:
    runs = several(replace(QUICK, epochs=1), bars(), bars(40, seed=3), [0, 1, 2], tmp_path)
    name = "lenet-modern-mnist"
    files = {path.name for path in tmp_path.iterdir()}
    assert files == {f"{name}.{end}" for end in ("safetensors", "recording.safetensors", "json", "md")}
    card = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
    kept = middle(runs)
    accuracies = sorted(run.measured.accuracy for run in runs)
    assert kept.measured.accuracy == accuracies[1]
    assert card["kept_seed"] == kept.seed
    assert card["test_accuracy"]["mean"] == pytest.approx(sum(accuracies) / 3, abs=1e-4)
    assert card["test_accuracy"]["spread"] == pytest.approx(float(torch.tensor(accuracies).double().std()), abs=1e-4)
    assert card["command"] == "cnnviz train lenet-modern --data mnist --epochs 1 --seeds 0,1,2"
    for error in card["errors"]:
        assert error["predicted"] != error["label"]
        assert max(error["probabilities"]) == error["probabilities"][error["predicted"]]


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"optimiser": "magic"}, {"learning_rate": -1}, {"learning_rate": "x"}, {"network": "x"},
     {"batch_size": 0}, {"augment": "melt"}, {"precision": "int1"}],
)  # fmt: skip
def test_a_recipe_refuses_what_it_does_not_know(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidSpec):
        replace(QUICK, **wrong)  # type: ignore[arg-type]


def test_article_4s_recipe_is_exactly_its_own() -> None:
    made = recipe("lenet", "fashion-mnist")
    assert (made.epochs, made.batch_size, made.optimiser, made.learning_rate) == (10, 256, "sgd", 0.9)
    assert (made.momentum, made.weight_decay, made.schedule, made.start) == (0.0, 0.0, "constant", "xavier")
    assert (made.augment, made.label_smoothing, made.normalise, made.precision) == ("none", 0.0, False, "float32")
    net = started(made, bars(), 0)
    for part in net.modules():
        if isinstance(part, (nn.Conv2d, nn.Linear)):
            fan = sum(nn.init._calculate_fan_in_and_fan_out(part.weight))
            bound = (6 / fan) ** 0.5
            assert 0.9 * bound < float(part.weight.detach().abs().max()) <= bound


def test_one_cycle_rises_and_falls() -> None:
    made = replace(QUICK, schedule="one_cycle", learning_rate=2.0)
    rates = [learning_rate(made, step, 400) for step in range(400)]
    top = rates.index(max(rates))
    assert 98 <= top <= 101
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert (rates[0], rates[-1]) == (pytest.approx(0.2), pytest.approx(0.002))


def test_augmented_pictures_are_shifted_and_flipped_ones() -> None:
    images = torch.randint(1, 255, (40, 3, 16, 16), dtype=torch.uint8)
    made = augmented(images, Augment.FLIP_SHIFT, torch.Generator().manual_seed(0))
    for before, after in zip(images, made, strict=True):
        wide = [torch.nn.functional.pad(way, (2, 2, 2, 2)) for way in (before, before.flip(2))]
        places = [way[:, r : r + 16, c : c + 16] for way in wide for r in range(5) for c in range(5)]
        assert any(torch.equal(after, place) for place in places)
    assert torch.equal(augmented(images, "none", torch.Generator()), images)
