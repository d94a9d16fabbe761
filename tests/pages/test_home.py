"""The landing page has a card for every page that exists, in every language, with a picture on both grounds."""

from __future__ import annotations

import base64

import pytest

from cnnviz.components import delivery
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.ui.home import CARDS, page_html
from cnnviz.ui.rooms import Room, rooms


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.id)
def test_every_page_has_a_card_with_its_picture(room: Room, lang: str, theme: str) -> None:
    t = Texts(lang)
    html = page_html(t, lang, theme)
    card = html.split(f"href='{room.id}?lang={lang}'")[1].split("</a>")[0]
    assert t(f"home.cards.{room.id}") in card
    assert t(f"pages.{room.id}.title") in card
    picture = base64.b64encode((CARDS / f"{room.id}-{theme}.webp").read_bytes()).decode()
    assert f"src='data:image/webp;base64,{picture}'" in card


def test_with_the_launcher_a_card_names_the_address_of_its_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(delivery.STATE, "on", True)
    page_html.cache_clear()
    html = page_html(Texts("en"), "en", "dark")
    page_html.cache_clear()
    assert all(f"src='cards/{room.id}-dark.webp'" in html for room in rooms())
