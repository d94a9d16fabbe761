"""The Scene: one declaration is the default, the link, and the check of everything that comes from outside."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.rules import Choice, Grid, Real, Several, Switch, Whole
from cnnviz.core.scene import Scene, field


@dataclass(frozen=True)
class Lab(Scene):
    """A page's state as the pages declare theirs, with one rule that spans two fields."""

    HIDEABLE = ("padding", "stride")

    kernel_size: int = field(Whole(1, 7), 3, link="k")
    stride: tuple[int, int] = field(Several(Whole(1, 4), 2), (1, 1))
    mode: str = field(Choice(("zeros", "reflect")), "zeros")
    bias: float = field(Real(-9, 9), 0.0)
    flip: bool = field(Switch(), False)
    matrix: tuple[tuple[float, ...], ...] = field(Grid(7, 7), ())

    def settled(self) -> Self:
        return replace(self, matrix=()) if len(self.matrix) > self.kernel_size else self


def test_an_empty_link_is_the_default() -> None:
    assert Lab.from_link({}) == Lab()
    assert Lab().link() == {}


def test_a_link_carries_what_differs_and_uses_the_short_name() -> None:
    lab = Lab(kernel_size=5, stride=(2, 1), bias=-0.5, hide=("stride",))
    assert lab.link() == {"k": "5", "stride": "2,1", "bias": "-0.5", "hide": "stride"}
    assert Lab.from_link(lab.link()) == lab


@pytest.mark.parametrize(
    "params",
    [
        {"k": "8"},
        {"k": "five"},
        {"kernel_size": "5"},
        {"stride": "1,2,3"},
        {"mode": "__class__"},
        {"bias": "nan"},
        {"bias": "9" * 400},
        {"matrix": "1,2;3"},
        {"hide": "everything"},
        {"PAGE": "x", "settled": "x", "__init__": "x"},
        {"k": ""},
    ],
)
def test_what_a_link_should_not_say_is_the_default(params: dict[str, str]) -> None:
    assert Lab.from_link(params) == Lab()


def test_one_bad_value_does_not_lose_the_others() -> None:
    assert Lab.from_link({"k": "99", "bias": "1"}) == Lab(bias=1.0)


def test_rules_that_span_fields_hold_however_the_scene_was_made() -> None:
    tall = ((1.0,), (2.0,), (3.0,), (4.0,))
    assert Lab.from_link({"matrix": "1;2;3;4"}).matrix == ()
    assert Lab().merged({"matrix": tall}).matrix == ()
    assert Lab().with_(matrix=tall).matrix == ()
    assert Lab().with_(kernel_size=4, matrix=tall).matrix == tall


def test_what_the_browser_sends_is_merged_field_by_field() -> None:
    sent = {"kernel_size": 5.0, "bias": "1", "flip": True, "unknown": 1, "hide": ["padding"], "mode": None}
    assert Lab(bias=2.0).merged(sent) == Lab(kernel_size=5, bias=2.0, flip=True, hide=("padding",))


def test_python_is_told_when_it_sets_a_bad_value() -> None:
    with pytest.raises(ValueError, match="not between 1 and 7"):
        Lab().with_(kernel_size=8)
    with pytest.raises(KeyError):
        Lab().with_(kernel=3)


def test_a_default_that_breaks_its_own_rule_is_found_at_import() -> None:
    with pytest.raises(ValueError, match="not between"):
        field(Whole(1, 7), 9)


def test_hidden_controls() -> None:
    assert Lab().shows("padding")
    assert not Lab.from_link({"hide": "padding.share"}).shows("padding")


def test_a_scene_is_a_value() -> None:
    assert {Lab(): 1}[Lab()] == 1
    with pytest.raises(AttributeError):
        Lab().bias = 1.0  # type: ignore[misc]


labs = st.builds(
    Lab,
    kernel_size=st.integers(1, 7),
    stride=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    mode=st.sampled_from(["zeros", "reflect"]),
    bias=st.integers(-900, 900).map(lambda n: n / 100),
    flip=st.booleans(),
)


@given(labs)
def test_every_scene_survives_its_link(lab: Lab) -> None:
    assert Lab.from_link(lab.link()) == lab


@given(labs)
def test_every_scene_survives_the_browser(lab: Lab) -> None:
    sent: dict[str, Any] = {f.name: getattr(lab, f.name) for f in fields(lab)}
    assert Lab().merged(sent) == lab


@given(
    st.dictionaries(st.sampled_from(["k", "stride", "mode", "bias", "flip", "matrix", "hide"]), st.text(max_size=40))
)
def test_no_link_breaks_a_scene(params: dict[str, str]) -> None:
    lab = Lab.from_link(params)
    assert Lab.from_link(lab.link()) == lab
