"""The handout in the share panel: on every page, in every language, made when asked for and outside of the session."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnnviz.core.scenes.shapes import ShapesScene
from cnnviz.i18n import HTML_LANG, LANGUAGES, Texts
from cnnviz.ui import share, share_handout
from cnnviz.ui.rooms import rooms
from tests.media.test_handout import Page

Made = dict[str, Callable[[], str]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """What the download buttons make, by file name; nothing is made yet."""
    files: Made = {}

    def button(label: str, data: Callable[[], str], name: str, mime: str, **more: Any) -> bool:
        assert (mime, more["on_click"]) == ("text/html", "ignore")
        files[name] = data
        return False

    monkeypatch.setattr(st, "download_button", button)
    return files


def elsewhere(make: Callable[[], str]) -> str:
    """What is made where there is no session, as the server makes a download."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(make()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", [room.id for room in rooms()])
def test_every_page_gives_its_handout(page: str, lang: str, made: Made) -> None:
    room = next(room for room in rooms() if room.id == page)
    app = AppTest.from_file(str(room.file), default_timeout=60)
    app.query_params["lang"] = lang
    app.run()
    app.button(key="share-handout").click().run()
    assert not app.exception
    t, text = Texts(lang), elsewhere(made[f"cnnviz-{page}.html"])
    sheet = Page(text)
    assert ("html", {"lang": HTML_LANG[lang]}) in sheet.tags
    for words in (t(f"pages.{page}.title"), t(f"pages.{page}.why"), t("share.handout_notes")):
        assert escape(words) in text
    assert t("pages.pixels.numbers.try" if page == "pixels" else _try(page, t)) in sheet.said("p")
    assert (sheet.count("figure"), sheet.count("script")) == (1, 0)
    assert "import torch" in sheet.said("pre")
    other = Texts("zh" if lang == "en" else "en")
    assert escape(other(f"pages.{page}.why")) not in text
    words_of_figure = sheet.said("text") + sheet.said("tspan")
    assert page == "lenet" or bool(re.search("[一-鿿]", words_of_figure)) == (lang == "zh")


def _try(page: str, t: Texts) -> str:
    first = {"shapes": "axis", "pooling": "steps"}
    return f"pages.{page}.{first[page]}.try" if page in first else f"pages.{page}.try"


def export(now: ShapesScene, **more: Any) -> share.Export:
    return share.Export("shapes", now, **more)


def test_it_says_what_differs_and_in_which_view() -> None:
    now = ShapesScene.from_link({"view": "usage", "hide": "try"})
    found = share_handout.gathered(export(now), Texts("en"), "http://a.org/shapes?view=usage")
    assert dict(found.settings) == now.link() == {"view": "usage", "hide": "try"}
    assert (found.view, found.try_this) == (Texts("en")("shapes.views.usage"), "")
    assert found.code is not None
    assert share_handout.gathered(export(now), Texts("en"), "").code is None


def test_an_address_too_long_for_a_code_is_printed_without() -> None:
    assert share_handout.qr("a" * 3000) is None
    short = share_handout.qr("https://cnn.example/")
    assert short is not None
    assert short.side == 25 + 2 * 2  # version 2 of ISO/IEC 18004 has 25 modules


def test_arrays_have_the_readers_names() -> None:
    found = share_handout.gathered(export(ShapesScene(), arrays=lambda: {"input": np.eye(2)}), Texts("zh"), "")
    assert [name for name, _ in found.arrays] == ["输入"]
