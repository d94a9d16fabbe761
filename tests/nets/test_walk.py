"""Walking through the test pictures: the same class and number mean the same picture, errors are errors."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import cnnviz as cv
from cnnviz.nets import walk
from cnnviz.nets.datasets import load
from cnnviz.nets.walk import ANY, Pool, chosen, next_error, pool
from tests.conftest import SHARED
from tests.nets.toys import bars

NET = "lenet-modern-fashion-mnist"
FEW = Pool(
    torch.zeros(5, 1, 2, 2, dtype=torch.uint8), torch.tensor([3, 1, 3, 0, 3]), torch.tensor([0, 2, 5, 7, 9]), False
)


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader without any data set."""
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path))


def test_on_and_back_through_a_class_and_round_its_end() -> None:
    first, last = chosen(FEW, 3, 0), chosen(FEW, 3, 2)
    assert (first.number, first.before, first.after, first.count) == (0, 2, 1, 3)
    assert (last.number, last.before, last.after, last.place) == (9, 1, 0, 4)


def test_of_every_class_the_number_is_the_test_sets() -> None:
    one = chosen(FEW, ANY, 5)
    assert (one.number, one.label, one.before, one.after, one.count, one.here) == (5, 3, 2, 7, 5, True)


@pytest.mark.parametrize(("label", "example", "number"), [(ANY, 3, 5), (ANY, 9999, 9), (3, 9999, 9)])
def test_what_is_not_there_is_stood_in_for_and_said_so(label: int, example: int, number: int) -> None:
    one = chosen(FEW, label, example)
    assert (one.number, one.here) == (number, False)


def all_errors(net: torch.nn.Module, held: Pool) -> list[int]:
    answers = net(held.images.float() / 255).argmax(1)
    return [int(n) for n in held.index[answers != held.labels]]


@pytest.mark.usefixtures("no_data")
@pytest.mark.parametrize("label", [ANY, 6])
def test_the_next_error_leads_through_all_of_them_and_round(label: int) -> None:
    net, held = cv.load_network(NET), pool("fashion-mnist")
    assert held is not None
    assert not held.whole
    wrong = all_errors(net, held)
    expected = [n for n in wrong if label == ANY or int(held.labels[held.index == n]) == label]
    met, at = [], 0
    for _ in range(len(expected) + 1):
        found = next_error(net, held, label, at)
        assert found is not None
        met.append(chosen(held, label, found).number)
        at = found
    start = next((i for i, n in enumerate(expected) if n > chosen(held, label, 0).number), 0)
    assert met == (expected * 2)[start : start + len(expected) + 1]


def test_a_network_without_errors_has_no_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "BATCHES", (2, 3))
    net, data = cv.load_network("lenet-modern-mnist"), bars(20)
    answers = net(data.images.float() / 255).argmax(1)
    held = Pool(data.images, answers, torch.arange(20), whole=True)
    assert next_error(net, held, ANY, 7) is None
    one_wrong = Pool(
        data.images, torch.where(torch.arange(20) == 4, (answers + 1) % 10, answers), held.index, whole=True
    )
    assert [next_error(net, one_wrong, ANY, at) for at in (0, 3, 4, 19)] == [4, 4, 4, 4]


@pytest.mark.usefixtures("no_data")
def test_without_data_there_is_nothing_to_walk_through() -> None:
    assert pool("mnist") is None


@pytest.mark.shared
def test_the_few_that_travel_are_the_same_pictures_as_with_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path))
    few = pool("fashion-mnist")
    monkeypatch.setenv("CNNVIZ_DATA", str(SHARED / "data"))
    test, whole = load("fashion-mnist", "test"), pool("fashion-mnist")
    assert few is not None
    assert whole is not None
    for label in (0, 9):
        for example in (0, 11):
            one, same = chosen(few, label, example), chosen(whole, label, example)
            assert (one.number, one.label, one.here) == (same.number, label, True)
            assert torch.equal(few.images[one.place], test.images[same.number])
    assert chosen(whole, ANY, 1234).number == 1234
    assert chosen(whole, 9, 500).here
    assert not chosen(few, 9, 500).here
