"""The shapes page in Streamlit's own test runner: links, views, what a reader does, what is taken away."""

from __future__ import annotations

import ast
import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.components.payload import pack
from cnnviz.core import shapes_lab as lab
from cnnviz.core.conv import ConvSpec
from cnnviz.core.effective_field import EffectiveField
from cnnviz.core.errors import InvalidSpec
from cnnviz.core.layers import Conv
from cnnviz.core.padding import PaddingMode
from cnnviz.core.padding_schemes import compare
from cnnviz.core.presets_networks import PRESETS
from cnnviz.core.samples import sample
from cnnviz.core.scenes.layer_rows import MOST_ROWS, LayerRows, layers_of, rows_of
from cnnviz.core.scenes.shapes import LARGEST_GRID, NETWORKS, OPS, OWN, VIEWS, ShapesScene
from cnnviz.core.scenes.shapes_examples import EXAMPLES, SHRINKING
from cnnviz.core.shapes_code import programs
from cnnviz.figures.palette import Theme
from cnnviz.figures.svg import to_svg
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.media import still
from cnnviz.ui import pictures
from cnnviz.ui.shapes_data import data_of, found_settings
from cnnviz.ui.shapes_export import export_of
from cnnviz.ui.shapes_figures import FIGURES
from cnnviz.ui.shapes_networks import gradient
from tests.pages.opening import opened_page, scene_in

CAT = sample("cat")
EN = Texts("en")

PAIRS = st.tuples(st.integers(1, 8), st.integers(1, 8))
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["conv", "max", "avg", "global", "linear"]),
        *[st.integers(1, 64), st.integers(1, 7), st.integers(1, 4), st.integers(0, 3), st.integers(1, 2)],
    ),
    min_size=1,
    max_size=6,
)
SCENES = st.builds(
    lambda **fields: ShapesScene().merged(fields),
    view=st.sampled_from(VIEWS),
    op=st.sampled_from(OPS),
    two=st.booleans(),
    size=st.tuples(st.integers(1, 128), st.integers(1, 128)),
    kernel=PAIRS,
    stride=PAIRS,
    dilation=PAIRS,
    pad=st.tuples(*[st.integers(0, 16)] * 4),
    mode=st.sampled_from(list(PaddingMode)),
    fill=st.integers(-99, 255),
    wanted=st.integers(1, 256),
    cells=st.integers(1, 9),
    edge=st.tuples(st.integers(0, 8), st.integers(0, 8)),
    net=st.sampled_from(NETWORKS),
    rows=ROWS,
    channels=st.integers(1, 512),
    side=st.integers(1, 512),
    layer=st.integers(0, 63),
    unit=st.tuples(st.integers(-1, 511), st.integers(-1, 511)),
    weights=st.sampled_from(["uniform", "random"]),
    big=st.integers(3, 11),
    width=st.integers(1, 512),
)


@given(SCENES)
def test_a_link_says_the_whole_scene(scene: ShapesScene) -> None:
    assert ShapesScene.from_link(scene.link()) == scene


@given(st.dictionaries(st.sampled_from([*ShapesScene.link_names().values(), "x"]), st.text(max_size=40)))
def test_any_link_gives_a_scene_that_can_be_shown(params: dict[str, str]) -> None:
    scene = ShapesScene.from_link(params)
    assert scene.two or scene.size[0] == scene.size[1]
    assert not scene.two or max(scene.size) <= LARGEST_GRID
    assert scene.big % 2 == 1
    assert layers_of(scene.rows)


@given(SCENES)
def test_a_pooling_never_pads_more_than_torch_allows(scene: ShapesScene) -> None:
    scene.spec()  # raises InvalidSpec where it does
    if scene.op != "conv":
        assert all(max(pair) <= k // 2 for pair, k in zip(scene.pads, scene.kernel, strict=True))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_the_articles_examples_give_what_torch_gives(example: Any) -> None:
    scene = ShapesScene().merged(example.fields)
    x = torch.zeros(1, 1, example.size, example.size)
    y = torch.nn.functional.conv2d(x, torch.zeros(1, 1, *scene.kernel), None, scene.stride, example.padding)
    assert scene.spec().output_size(scene.size) == tuple(y.shape[2:]) == (example.output,) * 2


def test_rows_are_read_written_and_refused() -> None:
    rule = LayerRows()
    assert rule.parse(rule.show(OWN)) == OWN
    assert rule.accept([["max", 5, 2, 2, 9, 1]]) == (("max", 0, 2, 2, 1, 1),)
    for bad in ([], [["conv", 1, 3, 1, 1]], [["deform", 1, 3, 1, 1, 1]], [["conv", 9999, 3, 1, 1, 1]], "conv", None):
        with pytest.raises((ValueError, TypeError)):
            rule.accept(bad)
    with pytest.raises(ValueError, match="layers"):
        rule.accept([list(OWN[0])] * (MOST_ROWS + 1))
    with pytest.raises(ValueError, match="long"):
        rule.parse("conv,1,1,1,1,1;" * 999)


@pytest.mark.parametrize("name", NETWORKS[1:])
def test_a_preset_as_rows_costs_what_the_preset_costs(name: str) -> None:
    preset = PRESETS[name]
    own = lab.costs_of(layers_of(rows_of(preset.layers)), (1, *preset.input_shape))
    theirs = lab.costs_of(preset.layers, (1, *preset.input_shape))
    assert (own.parameters, own.macs) == (theirs.parameters, theirs.macs)


def test_the_readers_first_chain_breaks_at_its_last_layer() -> None:
    for rows, side in ((OWN, 32), (SHRINKING, 16)):
        table = lab.costs_of(layers_of(rows), (1, 3, side, side))
        assert table.chain.broken is not None
        assert table.chain.broken.number == len(rows)
        assert table.chain.broken.rule.code == "kernel_exceeds_input"


def test_a_field_too_wide_is_not_measured() -> None:
    assert isinstance(lab.measured_field((Conv(kernel_size=31, dilation=8),) * 2, "uniform", 0), InvalidSpec)
    assert isinstance(lab.measured_field((Conv(kernel_size=3),) * 2, "random", 3), EffectiveField)


def test_the_gradient_of_the_chosen_layer_comes_with_its_numbers() -> None:
    found = gradient(ShapesScene(net="lenet5", channels=1, side=28, layer=2))
    assert found is not None
    name, arrays = found
    assert name == "gradient|lenet5||2|uniform|0"
    theoretical, rows, columns, top, left, share, sigma = arrays["numbers"]
    assert (theoretical, rows, columns) == (6, 6, 6)
    assert arrays["gradient"][int(top) : int(top) + 6, int(left) : int(left) + 6].min() > 0
    assert 0 < share <= 1 < sigma < 2
    assert gradient(ShapesScene(rows=(("conv", 1, 9, 1, 0, 1),), side=8)) is None
    wide = gradient(ShapesScene().merged({"rows": [["conv", 1, 31, 1, 15, 8]] * 2, "side": 512, "layer": 1}))
    assert wide is not None
    assert wide[1]["numbers"].size == 0


def test_two_small_kernels_see_as_much_with_fewer_weights() -> None:
    for big, squares in ((5, (25, 18)), (7, (49, 27))):
        one, stack = lab.designs(big, 8, 9)
        assert (one.per_square, stack.per_square) == squares
        assert one.gradient.shape == stack.gradient.shape == (big, big)
        assert np.ptp(one.gradient) < 1e-6
        assert stack.gradient[0, 0] < stack.gradient[big // 2, big // 2]
    dice = np.convolve([1, 1, 1], [1, 1, 1])
    expected = np.outer(dice, dice) / 9
    assert np.allclose(lab.designs(5, 8, 9)[1].gradient, expected, atol=1e-6)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A picture store of the test's own."""
    monkeypatch.setenv("CNNVIZ_CACHE", str(tmp_path))
    pictures.store.cache_clear()
    yield
    pictures.store.cache_clear()


def opened(**params: str) -> AppTest:
    return opened_page("shapes", params)


def scene_of(app: AppTest) -> ShapesScene:
    return scene_in(app, ShapesScene)


HARD = ({}, {"n": "3", "k": "9"}, {"op": "ceil", "k": "4", "p": "2"}, {"two": "1", "k": "3,5", "p": "0,1,2,3"})


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_view_opens_from_its_link(view: str, lang: str) -> None:
    for params in HARD:
        assert scene_of(opened(view=view, lang=lang, **params)).view == view


@pytest.mark.parametrize("net", NETWORKS)
@pytest.mark.parametrize("side", [1, 8, 64])
@pytest.mark.parametrize("view", ["chain", "field"])
def test_networks_on_inputs_too_small_for_them(view: str, side: int, net: str) -> None:
    header, arrays = data_of(ShapesScene(view=view, net=net, side=side, channels=1), CAT, Texts("zh"))
    assert pack(header, **arrays)


@given(SCENES.filter(lambda s: s.view not in ("field", "stack") or s.side <= 32))
def test_every_scene_has_data(scene: ShapesScene) -> None:
    header, arrays = data_of(scene, CAT, Texts("en"))
    assert pack(header, **arrays)  # refuses NaN, infinity and what is no plain value


def test_tabs_change_the_view_and_the_view_changes_the_scene() -> None:
    app = opened()
    app.session_state["shapes-axis"] = {"event": {"n": 1, "scene": {"kernel": [5, 5], "stride": [99, 1]}}}
    assert scene_of(app.run()).kernel == (5, 5)
    app.session_state["shapes-views"] = {"event": {"n": 2, "scene": {"view": "inverse"}}}
    assert scene_of(app.run()).view == "inverse"
    taken = {"kernel": [3, 3], "stride": [1, 1], "dilation": [2, 2], "pad": [1, 2, 1, 2], "two": False, "view": "axis"}
    app.session_state["shapes-inverse"] = {"event": {"n": 3, "scene": taken}}
    found = scene_of(app.run())
    assert (found.view, found.dilation, found.pad) == ("axis", (2, 2), (1, 2, 1, 2))
    app.session_state["shapes-axis"] = {"event": {"n": 4, "scene": {"rows": [["nonsense"]], "kernel": "x"}}}
    assert scene_of(app.run()) == found


def run(text: str) -> str:
    """What a program prints."""
    ast.parse(text)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, "program", "exec"), {"__name__": "__main__"})
    return said.getvalue()


WINDOWS = (
    ShapesScene(),
    ShapesScene().merged({"two": True, "size": [9, 7], "kernel": [3, 4], "pad": [1, 0, 2, 1], "dilation": [2, 1]}),
    ShapesScene().merged({"op": "pool", "kernel": [3, 3], "pad": [1, 1, 1, 1], "dilation": [2, 2]}),
    ShapesScene().merged({"op": "ceil", "size": [8, 8], "kernel": [3, 3], "stride": [2, 2]}),
    ShapesScene().merged({"op": "ceil", "size": [5, 5], "kernel": [2, 2], "stride": [3, 3], "pad": [1, 1, 1, 1]}),
)


@pytest.mark.parametrize("scene", WINDOWS, ids=range(len(WINDOWS)))
@pytest.mark.parametrize("language", ["pytorch", "numpy"])
def test_the_programs_of_the_window_give_its_size(language: str, scene: ShapesScene) -> None:
    said = run(programs(scene)[language](scene)).strip().splitlines()
    assert said[-1] == str(scene.spec().output_size(scene.size))


@pytest.mark.parametrize("scene", WINDOWS, ids=range(len(WINDOWS)))
def test_the_program_of_the_uses_counts_them(scene: ShapesScene) -> None:
    scene = scene.with_(view="usage")
    said = run(programs(scene)["pytorch"](scene))
    assert [int(n) for n in re.findall(r"\d+", said.split("dtype")[0])] == scene.spec().usage(
        scene.size
    ).ravel().tolist()


def test_the_program_of_the_paddings_gives_what_is_compared() -> None:
    scene = ShapesScene().merged({"view": "padding", "size": [9, 9], "kernel": [4, 4], "stride": [3, 3]})
    said = run(programs(scene)["pytorch"](scene)).strip().splitlines()
    schemes = compare(9, 4, 3, 1, (0, 0))
    wanted = {s.name: f"{s.name} {s.padding} {s.output or 0}" for s in schemes}
    assert {line.split()[0]: line for line in said} == wanted


def test_the_program_of_the_fill_shows_the_rows() -> None:
    scene = ShapesScene(view="fill", cells=4, edge=(2, 2), fill=7.0)
    said = dict(line.split(" ", 1) for line in run(programs(scene)["pytorch"](scene)).strip().splitlines())
    assert ast.literal_eval(said["reflect"]) == [3, 2, 1, 2, 3, 4, 3, 2]
    assert ast.literal_eval(said["constant"]) == [7, 7, 1, 2, 3, 4, 7, 7]
    assert "too wide" in run(programs(scene.with_(edge=(5, 0)))["pytorch"](scene.with_(edge=(5, 0))))


@pytest.mark.parametrize("op", OPS)
def test_the_program_of_the_search_finds_the_same_settings(op: str) -> None:
    scene = ShapesScene().merged({"view": "inverse", "op": op, "size": [7, 7], "wanted": 3})
    said = run(programs(scene)["numpy"](scene)).strip().splitlines()
    found = [f"{s.kernel_size} {s.stride} {s.padding} {s.dilation}" for s in found_settings(scene)]
    assert sorted(said) == sorted(found)


@pytest.mark.filterwarnings("ignore:Lazy modules")
@pytest.mark.parametrize("net", ["own", "lenet5"])
def test_the_program_of_the_chain_counts_its_parameters(net: str) -> None:
    scene = ShapesScene(view="chain", net=net, channels=1, side=28)
    said = run(programs(scene)["pytorch"](scene)).strip().splitlines()
    assert int(said[-1]) == lab.costs_of(scene.layers(), scene.input_shape()).parameters
    assert any("does not fit" in line for line in said) == (net == "own")


def test_the_program_of_the_fields_walks_the_same_way() -> None:
    scene = ShapesScene(view="field", net="vgg16", side=224)
    said = run(programs(scene)["numpy"](scene)).strip().splitlines()
    table = lab.fields_of(lab.sliding_part(lab.costs_of(scene.layers(), scene.input_shape())), 224)
    assert table is not None
    assert said[-1] == f"max {table[-1].size} {table[-1].jump} {table[-1].start}"


def test_the_program_of_the_stack_counts_as_torch_counts() -> None:
    scene = ShapesScene(view="stack", big=7, width=6, maps=10)
    said = [[int(n) for n in line.split()] for line in run(programs(scene)["pytorch"](scene)).strip().splitlines()]
    assert said == [[d.weights, d.table.parameters, d.table.macs] for d in lab.designs(7, 6, 10)]


def test_latex_carries_todays_numbers() -> None:
    scene = ShapesScene()
    text = programs(scene)["latex"](scene)
    assert r"\left\lfloor\frac{8+0+0-1\cdot(3-1)-1}{2}\right\rfloor+1=3" in text
    scene = ShapesScene(view="padding")
    assert r"\frac{1\cdot(3-1)}{2} = 1" in programs(scene)["latex"](scene)


@pytest.mark.parametrize("view", FIGURES)
@pytest.mark.parametrize("theme", list(Theme))
def test_every_figure_is_drawn_on_both_grounds(view: str, theme: Theme) -> None:
    for fields in ({}, {"net": "lenet5", "side": 28, "channels": 1}, {"two": True, "size": [20, 9], "kernel": [3, 2]}):
        drawing = FIGURES[view](ShapesScene(view=view).merged(fields), CAT, theme, EN)
        assert drawing.width < 2000
        assert "<svg" in to_svg(drawing)
        assert still.png_bytes(drawing)[:4] == b"\x89PNG"


def test_nothing_is_offered_where_no_window_fits() -> None:
    for view in ("axis", "usage"):
        scene = ShapesScene().merged({"view": view, "size": [2, 2], "kernel": [9, 9]})
        export = export_of(scene, CAT, EN)
        assert not export.code
        assert export.figure is None
        assert export.arrays is None
    assert export_of(ShapesScene(), CAT, EN).figure is not None


def test_the_tables_hold_the_numbers_of_the_screen() -> None:
    def arrays(**fields: Any) -> Any:
        export = export_of(ShapesScene().merged(fields), CAT, EN)
        assert export.arrays is not None
        return export.arrays()

    usage = arrays(view="usage", stride=[1, 1])["usage"]
    assert usage.tolist() == ConvSpec(3).usage((8, 8)).tolist()
    assert arrays(view="inverse", size=[8, 8], wanted=8)["settings"].shape[1] == 5
    assert arrays(view="inverse", size=[1, 1], wanted=256)["settings"].shape == (0, 5)
    assert arrays(view="chain", net="lenet5", channels=1, side=28)["costs"][:, 0].sum() == 61706
    fields = arrays(view="field", net="lenet5", channels=1, side=28, layer=63)
    assert fields["fields"][-1].tolist() == [16, 4, 6]
    assert fields["gradient"].max() == 1
