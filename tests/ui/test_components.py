"""Browser parts: the loader that makes one module of several files, the value their data travels in."""

from __future__ import annotations

import base64
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st

from cnnviz import components
from cnnviz.components import delivery, inlined, part_names, payload
from cnnviz.components.store import keep
from tests.fixtures import check_fixture


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder / "main.js"


def test_imports_are_replaced_by_the_files_themselves_once_each(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        main='import { a } from "./a.js";\nimport { b,\n  c } from "./b.js";\nexport default function () { a(b); }\n',
        a='import { b } from "./b.js";\nexport function a(x) { return x; }\n',
        b="export const b = 1;\nexport const c = 2;\n",
    )
    text = inlined(main)
    assert "import" not in text
    assert text.count("const b = 1;") == 1
    assert text.index("const b = 1;") < text.index("function a(x)") < text.index("export default")
    assert text.count("export") == 1


def test_files_that_import_each_other_end(tmp_path: Path) -> None:
    main = write(
        tmp_path, main='import { a } from "./a.js";\nexport const m = 1;\n', a='import { m } from "./main.js";\n'
    )
    assert inlined(main).count("const m = 1;") == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.js"):
        inlined(write(tmp_path, main='import { a } from "./gone.js";\n'))


def test_markup_that_two_parts_share_is_written_once(tmp_path: Path) -> None:
    (tmp_path / "head.html").write_text("<section>\n", "utf-8")
    main = tmp_path / "main.html"
    main.write_text('<!-- import "./head.html" -->\n  <p></p>\n</section>\n', "utf-8")
    assert inlined(main) == "<section>\n  <p></p>\n</section>\n"
    for name in ("player", "pool_player"):
        html = components.texts_of(name).html or ""
        assert "import" not in html
        assert [html.count(place) for place in ("at-input", "at-kernel", "at-output")] == [1, 1, 1]


def test_a_parts_style_begins_with_the_shared_one() -> None:
    html, css, script = components.texts_of("shell")
    assert html is not None
    assert 'class="bar"' in html
    assert css.index(":host") < css.index(".bar")
    assert "function claimKeys" in script
    assert "export default" in script


def test_a_part_is_placed_with_its_data_and_its_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def component(name: str, **texts: Any) -> Any:
        seen["name"] = name
        return lambda **given: seen.update(given)

    monkeypatch.setattr(st.components.v2, "component", component)
    keep("digest", "store-picture", picture=np.zeros((2, 3), np.uint8))
    assert seen["name"] == "cnnviz_store"
    assert seen["key"] == "store-picture"
    assert callable(seen["on_event_change"])
    assert isinstance(seen["data"], bytes)


def test_a_view_has_the_style_of_its_page_between_the_house_and_its_own() -> None:
    css = components.texts_of("pixels_paint").css
    own = (components.HERE / "pixels_paint" / "pixels_paint.css").read_text("utf-8").partition("\n")[2]
    assert "@import" not in css
    assert css.index("--accent") < css.index(".chips {") < css.index(own)


@pytest.mark.parametrize("name", part_names())
def test_what_travels_with_every_change_is_small(name: str) -> None:
    texts = components.texts_of(name)
    sent = delivery.sent(name, texts)
    assert sent.html == texts.html
    assert len(sent.css) + len(sent.js) < 1000
    assert f"/parts/{delivery.version()}/{name}.js" in sent.js


def test_without_the_launcher_a_part_brings_its_own_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def component(name: str, **texts: Any) -> Any:
        seen.append(texts)
        return lambda **given: None

    monkeypatch.setattr(st.components.v2, "component", component)
    for on in (False, True):
        monkeypatch.setitem(delivery.STATE, "on", on)
        components.mount("shell", key="shell", data={})
    assert seen[0] == components.texts_of("shell")._asdict()
    assert seen[1] == delivery.sent("shell", components.texts_of("shell"))._asdict()


ARRAYS: dict[str, np.ndarray[Any, Any]] = {
    "uint8": np.array([[0, 255, 7]], np.uint8),
    "int8": np.array([-128, 127], np.int8),
    "uint16": np.array([0, 65535, 1], np.uint16),
    "int16": np.array([-32768, 32767], np.int16),
    "int32": np.array([-(2**31), 2**31 - 1], np.int32),
    "float32": np.array([[1.5, -0.25], [3.4e38, 1e-45]], np.float32),
    "float64": np.array([[[1 / 3, -1e308]]], np.float64),
    "empty": np.zeros((0, 4), np.float32),
}
HEADER = {"title": "卷积核 “kernel”", "size": [2, 3], "bias": -0.5, "none": None, "flip": False}


def test_the_fixture_of_the_javascript_test_is_what_is_packed() -> None:
    arrays = {
        n: {"dtype": a.dtype.name, "shape": list(a.shape), "values": a.ravel().tolist()} for n, a in ARRAYS.items()
    }
    packed = base64.b64encode(payload.pack(HEADER, **ARRAYS)).decode()
    check_fixture("payload", {"header": HEADER, "arrays": arrays, "packed": packed})


def test_a_view_with_gaps_is_packed_as_its_numbers() -> None:
    whole = np.arange(24, dtype=np.float32).reshape(4, 6)
    assert payload.pack({}, a=whole[::2, ::3].T) == payload.pack({}, a=np.array([[0, 12], [3, 15]], np.float32))


@pytest.mark.parametrize("dtype", ["int64", "uint32", "float16", "bool", "complex64", "object"])
def test_what_the_browser_cannot_read_is_refused_by_name(dtype: str) -> None:
    with pytest.raises(ValueError, match=f"`picture` has dtype {dtype}; the browser reads uint8"):
        payload.pack({}, picture=np.zeros(2, dtype))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_header_that_would_stop_the_part_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        payload.pack({"bias": value})


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="are more than the"):
        payload.pack({}, a=np.zeros(payload.LARGEST + 8, np.uint8))


def test_arrays_may_hold_nan_and_infinity() -> None:
    assert payload.pack({}, a=np.array([np.nan, np.inf], np.float32))
