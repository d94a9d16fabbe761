"""`cnnviz train`: trains as its options say, tells how it goes, and refuses in one sentence."""

from __future__ import annotations

import io
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


class Screen(io.StringIO):
    """A terminal: lines on it may move."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("out", "lines"), [(Screen(), 4), (io.StringIO(), 1)])
def test_a_download_says_how_fast_and_how_long(out: io.StringIO, lines: int) -> None:
    times = iter((0.0, 0.0, 10.0, 20.0, 30.0))
    tell = command.Fetching(out, lambda: next(times))
    for size in (50_000_000, 50_550_000, 51_100_000, 170_052_171):
        tell("a.tar.gz", size, 170_052_171)
    told = [line.strip() for line in out.getvalue().replace("\r", "\n").splitlines()]
    assert len(told) == lines
    assert told[-1] == "a.tar.gz: 170.1 of 170.1 MB"
    if lines > 1:  # 550,000 bytes in 10 seconds, 1,100,000 in 20; what was there before does not count
        assert told[1] == "a.tar.gz: 50.5 of 170.1 MB, 55 kB/s, 2,173 s left"
        assert told[2] == "a.tar.gz: 51.1 of 170.1 MB, 55 kB/s, 2,163 s left"


def test_the_help_names_every_network() -> None:
    assert all(name in command.NETWORKS for name in (*DESIGNS, *ALIASES))
