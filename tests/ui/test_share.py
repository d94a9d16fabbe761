"""The panel "this screen as ...": what it offers, and that every file it hands out opens and says the same."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import av
import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz.core.rules import Whole
from cnnviz.core.scene import Scene, field
from cnnviz.figures.drawing import Drawing, Rect
from cnnviz.i18n import Texts
from cnnviz.ui import share, state


@dataclass(frozen=True)
class Room(Scene):
    """A page's state for these tests."""

    PAGE = "kernels"
    HIDEABLE = ("share",)

    stride: int = field(Whole(1, 8), 1)


OUTPUT = np.array([[1.5, -2.0], [0.1, 1e-9]], np.float32)


def drawing(theme: str, filled: int = 0) -> Drawing:
    ground, cell = ("#0f1014", "#7db0ff") if theme == "dark" else ("#ffffff", "#0b57d0")
    return Drawing(80, 40, ground, tuple(Rect(10 + 20 * i, 10, 16, 16, fill=cell) for i in range(filled)))


def full(now: Scene) -> share.Export:
    """Everything a page can offer."""
    return share.Export(
        page="kernels",
        scene=now,
        code={"pytorch": lambda: "import torch", "latex": lambda: r"\sum"},
        arrays=lambda: {"input": OUTPUT.T, "output": OUTPUT},
        figure=lambda theme: drawing(theme, 2),
        frames=lambda theme: [drawing(theme, n) for n in range(3)],
        frames_per_second=2.0,
    )


def script() -> None:
    import streamlit as st

    from cnnviz.ui import share, state
    from tests.ui import test_share

    now = state.scene(test_share.Room)
    share.panel(test_share.full(now) if st.session_state.get("all", True) else share.Export("kernels", now))


def opened(name: str = "", **params: str) -> AppTest:
    """The page, with the dialog `name` open."""
    app = AppTest.from_function(script)
    for key, value in params.items():
        app.query_params[key] = value
    app.run()
    if name:
        app.button(key=f"share-{name}").click().run()
    assert not app.exception
    return app


def test_it_offers_what_the_page_has_and_no_more() -> None:
    assert [b.key for b in opened().button] == [
        f"share-{name}" for name in ("link", "pytorch", "latex", "tables", "picture", "film", "handout")
    ]
    app = AppTest.from_function(script)
    app.session_state["all"] = False
    assert [b.key for b in app.run().button] == ["share-link", "share-handout"]


def test_a_link_may_take_the_panel_away() -> None:
    assert len(opened(hide="share").button) == 0


def test_its_words_are_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(lang="zh").button(key="share-film").label == "GIF · MP4"
    assert opened(lang="zh").button(key="share-link").label == "链接 · 二维码"


def test_the_link_carries_the_scene_and_not_the_readers_language() -> None:
    assert opened("link", lang="zh", stride="3").code[0].value.endswith("/kernels?stride=3")
    assert opened("link").code[0].value.endswith("/kernels")


def test_the_link_begins_with_the_address_the_reader_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "origin", lambda: "https://cnn.example:8443")
    monkeypatch.setattr(state, "query", lambda scene, own: "stride=3")
    assert share.link_of(share.Export("kernels", Room(stride=3))) == "https://cnn.example:8443/kernels?stride=3"


def test_a_link_that_is_too_long_for_a_code_says_so() -> None:
    assert unquote(share.qr_image("https://cnn.example/kernels?stride=2")).startswith("data:image/svg+xml;")
    assert share.qr_image("x" * 3000) == ""


def test_programs_are_shown_as_they_are() -> None:
    assert [code.value for code in opened("pytorch").code] == ["import torch"]
    assert [code.value for code in opened("latex").code] == [r"\sum"]


def test_an_open_dialog_stays_over_a_run_and_only_one_is_open() -> None:
    app = opened("pytorch")
    assert app.run().code[0].value == "import torch"
    app.button(key="share-latex").click().run()
    assert [code.value for code in app.code] == [r"\sum"]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The files behind the download buttons of an open dialog, by name, made as a click makes them."""
    files: dict[str, bytes] = {}

    def button(label: str, data: bytes | str | Callable[[], bytes], name: str, mime: str, **more: Any) -> bool:
        assert more["on_click"] == "ignore"  # else the file races its own rerun
        made = data() if callable(data) else data
        files[name] = made.encode() if isinstance(made, str) else made
        return False

    monkeypatch.setattr(st, "download_button", button)
    monkeypatch.setattr(st.delta_generator.DeltaGenerator, "download_button", lambda self, *a, **k: button(*a, **k))
    return files


def test_tables_read_back_as_the_same_numbers(downloads: dict[str, bytes]) -> None:
    opened("tables")
    assert set(downloads) == {f"cnnviz-kernels-{n}.{kind}" for n in ("input", "output") for kind in ("csv", "npy")}
    back = np.load(io.BytesIO(downloads["cnnviz-kernels-output.npy"]), allow_pickle=False)
    assert back.dtype == OUTPUT.dtype
    assert np.array_equal(back, OUTPUT)
    rows = np.loadtxt(io.BytesIO(downloads["cnnviz-kernels-output.csv"]), delimiter=",", comments="#")
    assert np.array_equal(np.atleast_2d(rows)[-2:].astype(np.float32), OUTPUT)


def test_the_picture_is_a_png_of_twice_the_size_and_an_svg(downloads: dict[str, bytes]) -> None:
    opened("picture")
    with Image.open(io.BytesIO(downloads["cnnviz-kernels.png"])) as png:
        assert png.size == (160, 80)
        assert png.convert("RGB").getpixel((30, 30)) == (0x0B, 0x57, 0xD0)
    assert downloads["cnnviz-kernels.svg"].lstrip().startswith(b"<svg")


def test_films_open_and_hold_every_step(downloads: dict[str, bytes]) -> None:
    opened("film")
    assert set(downloads) == {f"cnnviz-kernels.{kind}" for kind in ("gif", "webp", "mp4")}
    for kind in ("gif", "webp"):
        with Image.open(io.BytesIO(downloads[f"cnnviz-kernels.{kind}"])) as film:
            assert film.n_frames == 3, kind
            assert film.size == (80, 40)
    with av.open(io.BytesIO(downloads["cnnviz-kernels.mp4"])) as film:
        assert sum(1 for _ in film.decode(video=0)) >= 3


def test_the_handout_carries_the_link_and_says_where_it_opens(
    downloads: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "origin", lambda: "http://localhost:8501")
    app = opened("handout", stride="3")
    text = downloads["cnnviz-kernels.html"].decode()
    assert '<a href="http://localhost:8501/kernels?stride=3">' in text
    assert "stride = 3" in text
    assert [c.value for c in app.caption] == [Texts("en")("share.handout_localhost")]


def test_the_qr_code_is_an_image_no_filter_takes_away() -> None:
    head, _, body = share.qr_image("https://cnn.example/").partition(",")
    text = base64.b64decode(body).decode() if head.endswith("base64") else unquote(body)
    assert text.startswith("<svg")
    assert "script" not in text
