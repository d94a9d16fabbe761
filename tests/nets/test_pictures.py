"""Pictures beside the weights: only of data that may travel, and those the card speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import cnnviz as cv
from cnnviz.core.errors import InvalidSpec
from cnnviz.nets import library, pictures
from cnnviz.nets.weights import contents, notes
from tests.conftest import SHARED
from tests.nets.toys import bars

FASHION = [name for name in library.names() if name.endswith("-fashion-mnist")]


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader without any data set."""
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path))


@pytest.mark.usefixtures("no_data")
@pytest.mark.parametrize("name", FASHION)
def test_the_errors_are_those_of_the_card_and_still_are_errors(name: str) -> None:
    held, card = pictures.errors(name), library.card(name)
    assert held is not None
    assert held.index.tolist() == [error["index"] for error in card["errors"]]
    assert held.labels.tolist() == [error["label"] for error in card["errors"]]
    probabilities = cv.load_network(name)(held.images).softmax(1).detach()
    expected = torch.tensor([error["probabilities"] for error in card["errors"]])
    torch.testing.assert_close(probabilities, expected, rtol=0, atol=2e-3)
    assert (probabilities.argmax(1) != held.labels).all()


@pytest.mark.usefixtures("no_data")
def test_a_few_of_each_class_travel() -> None:
    held = pictures.examples("fashion-mnist")
    assert held is not None
    assert torch.bincount(held.labels).tolist() == [pictures.EACH] * 10
    net = cv.load_network("lenet-modern-fashion-mnist")
    assert float((net(held.images).argmax(1) == held.labels).float().mean()) > 0.8
    files = sorted(path.name for path in library.FOLDER.glob("*.e*s.safetensors"))
    assert all("fashion-mnist" in name for name in files)
    assert all("MIT" in notes(*contents(library.FOLDER / name))["source"] for name in files)


@pytest.mark.usefixtures("no_data")
def test_what_nobody_has_is_none() -> None:
    assert pictures.examples("mnist") is None
    assert pictures.errors("lenet-modern-mnist") is None


def test_only_free_data_are_kept(tmp_path: Path) -> None:
    pictures.keep("lenet-modern-mnist", [1, 2], bars(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_is_not_there() -> None:
    held = pictures.examples("fashion-mnist")
    assert held is not None
    with pytest.raises(InvalidSpec):
        held.of(torch.tensor([10**6]))


@pytest.mark.shared
def test_with_the_data_the_errors_are_taken_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_DATA", str(SHARED / "data"))
    held, card = pictures.errors("lenet-modern-mnist"), library.card("lenet-modern-mnist")
    assert held is not None
    assert held.labels.tolist() == [error["label"] for error in card["errors"]]
