"""`cnnviz train`: trains as its options say, tells how it goes, and refuses in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnnviz import cli
from cnnviz.nets import command, datasets
from cnnviz.nets.designs import ALIASES, DESIGNS
from tests.nets.toys import bars


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any data set is 40 small pictures."""
    monkeypatch.setattr(datasets, "load", lambda name, split="train": bars(40, seed=len(split)))


@pytest.mark.usefixtures("little")
def test_it_trains_and_leaves_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "made"
    asked = ["train", "lenet", "--data", "mnist", "--epochs", "2", "--seeds", "3,4", "--out", str(out)]
    assert cli.main(asked) == 0
    assert {path.name for path in out.iterdir()} == {
        f"lenet-d2l-mnist.{end}" for end in ("safetensors", "recording.safetensors", "json", "md")
    }
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:4]] == ["epoch 1/2", "epoch 2/2"] * 2
    assert lines[4].startswith("lenet-d2l-mnist seed 3: test accuracy")
    assert "examples/s" in lines[5]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["train", "resnet"], "lenet-d2l"),
        (["train", "small", "--data", "mnist"], "cifar10"),
        (["train", "lenet", "--seeds", "one"], "seeds"),
        (["train", "lenet", "--epochs", "0"], "epochs"),
    ],
)
def test_what_is_wrong_is_one_sentence(asked: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(asked) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def test_without_data_it_says_where_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path))
    assert cli.main(["train", "lenet", "--data", "mnist"]) == 2
    assert "CNNVIZ_DATA" in capsys.readouterr().err


def test_the_help_names_every_network() -> None:
    assert all(name in command.NETWORKS for name in (*DESIGNS, *ALIASES))
