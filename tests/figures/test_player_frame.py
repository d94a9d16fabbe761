"""The step player as a picture: every number is there, and the cells are where torch has them."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.core.conv import ConvSpec
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.transposed import TransposedConvSpec
from cnnviz.figures.canvas import bounds
from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Drawing, Hatch, Rect, Text
from cnnviz.figures.numbers import number_text
from cnnviz.figures.palette import Role, Theme, colour
from cnnviz.figures.play import Layer, Play
from cnnviz.figures.player_frame import Player, player_frame
from cnnviz.figures.raster import paint, paint_film
from cnnviz.figures.svg import to_svg

INPUT = np.array([[2, -3, 0.5, 1], [0, 4, -1, 2], [1, 0, 3, -2], [-4, 1, 2, 0]])
KERNEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
LAYERS: dict[str, tuple[Layer, np.ndarray | None]] = {
    "conv": (ConvSpec(3, padding=1), KERNEL),
    "strided": (ConvSpec(3, stride=2, padding=((1, 0), (0, 1))), KERNEL),
    "reflect": (ConvSpec(3, padding=1, padding_mode="reflect", flip=True), KERNEL),
    "dilated": (ConvSpec(2, dilation=2, padding=1, padding_value=-1.5), KERNEL[:2, :2]),
    "transposed": (TransposedConvSpec(3, stride=2, padding=1, output_padding=1), KERNEL),
    "max": (PoolSpec(3, "max", stride=2, padding=1), None),
    "avg": (PoolSpec(3, "avg", stride=2, ceil_mode=True, padding=1), None),
    "lp": (PoolSpec(2, "lp"), None),
}


def truth(name: str) -> np.ndarray:
    """What torch gives, written out by hand here."""
    x, w = torch.tensor(INPUT)[None, None], torch.tensor(KERNEL, dtype=torch.float64)[None, None]
    b = torch.tensor([0.5], dtype=torch.float64)
    made = {
        "conv": lambda: F.conv2d(x, w, b, padding=1),
        "strided": lambda: F.conv2d(F.pad(x, (0, 1, 1, 0)), w, b, stride=2),
        "reflect": lambda: F.conv2d(F.pad(x, (1,) * 4, mode="reflect"), w.flip(2, 3), b),
        "dilated": lambda: F.conv2d(F.pad(x, (1,) * 4, value=-1.5), w[..., :2, :2], b, dilation=2),
        "transposed": lambda: F.conv_transpose2d(x, w, b, stride=2, padding=1, output_padding=1),
        "max": lambda: F.max_pool2d(x, 3, 2, 1),
        "avg": lambda: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True),
        "lp": lambda: F.lp_pool2d(x, 2, 2),
    }[name]()
    return made[0, 0].numpy()


def player(name: str, theme: Theme = Theme.LIGHT, **more: object) -> Player:
    layer, kernel = LAYERS[name]
    captions = Captions(**more)  # type: ignore[arg-type]
    return Player(Play.of(layer, INPUT, kernel, 0.5), theme, captions)


def texts(drawing: Drawing) -> list[str]:
    return [leaf.string for leaf in drawing.leaves() if isinstance(leaf, Text)]


def outlined(drawing: Drawing, role: Role, theme: Theme = Theme.LIGHT) -> list[tuple[float, float]]:
    """Top left corners of cells outlined two pixels thick in a role's colour."""
    ink = colour(role, theme)
    boxes = [leaf for leaf in drawing.leaves() if isinstance(leaf, Rect)]
    return [(box.x, box.y) for box in boxes if box.stroke == ink and box.stroke_width == 2]


@pytest.mark.parametrize("name", LAYERS)
def test_output_is_torchs(name: str) -> None:
    np.testing.assert_allclose(player(name).play.output, truth(name), atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_the_last_frame_holds_every_number_of_the_output(name: str) -> None:
    drawing = player(name).frame(-1)
    shown = texts(drawing)
    for value in truth(name).flat:
        assert number_text(float(value)) in shown or number_text(float(value), 2) in shown
    assert f"{number_text(float(truth(name).flat[-1]))}" == shown[-1].split(" = ")[-1]


@pytest.mark.parametrize("name", LAYERS)
def test_svg_holds_every_number_as_text(name: str) -> None:
    drawing = player(name).frame(3)
    root = ElementTree.fromstring(to_svg(drawing))
    written = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert written == texts(drawing)
    assert {number_text(float(value)) for value in INPUT.flat} <= set(written)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("number", [0, 3])
def test_the_window_lies_on_the_cells_of_the_step(name: str, number: int) -> None:
    show = player(name)
    drawing, step = show.frame(number), show.play.trace[number]
    grid = show.layout.input
    top, left = show.play.origin
    expected = {
        (grid.x + (tap.position[1] + left) * grid.cell, grid.y + (tap.position[0] + top) * grid.cell)
        for tap in step.taps
    }
    found = {place for place in outlined(drawing, Role.KERNEL) if place[0] < show.layout.middle.x}
    assert found == expected


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("name", LAYERS)
def test_the_current_cell_is_outlined_double(name: str, theme: Theme) -> None:
    show = player(name, theme)
    number = 3
    drawing, grid = show.frame(number), show.layout.output
    corner = grid.corner(show.play.at(show.play.trace[number]))
    assert corner in outlined(drawing, Role.OUTPUT, theme)
    image = paint(drawing)
    ink = tuple(bytes.fromhex(colour(Role.OUTPUT, theme)[1:]))
    middle = corner[1] + grid.cell // 2
    line = [image.getpixel((x, middle)) == ink for x in range(corner[0] - 1, corner[0] + 6)]
    assert line == [True, True, False, False, True, False, False], "an outer line, a gap, an inner line"


def test_output_fills_step_by_step() -> None:
    show = player("conv")
    for number in (0, 5, 15):
        items = list(show.frame(number).leaves())
        grid = show.layout.output
        inside = [
            leaf
            for leaf in items
            if isinstance(leaf, Text) and leaf.x > grid.x and grid.y < leaf.y < grid.y + grid.height
        ]
        assert len(inside) == number + 2, "the cells so far, and the current one once more in bold"


def test_padding_is_dashed_and_pixels_are_not() -> None:
    drawing = player("conv").frame(0)
    dashed = [leaf for leaf in drawing.leaves() if isinstance(leaf, Rect) and leaf.dash]
    assert len(dashed) == 6 * 6 - 4 * 4
    assert {leaf.fill for leaf in dashed} == {colour(Role.PANEL, Theme.LIGHT)}


def test_reflected_padding_shows_the_pixels_it_reflects() -> None:
    padded = player("reflect").play.padded
    np.testing.assert_array_equal(padded, np.pad(INPUT, 1, mode="reflect"))


def test_pixels_that_no_window_meets_are_hatched() -> None:
    layer = ConvSpec(2, stride=3)
    drawing = player_frame(layer, np.arange(36).reshape(6, 6), np.ones((2, 2)))
    hatched = [leaf for leaf in drawing.leaves() if isinstance(leaf, Hatch)]
    assert len(hatched) == 36 - 4 * 4
    assert any("met by no window" in text for text in texts(drawing))
    assert not any(isinstance(leaf, Hatch) for leaf in player("conv").frame(0).leaves())


def test_the_equation_is_written_out_in_role_colours() -> None:
    drawing = player_frame(ConvSpec(2), [[1, -2], [3, 0.5]], [[4, -1], [0, 2]], bias=-3)
    line = [leaf for leaf in drawing.leaves() if isinstance(leaf, Text)][-1]
    assert line.string == "1·4 + (−2)·(−1) + 3·0 + 0.5·2 + (−3) = 4"
    inks = {run.text: run.fill for run in line.runs}
    assert inks["1"] == colour(Role.INPUT, Theme.LIGHT)
    assert inks["(−1)"] == colour(Role.KERNEL, Theme.LIGHT)
    assert inks["(−3)"] == colour(Role.SOFT, Theme.LIGHT)
    assert line.runs[-1].bold
    assert line.runs[-1].fill == colour(Role.OUTPUT, Theme.LIGHT)


def test_the_equation_in_letters() -> None:
    drawing = player_frame(ConvSpec(2, padding=((1, 0), (0, 0))), [[1, 2], [3, 4]], [[5, 6], [7, 8]], 1, symbolic=True)
    assert texts(drawing)[-1] == "0·w[0,0] + 0·w[0,1] + x[0,0]·w[1,0] + x[0,1]·w[1,1] + b = 24"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("max", "max(−∞, −∞, −∞, −∞, 2, −3, −∞, 0, 4) = 4"),
        ("avg", "(0 + 0 + 0 + 0 + 2 + (−3) + 0 + 0 + 4) / 9 = 0.333"),
        ("lp", "√(|2|² + |−3|² + |0|² + |4|²) = 5.39"),
        ("transposed", "2·0 + 0.5 = 0.5"),
    ],
)
def test_each_layer_has_its_own_line(name: str, line: str) -> None:
    assert texts(player(name).frame(0))[-1] == line


def test_a_long_line_is_folded_to_its_first_and_last_terms() -> None:
    show = Player(Play.of(ConvSpec(7), np.full((7, 7), -0.123), np.full((7, 7), -0.456), 1), Theme.LIGHT, Captions())
    drawing = show.frame(0)
    line = [leaf for leaf in drawing.leaves() if isinstance(leaf, Text)][-1]
    assert line.string.startswith("−0.123·(−0.456) + (−0.123)·(−0.456) + ")
    assert line.string.endswith(" + … + (−0.123)·(−0.456) + 1 = 3.75")
    assert bounds(line).right <= drawing.width - 24 - 16
    assert "…" in drawing.description


def test_captions_are_the_readers_and_carry_the_numbers() -> None:
    drawing = player(
        "conv", padded="输入 (input) {size}，填充 (padding) {padding}", step="第 {step} 步，共 {steps} 步 · {at}"
    ).frame(6)
    assert "输入 (input) 4 × 4，填充 (padding) 1" in texts(drawing)
    assert drawing.title == "第 7 步，共 16 步 · [1, 2]"
    assert drawing.description.startswith("第 7 步")
    assert "⌊(4 + 1 + 1 − 1·(3−1) − 1) / 1⌋ + 1 = 4" in texts(drawing)


@pytest.mark.parametrize("name", ["strided", "max", "transposed"])
@pytest.mark.parametrize("theme", Theme)
def test_a_film_of_frames_is_the_frames(name: str, theme: Theme) -> None:
    show = player(name, theme)
    drawings = list(show.frames())
    for drawing, frame in zip(drawings, paint_film(drawings), strict=True):
        assert frame.image.tobytes() == paint(drawing).tobytes()


def test_frames_have_one_even_size_and_share_what_stands_still() -> None:
    drawings = list(player("strided").frames())
    assert {drawing.size for drawing in drawings} == {drawings[0].size}
    assert all(side % 2 == 0 for side in drawings[0].size)
    shared = {id(item) for item in drawings[0].items} & {id(item) for item in drawings[1].items}
    assert len(shared) > len(drawings[0].items) - 8


def test_one_dimension_is_a_row() -> None:
    drawing = player_frame(ConvSpec((3,), padding="causal"), [1, 2, 3, 4], [1, 0, -1], step=2)
    assert drawing.title == "Step 3 of 4 · output [2]"
    assert texts(drawing)[-1] == "1·1 + 2·0 + 3·(−1) + 0 = −2"


def test_impossible_layers_are_refused_by_the_core() -> None:
    with pytest.raises(InvalidSpec, match="`kernel_size`"):
        player_frame(ConvSpec(5), np.ones((3, 3)), np.ones((5, 5)))
    with pytest.raises(InvalidSpec, match="`weight`"):
        player_frame(ConvSpec(3), np.ones((3, 3)), np.ones((2, 2)))
    with pytest.raises(IndexError):
        player_frame(ConvSpec(3), np.ones((3, 3)), np.ones((3, 3)), step=1)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_small_layer_has_its_picture(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    kernel = (data.draw(st.integers(1, min(3, height))), data.draw(st.integers(1, min(3, width))))
    pads = tuple((data.draw(st.integers(0, 2)), data.draw(st.integers(0, 2))) for _ in range(2))
    spec = ConvSpec(kernel, stride=data.draw(st.integers(1, 3)), padding=pads)
    rng = np.random.default_rng(0)
    show = Player(Play.of(spec, rng.normal(size=(height, width)), rng.normal(size=kernel), 0.1), Theme.DARK, Captions())
    drawing = show.frame(data.draw(st.integers(0, len(show) - 1)))
    boxes = [leaf for leaf in drawing.leaves() if isinstance(leaf, Rect)]
    assert all(0 <= box.x <= box.x + box.width <= drawing.width for box in boxes)
    assert all(0 <= box.y <= box.y + box.height <= drawing.height for box in boxes)
    ElementTree.fromstring(to_svg(drawing))
