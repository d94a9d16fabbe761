"""The pooling page in Streamlit's own test runner: links, views, PyTorch's numbers, what is taken away."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from cnnviz.components.payload import pack
from cnnviz.core import pooling_lab as lab
from cnnviz.core.adaptive_pool import AdaptivePoolSpec
from cnnviz.core.pool import PoolSpec
from cnnviz.core.pooling_code import torch_ways_back
from cnnviz.core.samples import sample
from cnnviz.core.scenes.pooling import KINDS, LANDSCAPES, SUBJECTS, VIEWS, WATERS, WINDOWS, PoolingScene
from cnnviz.core.scenes.pooling_examples import examples
from cnnviz.export import PAGES
from cnnviz.figures.drawing import Drawing, Raster
from cnnviz.figures.palette import Role, Theme, colour, rgb
from cnnviz.figures.svg import to_svg
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.ui import pictures, pooling_steps
from cnnviz.ui.pooling_data import data_of
from cnnviz.ui.pooling_export import export_of, programs
from cnnviz.ui.pooling_figures import ARRAYS, CAPTIONS, drawing_of, switch_spec
from tests.core import keras_by_its_rules
from tests.pages.opening import opened_page, scene_in

CAT = sample("cat")
EN = Texts("en")
PAIR = st.tuples(st.integers(1, 8), st.integers(1, 8))
SCENES = st.builds(
    lambda **fields: PoolingScene().merged(fields),
    view=st.sampled_from(VIEWS),
    source=st.sampled_from(["from_one", "random", "digit", "ramp", "hand", "picture"]),
    size=st.tuples(st.integers(1, 32), st.integers(1, 32)),
    seed=st.integers(0, 9999),
    cells=st.just([[1, 2.5], [-3, 4]]),
    kind=st.sampled_from(KINDS),
    windows=st.sampled_from(WINDOWS),
    kernel=PAIR,
    stride=PAIR,
    tied=st.booleans(),
    padding=st.tuples(*[st.integers(0, 4)] * 4),
    dilation=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    ceil=st.booleans(),
    counted=st.booleans(),
    out=PAIR,
    norm=st.sampled_from([1.0, 2.0, 3.5]),
    k=st.integers(1, 16),
    draw=st.integers(0, 9999),
    expected=st.booleans(),
    step=st.integers(0, 2000),
    pin=st.sampled_from(["", "x1.2", "y0.0"]),
    subject=st.sampled_from(SUBJECTS),
    shift=st.tuples(st.integers(-16, 16), st.integers(-16, 16)),
    turn=st.integers(-180, 180),
    scale=st.integers(50, 200),
    block=st.integers(0, 16),
    landscape=st.sampled_from(LANDSCAPES),
    water=st.sampled_from(WATERS),
    level=st.integers(0, 100),
)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A picture store of the test's own."""
    monkeypatch.setenv("CNNVIZ_CACHE", str(tmp_path))
    pictures.store.cache_clear()
    yield
    pictures.store.cache_clear()


@given(SCENES)
def test_a_link_says_the_whole_scene(scene: PoolingScene) -> None:
    again = PoolingScene.from_link(scene.link())
    assert again == scene
    assert again.notice is None


@given(st.dictionaries(st.sampled_from([*PoolingScene.link_names().values(), "x"]), st.text(max_size=40)))
def test_any_link_gives_a_scene_that_can_be_computed(params: dict[str, str]) -> None:
    scene = PoolingScene.from_link(params)
    assert scene.spec().output_size(scene.shape)


def test_what_a_link_asks_for_too_much_is_the_nearest_that_works_and_says_why() -> None:
    scene = PoolingScene.from_link({"kernel": "8", "padding": "4", "dilation": "4"})
    assert scene.notice is not None
    assert scene.notice.code == "kernel_exceeds_input"
    assert scene.spec().output_size(scene.size)
    assert PoolingScene.from_link({"kernel": "8", "view": "picture"}).kernel == (8, 8)


def test_the_way_back_is_of_windows_that_slide_and_fit() -> None:
    scene = PoolingScene.from_link({"view": "switches", "windows": "global", "kernel": "8"})
    assert isinstance(scene.spec(), PoolSpec)
    assert scene.kernel == (4, 4)
    assert ARRAYS["switches"](scene, CAT)["output"].shape == (1, 1)


def by_torch(scene: PoolingScene, x: torch.Tensor) -> torch.Tensor | None:
    """torch.nn.functional alone, where it has this pooling; x (1, 1, H, W) to (rows, columns)."""
    top, bottom, left, right = scene.padding
    kind, slides = scene.kind, scene.windows == "sliding"
    if not slides and kind in ("max", "avg"):
        size = scene.out if scene.windows == "adaptive" else (1, 1)
        pool = F.adaptive_max_pool2d if kind == "max" else F.adaptive_avg_pool2d
        return pool(x, size)[0, 0]
    even, plain = (top, left) == (bottom, right), scene.dilation == (1, 1)
    if not slides or not even:
        return None
    if kind == "max":
        args = (scene.kernel, scene.stride, (top, left), scene.dilation, scene.ceil)
        return F.max_pool2d(x, *args)[0, 0]
    if kind == "avg" and plain:
        return F.avg_pool2d(x, scene.kernel, scene.stride, (top, left), scene.ceil, scene.counted)[0, 0]
    return None


@given(SCENES.filter(lambda s: s.view == "steps" and s.source != "picture"))
def test_the_players_numbers_are_torchs(scene: PoolingScene) -> None:
    found = pooling_steps.torch_output(scene, None)
    expected = by_torch(scene, torch.from_numpy(scene.input().astype(np.float32))[None, None])
    assert found is not None
    assert found.shape == scene.spec().output_size(scene.size)
    if expected is not None:
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-5, atol=1e-6)


def test_the_articles_listing_and_the_courses() -> None:
    shown = {
        name: scene.spec()(scene.input()[None])[0].tolist() for name, scene in examples().items() if name != "photo"
    }
    assert shown["article"] == [[6, 8], [14, 16]]
    assert shown["article_mean"] == [[3.5, 5.5], [11.5, 13.5]]
    assert shown["course"] == [[6, 8], [3, 4]]
    assert shown["global"] == [[8.5]]
    assert all(scene.notice is None for scene in examples().values())


def opened(**params: str) -> AppTest:
    return opened_page("pooling", params)


def scene_of(app: AppTest) -> PoolingScene:
    return scene_in(app, PoolingScene)


HARD: tuple[dict[str, str], ...] = (
    {},
    {"kind": "k_means", "ceil": "1", "size": "5"},
    {"windows": "adaptive"},
    {"in": "picture"},
)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_view_opens_from_its_link(view: str, lang: str) -> None:
    for params in HARD:
        assert scene_of(opened(view=view, lang=lang, **params)).view == view


@given(SCENES)
def test_every_view_can_be_packed(scene: PoolingScene) -> None:
    if scene.view != "steps":
        header, arrays = data_of(scene, CAT)
        assert pack({k: v for k, v in header.items() if k != "scene"}, **arrays)


def test_what_the_player_says_becomes_the_scene_and_leaves_the_other_views_alone() -> None:
    app = opened(view="steps", turn="30")
    sent = {"kind": "lp", "norm": 3, "kernel": [3, 3], "padding": [1, 1, 1, 1], "nonsense": 1}
    app.session_state[pooling_steps.KEY] = {"event": {"n": 1, "scene": sent, "mark": 5}}
    app.run()
    now = scene_of(app)
    assert (now.kind, now.norm, now.kernel, now.stride, now.turn) == ("lp", 3.0, (3, 3), (3, 3), 30)
    assert not {"view", "turn", "shift"} & set(pooling_steps.own(now))
    app.session_state["pooling-views"] = {"event": {"n": 1, "scene": {"view": "water"}}}
    app.run()
    assert scene_of(app).view == "water"


def test_a_hidden_control_stays_hidden() -> None:
    shown = scene_of(opened(hide="share.views.try"))
    assert set(shown.hide) == {"share", "views", "try"}


def run(program: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(program, names)  # our own program: what a reader would run
    return names


@pytest.mark.parametrize("name", [name for name in examples() if name != "photo"])
def test_programs_give_the_numbers_on_the_screen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras", keras_by_its_rules.module())  # type: ignore[arg-type]
    scene = examples()[name]
    shown = pooling_steps.torch_output(scene, None)
    x = scene.input().astype(np.float32)[None]
    for language in ("pytorch", "numpy", "keras"):
        found = np.asarray(run(programs(scene)[language](scene.spec(), x))["y"], float).reshape(np.shape(shown))
        np.testing.assert_allclose(found, shown, rtol=1e-5, err_msg=f"{language} {name}")
    latex = programs(scene)["latex"](scene.spec(), x)
    assert f"{float(np.ravel(shown)[scene.step]):.4g}".rstrip("0").rstrip(".")[:4] in latex


OVERLAPPING = {"kernel": "3", "tied": "0", "stride": "2", "size": "6"}


@pytest.mark.parametrize("link", [{}, {**OVERLAPPING, "padding": "1"}, {**OVERLAPPING, "padding": "1,0,0,1"}])
def test_the_way_back_is_torchs_and_so_is_its_program(link: dict[str, str]) -> None:
    scene = PoolingScene.from_link({"view": "switches", "in": "random", "seed": "3", **link})
    arrays = ARRAYS["switches"](scene, CAT)
    names = run(torch_ways_back(switch_spec(scene), scene.input()))
    for name, theirs in {"output": "y", "indices": "indices", "unpooled": "back", "to_max": "to_max"}.items():
        np.testing.assert_array_equal(arrays[name], names[theirs].detach().numpy(), err_msg=name)
    if "to_mean" in names:
        np.testing.assert_allclose(arrays["to_mean"], names["to_mean"].numpy())
    if scene.stride == scene.kernel:
        y, at = (torch.from_numpy(np.asarray(arrays[n]))[None, None] for n in ("output", "indices"))
        back = F.max_unpool2d(y, at, scene.kernel, output_size=scene.size)[0, 0]
        np.testing.assert_array_equal(arrays["unpooled"], back.numpy())


@pytest.mark.parametrize(
    "link",
    [{}, {**OVERLAPPING, "padding": "1"}, {**OVERLAPPING, "padding": "1,0,0,1", "ceil": "1"}, {"dilation": "2"}],
)
def test_the_numpy_program_of_the_way_back_too(link: dict[str, str]) -> None:
    scene = PoolingScene.from_link({"view": "switches", "in": "random", "seed": "3", **link})
    arrays, names = ARRAYS["switches"](scene, CAT), run(export_of(scene, CAT, EN).code["numpy"]())
    theirs = {"output": "y", "indices": "indices", "unpooled": "back", "to_max": "to_max", "to_mean": "to_mean"}
    for name, there in theirs.items():
        np.testing.assert_allclose(arrays[name], names[there], rtol=1e-12, err_msg=name)


FROM_FILES: tuple[dict[str, str], ...] = (
    {"view": "picture"},
    {"view": "picture", "kind": "avg", "kernel": "5", "tied": "0", "stride": "3", "padding": "2", "counted": "0"},
    {"view": "picture", "kind": "k_means", "windows": "adaptive", "out": "6"},
    {"view": "picture", "kind": "stochastic", "kernel": "8", "draw": "7"},
    {"view": "move", "shift": "0,3"},
    {"view": "move", "turn": "25", "scale": "80", "kind": "avg", "block": "4"},
    {"view": "move", "subject": "picture", "shift": "-2,1", "kind": "stochastic", "block": "8"},
    {"view": "move", "kind": "median", "block": "0", "turn": "-40"},
    {"view": "water"},
)


@pytest.mark.parametrize("link", FROM_FILES)
def test_programs_of_the_other_views_give_the_numbers_on_the_screen(
    link: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keras", keras_by_its_rules.module())  # type: ignore[arg-type]
    monkeypatch.chdir(tmp_path)
    export = export_of(PoolingScene.from_link(link), CAT, EN)
    assert export.arrays is not None
    arrays = export.arrays()
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    for language in ("pytorch", "numpy", "keras"):
        names = run(export.code[language]())
        found = np.asarray(names["y"], float).reshape(arrays["output"].shape)
        np.testing.assert_allclose(found, arrays["output"], rtol=1e-5, atol=1e-4, err_msg=language)
        if "change" in names:
            shown = {row[0]: row[1:] for row in arrays["stability"].tolist()}[PoolingScene.from_link(link).block]
            measured = [float(names[name]) for name in ("change", "contrast", "same")]
            np.testing.assert_allclose(measured, shown, rtol=1e-4, atol=1e-4, err_msg=language)


def test_a_formula_is_offered_where_one_window_can_be_written_out() -> None:
    def latex(**link: str) -> str | None:
        code = export_of(PoolingScene.from_link(link), CAT, EN).code
        return code["latex"]() if "latex" in code else None

    scene = PoolingScene.from_link({"view": "picture", "kernel": "3"})
    middle = ARRAYS["picture"](scene, CAT)["output"][32, 32]
    assert f"&= {middle:g}\n" in (latex(view="picture", kernel="3") or "")
    assert latex(view="picture", windows="global") is None
    assert latex(view="move", block="16") is None
    assert latex(view="switches") is None


def test_the_film_of_the_water_rises_until_everything_is_under_it() -> None:
    scene = PoolingScene.from_link({"view": "water"})
    export = export_of(scene, CAT, EN)
    assert export.frames is not None
    blue = colour(Role.INPUT, Theme.LIGHT)
    wet = [
        sum(int((raster(frame, i) == rgb(blue)).all(-1).sum()) for i in range(3)) for frame in export.frames("light")
    ]
    assert wet == sorted(wet)
    arrays = [np.asarray(ARRAYS["water"](scene, CAT)[name], float) for name in CAPTIONS["water"]]
    assert wet[0] == sum(int((array <= 0).sum()) for array in arrays)  # the lowest point of the hills
    assert wet[-1] == sum(array.size for array in arrays)
    assert export_of(scene.with_(water="max"), CAT, EN).frames is None


def raster(frame: Drawing, number: int) -> Any:
    """The pixels of a panel."""
    return [item.pixels for item in frame.leaves() if isinstance(item, Raster)][number]


@given(st.sampled_from(["max", "avg", "median"]), st.integers(-3, 3), st.sampled_from([2, 4]))
def test_a_shift_by_whole_strides_moves_the_map_and_changes_nothing_else(kind: str, steps: int, block: int) -> None:
    plane = np.zeros((32, 32))
    plane[14:18, 13:19] = np.arange(24).reshape(4, 6)  # far from the edge, where the edge is repeated
    one = lab.pooled(plane, kind, block)
    two = lab.pooled(lab.moved(plane, (0, steps * block), 0, 100), kind, block)
    np.testing.assert_array_equal(np.roll(one, steps, axis=1), two)


def test_what_stays_the_same_is_what_it_is_said_to_be() -> None:
    x = np.zeros((8, 8))
    x[3, 2] = 90.0
    inside, beyond = (lab.moved(x, (0, by), 0, 100) for by in (1, 2))
    assert lab.stability(x, inside, "max", 2) == lab.Stability(2, 0.0, 2 * 90 / 16 * 15 / 16, 1.0)
    assert lab.stability(x, beyond, "max", 2).change == pytest.approx(2 * 90 / 16)
    assert lab.stability(x, beyond, "max", 0).change == 0
    assert lab.stability(x, inside, "avg", 1).change == pytest.approx(2 * 90 / 64)


def test_turning_four_quarters_and_scaling_there_and_back() -> None:
    x = np.random.default_rng(0).uniform(0, 255, (12, 12))
    turned = x
    for _ in range(4):
        turned = lab.moved(turned, (0, 0), 90, 100)
    np.testing.assert_allclose(turned, x, atol=1e-6)
    np.testing.assert_allclose(lab.moved(x, (0, 0), 90, 100), np.rot90(x), atol=1e-6)
    smooth = np.add.outer(np.arange(16.0), np.arange(16.0))
    back = lab.moved(lab.moved(smooth, (0, 0), 0, 200), (0, 0), 0, 50)
    np.testing.assert_allclose(back[5:11, 5:11], smooth[5:11, 5:11], atol=1e-6)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("theme", list(Theme))
def test_every_view_can_be_taken_away(view: str, theme: Theme) -> None:
    for params in ({}, {"kind": "lp"}, {"in": "digit", "size": "7", "padding": "1", "ceil": "1"}):
        now = PoolingScene.from_link({"view": view, **params})
        export = export_of(now, CAT, EN)
        assert export.arrays is not None
        assert all(array.size for array in export.arrays().values())
        assert export.figure is not None
        assert to_svg(export.figure(theme.value)).startswith("<svg")
        assert all(make() for make in export.code.values())
    if view in CAPTIONS:
        assert drawing_of(now, CAT, theme, EN).title == "cnnviz"


def test_a_film_shows_every_step() -> None:
    export = export_of(PoolingScene(), CAT, EN)
    assert export.frames is not None
    assert [frame.title for frame in export.frames("light")][-1].startswith("Step 4 of 4")


def test_the_scenes_layer_is_the_cores() -> None:
    sliding = PoolingScene.from_link({"kind": "k_max", "k": "3", "kernel": "3"}).spec()
    assert isinstance(sliding, PoolSpec)
    assert (sliding.kind, sliding.k, sliding.stride) == ("k_max", 3, (3, 3))
    shared = PoolingScene.from_link({"windows": "global", "kind": "median"}).spec()
    assert shared == AdaptivePoolSpec((1, 1), "median")


@pytest.mark.parametrize("page", ["pooling", "shapes", "convolution"])
def test_every_table_that_is_offered_has_a_name(page: str) -> None:
    kind = PAGES[page].scene
    views = getattr(kind.rules().get("view"), "options", ("",))
    for view in views:
        export = PAGES[page].export(kind().merged({"view": view}), CAT, EN)
        names = export.arrays() if export.arrays else {}
        assert [name for name in names if not EN.has(f"share.array_{name}")] == [], view
