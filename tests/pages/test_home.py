"""The landing page has a card for every page that exists, in every language, with a picture on both grounds."""

from __future__ import annotations

import pytest

from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.ui.home import page_html
from cnnviz.ui.rooms import Room, rooms


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.id)
def test_every_page_has_a_card_with_its_picture(room: Room, lang: str) -> None:
    t = Texts(lang)
    html = page_html(t, lang)
    card = html.split(f"href='{room.id}?lang={lang}'")[1].split("</a>")[0]
    assert t(f"home.cards.{room.id}") in card
    assert t(f"pages.{room.id}.title") in card
    assert card.count("data:image/webp;base64,") == 2
