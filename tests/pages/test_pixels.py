"""The pixels page in Streamlit's own test runner: links, views, what leads elsewhere, what is taken away."""

from __future__ import annotations

import ast
import contextlib
import io
import math
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
from cnnviz.core import pixels_lab as lab
from cnnviz.core.colour_mix import mixed
from cnnviz.core.images import Picture, picture_from_pixels
from cnnviz.core.samples import sample
from cnnviz.core.scenes.convolution import LARGEST_INPUT, ConvolutionScene
from cnnviz.core.scenes.pixels import DRAWING, LARGEST_TENSOR, SHIFT_KERNELS, VIEWS, PixelsScene
from cnnviz.figures.palette import Theme
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.media import still, tables
from cnnviz.ui import pictures, pixels_page
from cnnviz.ui.pixels_data import data_of
from cnnviz.ui.pixels_export import export_of
from cnnviz.ui.pixels_figures import FIGURES
from tests.pages.opening import opened_page, scene_in

CAT = sample("cat")
EN = Texts("en")
GREY = sample("coins")
DOT = picture_from_pixels(np.array([[200]], np.uint8))
RIBBON = picture_from_pixels(np.arange(3 * 1024, dtype=np.uint32).reshape(3, 1024).astype(np.uint8))
DEEP = picture_from_pixels(np.arange(64, dtype=np.uint16).reshape(8, 8) * 1000)
PICTURES = {"colour": CAT, "grey": GREY, "1 x 1": DOT, "3 x 1024": RIBBON, "16 bits": DEEP}

NUMBERS = st.floats(-9, 9, width=32).map(lambda v: float(f"{v:.7g}"))
SCENES = st.builds(
    lambda **fields: PixelsScene().merged(fields),
    view=st.sampled_from(VIEWS),
    picture=st.sampled_from(["cat", "coins", "up-" + "0" * 31 + "f"]),
    row=st.integers(-1, 30000),
    span=st.integers(0, 30000),
    write=st.sampled_from(["bytes", "unit", "hex"]),
    mix=st.integers(1, 3).flatmap(lambda n: st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=n, max_size=n)),
    tensor=st.sampled_from(["image", "weight", "flat"]),
    sizes=st.tuples(*[st.integers(1, 5)] * 4),
    at=st.tuples(*[st.integers(0, 4)] * 4),
    wide=st.integers(2, 1000),
    flat=st.tuples(st.integers(1, 1000), st.integers(1, 1000)),
    steps=st.text("us", max_size=3),
    own=st.booleans(),
    cells=st.integers(8, 10).flatmap(
        lambda n: st.lists(st.lists(NUMBERS, min_size=8, max_size=8), min_size=n, max_size=n)
    ),
    seed=st.integers(0, 999),
    dx=st.integers(-16, 16),
    kernel=st.sampled_from(SHIFT_KERNELS),
    stride=st.integers(1, 2),
)


@given(SCENES)
def test_a_link_says_the_whole_scene(scene: PixelsScene) -> None:
    assert PixelsScene.from_link(scene.link()) == scene


@given(st.dictionaries(st.sampled_from([*PixelsScene.link_names().values(), "x"]), st.text(max_size=40)))
def test_any_link_gives_a_scene_that_can_be_shown(params: dict[str, str]) -> None:
    scene = PixelsScene.from_link(params)
    assert len(scene.mix) in (1, 3)
    assert all(i < size <= most for i, size, most in zip(scene.at, scene.sizes, LARGEST_TENSOR, strict=True))
    assert scene.flat[1] <= scene.wide
    assert 8 <= len(scene.cells) <= 28


def test_what_cannot_be_shown_is_brought_to_what_can() -> None:
    scene = PixelsScene().merged({"mix": ((1.0, 2.0),), "cells": ((1.0,),), "sizes": (5, 5, 5, 5), "at": (4, 4, 4, 4)})
    assert scene.mix == PixelsScene().mix
    assert scene.cells == DRAWING
    assert scene.sizes == LARGEST_TENSOR
    assert scene.at == (1, 3, 3, 4)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A picture store of the test's own."""
    monkeypatch.setenv("CNNVIZ_CACHE", str(tmp_path))
    pictures.store.cache_clear()
    yield
    pictures.store.cache_clear()


def opened(**params: str) -> AppTest:
    return opened_page("pixels", params)


def scene_of(app: AppTest) -> PixelsScene:
    return scene_in(app, PixelsScene)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_view_opens_from_its_link(view: str, lang: str) -> None:
    assert scene_of(opened(view=view, lang=lang, picture="coins")).view == view


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_view_has_data_for_every_kind_of_picture(view: str, name: str, lang: str) -> None:
    header, arrays = data_of(PixelsScene(view=view), PICTURES[name], Texts(lang))
    assert pack(header, **arrays)  # refuses NaN, infinity and what is no plain value


def test_tabs_change_the_view_and_the_view_changes_the_scene() -> None:
    app = opened()
    app.session_state["pixels-views"] = {"event": {"n": 1, "scene": {"view": "shift"}}}
    assert scene_of(app.run()).view == "shift"
    app.session_state["pixels-shift"] = {"event": {"n": 2, "scene": {"dx": -7, "dy": 999}}}
    assert (scene_of(app.run()).dx, scene_of(app).dy) == (-7, 0)
    app.session_state["pixels-shift"] = {"event": {"n": 3, "scene": {"mix": "nonsense", "kernel": 5}}}
    assert scene_of(app.run()) == PixelsScene(view="shift", dx=-7)


def test_the_easel_takes_the_picture() -> None:
    app = opened(view="paint")
    app.session_state["pixels-paint"] = {"event": {"n": 1, "from_picture": 12}}
    found = scene_of(app.run())
    assert len(found.cells) == len(found.cells[0]) == 12
    assert found.brush == 255
    assert 0 <= min(map(min, found.cells)) < max(map(max, found.cells)) <= 255
    app.session_state["pixels-paint"] = {"event": {"n": 2, "from_picture": 10**9}}
    assert scene_of(app.run()).cells == found.cells


def test_a_window_becomes_the_input_of_the_step_player() -> None:
    now = PixelsScene(picture="coins")
    fields = pixels_page.piece_of(now, {"row": 120, "col": 70, "rows": 5, "cols": 900})
    player = ConvolutionScene().merged(fields)
    assert (player.source, player.picture, player.piece) == ("picture", "coins", (120, 70))
    assert player.size == (5, LARGEST_INPUT)
    nonsense = pixels_page.piece_of(now, {"row": "x", "col": None, "rows": [], "cols": 1.5})
    assert ConvolutionScene().merged(nonsense).size == ConvolutionScene().size


def test_hidden_controls_are_left_out() -> None:
    app = opened(hide="picker.views.share.try")
    assert not app.exception
    assert not app.button


# what is taken away


def run(code: str, folder: Path, **arrays: Any) -> str:
    """What a program prints, in a folder that holds the files the page hands out."""
    for name, array in arrays.items():
        (folder / f"cnnviz-pixels-{name}.npy").write_bytes(tables.npy_bytes(array))
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "program.py", "exec"), {})
    return printed.getvalue()


def taken(scene: PixelsScene, picture: Picture, language: str, folder: Path) -> str:
    export = export_of(scene, picture, EN)
    return run(export.code[language](), folder, **(export.arrays() if export.arrays else {}))


@pytest.mark.parametrize(("name", "at"), [("colour", (-1, -1)), ("grey", (7, 9)), ("16 bits", (9999, 0))])
def test_the_program_of_the_numbers_view_prints_the_screens_numbers(
    name: str, at: tuple[int, int], tmp_path: Path
) -> None:
    picture = PICTURES[name]
    shape, values, units, *_ = taken(PixelsScene(row=at[0], col=at[1]), picture, "pytorch", tmp_path).splitlines()
    assert shape == f"{picture.pixels.shape} {picture.dtype}"
    sizes = picture.pixels.shape
    row, col = (min(i, size - 1) if i >= 0 else size // 2 for i, size in zip(at, sizes, strict=False))
    expected = np.atleast_1d(picture.pixels[row, col]).astype(float)
    np.testing.assert_allclose(ast.literal_eval(values), np.squeeze(expected))
    np.testing.assert_allclose(ast.literal_eval(units), np.squeeze(expected) / picture.largest, rtol=1e-6)


@pytest.mark.parametrize("language", ["pytorch", "numpy"])
@pytest.mark.parametrize("mix", [((0.299, 0.587, 0.114),), ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (2.0, -1.0, 0.0))])
def test_the_mix_as_a_program(language: str, mix: tuple[tuple[float, ...], ...], tmp_path: Path) -> None:
    code = export_of(PixelsScene(view="channels", mix=mix), CAT, EN).code[language]()
    run(code + '\nnp.save("y.npy", np.asarray(y))\n', tmp_path, input=CAT.pixels)
    y = np.load(tmp_path / "y.npy").reshape(len(mix), CAT.height, CAT.width)
    np.testing.assert_allclose(y, mixed(CAT.tensor(), mix).numpy(), atol=1e-6)


@pytest.mark.parametrize(("tensor", "expected"), [("image", ["18", "19"]), ("weight", ["18", "33"]), ("flat", ["101"])])
def test_the_layout_as_a_program(tensor: str, expected: list[str], tmp_path: Path) -> None:
    scene = PixelsScene(view="layout", tensor=tensor)
    printed = taken(scene, CAT, "pytorch", tmp_path).splitlines()
    if tensor == "flat":
        assert printed == expected
        return
    assert printed[0].startswith(f"{expected[0]} (")
    offset, number = printed[2].split()
    assert number == expected[0]
    second = scene.layouts()[1]
    x = torch.arange(math.prod(scene.sizes)).reshape(scene.sizes)
    memory = x.permute([scene.layouts()[0].axes.index(a) for a in second.axes]).contiguous().flatten()
    assert memory[int(offset)].item() == int(number)


@pytest.mark.parametrize("steps", ["", "u", "us", "uu", "usu", "s", "uss"])
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("name", ["colour", "16 bits"])
def test_normalising_as_a_program_and_never_twice(steps: str, own: bool, name: str, tmp_path: Path) -> None:
    printed = taken(PixelsScene(view="values", steps=steps, own=own), PICTURES[name], "pytorch", tmp_path)
    found = lab.value_reports(PICTURES[name], steps, own)[-1].stage.summary
    expected = [found.minimum, found.maximum, found.mean, found.std]
    assert [float(v) for v in printed.split()] == pytest.approx(expected, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("language", ["pytorch", "numpy"])
def test_the_easel_as_a_program(language: str, tmp_path: Path) -> None:
    printed = taken(PixelsScene(view="paint"), CAT, language, tmp_path)
    assert "8, 8" in printed
    assert printed.split()[-2:] == ["0.0", "9.0"]


def test_the_costs_as_a_program(tmp_path: Path) -> None:
    printed = taken(PixelsScene(view="cost"), CAT, "pytorch", tmp_path)
    assert ast.literal_eval(printed) == {
        "convolution": 224,
        "100 units": 27_000_100,
        "as many outputs": 194_400_720_000,
    }


@pytest.mark.parametrize(("border", "stride", "dy"), [("zeros", 1, 3), ("circular", 1, -2), ("circular", 2, 3)])
def test_the_shift_as_a_program(border: str, stride: int, dy: int, tmp_path: Path) -> None:
    scene = PixelsScene(view="shift", border=border, stride=stride, dy=dy)
    printed = taken(scene, CAT, "pytorch", tmp_path)
    _, test = lab.shift_maps(CAT, scene.kernel, dy, scene.dx, border, stride)
    assert float(printed) == pytest.approx(test.difference.abs().max().item())


def test_latex_has_todays_numbers() -> None:
    layout = export_of(PixelsScene(view="layout"), CAT, EN).code["latex"]()
    assert "0\\cdot 36+1\\cdot 12+1\\cdot 4+2\\cdot 1=18" in layout
    assert "=101" in export_of(PixelsScene(view="layout", tensor="flat"), CAT, EN).code["latex"]()
    grey = export_of(PixelsScene(view="channels", mix=((0.299, 0.587, -0.114),)), CAT, EN).code["latex"]()
    assert "Y &= 0.299\\,R + 0.587\\,G - 0.114\\,B" in grey


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_a_figure_of_every_kind_of_picture_in_both_themes(view: str) -> None:
    app = AppTest.from_function(_draw, kwargs={"view": view}, default_timeout=60).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["PNG"] * 2 * len(PICTURES)


def _draw(view: str) -> None:
    import streamlit as st

    from tests.pages.test_pixels import PICTURES, Theme, figure_kind

    for theme in Theme:
        for name in PICTURES:
            st.text(figure_kind(view, theme, name))


def figure_kind(view: str, theme: Theme, name: str) -> str:
    """The figure of a view as a PNG."""
    drawing = FIGURES[view](PixelsScene(view=view), PICTURES[name], theme, EN)
    return still.png_bytes(drawing, scale=1)[1:4].decode()
