"""The picture picker in Streamlit's own test runner: what a reader brings, what a link names, what stays."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz.components.payload import pack
from cnnviz.core.image_errors import MAX_BYTES
from cnnviz.core.images import picture_from_pixels
from cnnviz.core.samples import SAMPLES, Kind
from cnnviz.core.scene import Scene, field
from cnnviz.core.scenes import PICTURE_RULE
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.ui import pictures, state


@dataclass(frozen=True)
class Easel(Scene):
    """A page with a picture, for these tests."""

    PAGE = "easel"
    HIDEABLE = ("picker",)

    picture: str = field(PICTURE_RULE, "cat")


@dataclass(frozen=True)
class Wall(Scene):
    """Another one."""

    PAGE = "wall"
    HIDEABLE = ("picker",)

    picture: str = field(PICTURE_RULE, "coins")


def script() -> None:
    """A page: a file sent by the test is taken as the part's trigger would be, then the picker, then what came out."""
    import streamlit as st

    from cnnviz.ui import pictures, state
    from tests.pages.test_pictures import Easel, Wall

    kind = Wall if state.recall("wall") else Easel
    if (data := state.recall("file")) is not None:
        state.remember("file", None)
        pictures.take(kind, data)
    shown = pictures.picker(kind)
    st.text(f"{state.scene(kind).picture} {shown.height}x{shown.width}")
    st.text(pictures._fault_sentence())
    st.text(pictures.notes_line(state.texts(), shown))


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A picture store of the test's own."""
    monkeypatch.setenv("CNNVIZ_CACHE", str(tmp_path))
    pictures.store.cache_clear()
    yield
    pictures.store.cache_clear()


def opened(**params: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def brings(app: AppTest, data: bytes) -> AppTest:
    app.session_state["kept.file"] = data
    return app.run()


def said(app: AppTest) -> list[str]:
    assert not app.exception
    return [text.value for text in app.text]


def png(size: tuple[int, int] = (6, 4), mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, how.pop("colour", "red")).save(out, "PNG", **how)
    return out.getvalue()


BAD: dict[str, tuple[bytes, str]] = {
    "zero bytes": (b"", "empty_file"),
    "text called .png": (b"hello, this is no picture", "not_a_picture"),
    "truncated": (png((300, 300))[:200], "damaged"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
    "heic": (b"\x00\x00\x00\x18ftypheic" + bytes(64), "heic"),
    "pdf": (b"%PDF-1.7 ...", "other_format"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_bad_file_gets_its_sentence_and_the_old_picture_stays(name: str, lang: str) -> None:
    data, code = BAD[name]
    app = brings(opened(picture="coins", lang=lang), data)
    shown, fault, _ = said(app)
    assert shown.startswith("coins ")
    expected = Texts(lang)(f"image_errors.{code}")
    assert fault == (expected.format(format="PDF") if code == "other_format" else expected)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = png((30000, 30000), "1", colour=0)
    assert len(bomb) < 200_000
    shown, fault, _ = said(brings(opened(), bomb))
    assert shown.startswith("cat ")
    assert "900" in fault


def test_an_own_picture_is_found_again_by_its_link_in_another_session_and_after_a_restart() -> None:
    mine = brings(opened(), png((6, 4)))
    shown, fault, _ = said(mine)
    name = shown.split()[0]
    assert name.startswith("up-")
    assert shown.endswith("4x6")
    assert fault == ""
    pictures.store.cache_clear()  # a new server process: memory empty, the folder is still there
    assert said(opened(picture=name))[0] == shown


def test_a_picture_that_is_gone_is_said_and_the_default_shown() -> None:
    shown, fault, _ = said(opened(picture="up-" + "0" * 32))
    assert shown.startswith("cat ")
    assert fault == Texts("en")("pictures.gone")


def test_an_unknown_sample_in_a_link_is_the_default_without_a_word() -> None:
    assert said(opened(picture="no_such_sample"))[:2] == ["cat 300x300", ""]
    assert said(opened(picture="../../etc/passwd"))[:2] == ["cat 300x300", ""]


def test_the_fault_follows_the_language_and_goes_with_the_next_good_picture() -> None:
    app = brings(opened(), b"")
    app.session_state["preferences"] = state.Preferences("zh", True)
    assert said(app.run())[1] == Texts("zh")("image_errors.empty_file")
    assert said(brings(app, png()))[1] == ""


def test_what_was_done_to_the_file_is_said_in_one_line() -> None:
    see_through = io.BytesIO()
    Image.new("RGBA", (2000, 10), (0, 0, 0, 0)).save(see_through, "PNG")
    notes = said(brings(opened(), see_through.getvalue()))[2]
    assert notes == "transparent parts laid on white · scaled down from 2000 × 10 by area averaging"


@pytest.mark.parametrize("size", [(1, 1), (20000, 3)])
def test_the_smallest_and_the_longest_picture_are_taken(size: tuple[int, int]) -> None:
    shown, fault, _ = said(brings(opened(), png(size)))
    assert shown.startswith("up-")
    assert fault == ""


def test_a_sample_is_chosen_by_the_part_and_what_it_makes_up_is_not() -> None:
    app = opened()
    app.session_state["pictures-easel"] = {"event": {"n": 1, "scene": {"picture": "zone_plate"}}}
    assert said(app.run())[0].startswith("zone_plate ")
    app.session_state["pictures-easel"] = {"event": {"n": 2, "scene": {"picture": "<b>"}}}
    assert said(app.run())[0].startswith("zone_plate ")
    app.session_state["pictures-easel"] = {"event": {"n": 3, "scene": {"picture": "unheard_of"}}}
    assert said(app.run())[0].startswith("zone_plate ")


def test_the_picture_goes_with_the_reader_to_a_page_not_seen_before_and_is_its_own_afterwards() -> None:
    app = opened()
    app.session_state["pictures-easel"] = {"event": {"n": 1, "scene": {"picture": "moon"}}}
    app.run()
    app.session_state["kept.wall"] = True
    assert said(app.run())[0].startswith("moon ")
    app.session_state["pictures-wall"] = {"event": {"n": 5, "scene": {"picture": "grass"}}}
    assert said(app.run())[0].startswith("grass ")
    app.session_state["kept.wall"] = False
    assert said(app.run())[0].startswith("moon ")


def test_a_link_to_a_page_is_stronger_than_the_picture_of_another() -> None:
    assert said(opened(picture="star"))[0].startswith("star ")


@pytest.mark.parametrize(
    ("offer", "fault"),
    [
        ({"n": 1, "size": MAX_BYTES + 1}, "20"),
        ({"n": 1, "size": 10, "data": "not base64!"}, "damaged"),
        ({"n": 1, "size": 0, "data": ""}, "empty"),
    ],
)
def test_what_the_browser_offers_is_checked(offer: dict[str, Any], fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said_codes: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(state, "triggered", lambda key, name: offer)
    monkeypatch.setattr(state, "remember", lambda name, value: said_codes.append((name, value)))
    pictures._take_file(Easel, "pictures-easel")
    code, values = next(value for name, value in said_codes if name == "pictures.fault")
    assert fault in Texts("en")(f"image_errors.{code}", **values)


def test_a_file_arrives_as_base64(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bytes] = []
    offer = {"n": 1, "size": 3, "data": base64.b64encode(b"abc").decode()}
    monkeypatch.setattr(state, "triggered", lambda key, name: offer)
    monkeypatch.setattr(state, "remember", lambda name, value: None)
    monkeypatch.setattr(pictures, "take", lambda kind, data: taken.append(data))
    pictures._take_file(Easel, "pictures-easel")
    assert taken == [b"abc"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_gallery_has_every_sample_in_the_order_of_its_sheet(lang: str) -> None:
    groups = pictures._groups(Texts(lang))
    assert [card["id"] for group in groups for card in group["samples"]] == [record.id for record in SAMPLES]
    assert len(groups) == len(Kind)
    assert all(card["name"] and card["line"] for group in groups for card in group["samples"])


def test_the_part_can_be_given_all_this() -> None:
    t = Texts("zh")
    header = {"texts": t.table("pictures"), "groups": pictures._groups(t), "few": [pictures._card(t, "cat")]}
    assert pack(header, sheet=np.zeros(3, np.uint8))


def test_two_pictures_of_the_same_pixels_are_one_link() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    first, second = (pictures.store().put(picture_from_pixels(pixels)) for _ in range(2))
    assert first == second
