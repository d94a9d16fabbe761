"""The landing page, as plain HTML: no Plotly, no torch, painted with the page itself."""

from __future__ import annotations

import base64
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from cnnviz.components import delivery
from cnnviz.core.places import root
from cnnviz.i18n import Texts
from cnnviz.ui import state
from cnnviz.ui.rooms import rooms

CARDS = root() / "assets" / "images" / "cards"


def show() -> None:
    """Headline, button and cards."""
    t, lang = state.texts(), state.preferences().lang
    st.html(page_html(t, lang, "dark" if st.context.theme.type == "dark" else "light"))


@lru_cache(maxsize=4)
def page_html(t: Texts, lang: str, theme: str) -> str:
    """The whole page in one language; links keep the language in the address."""
    start = f"kernels?picture=cat&kernel=sobel_x&lang={lang}"
    cards = "".join(_card(room.id, t, lang, theme) for room in rooms())
    style = (root() / "assets" / "home.css").read_text("utf-8")
    return (
        f"<style>{style}</style><div class='home {theme}'><h1>{escape(t('home.headline'))}</h1>"
        f"<p class='breath'>{escape(t('home.breath'))}</p>"
        f"<a class='start' target='_self' href='{start}'>{escape(t('home.start'))}</a>"
        f"<div class='cards'>{cards}</div><p class='offline'>{escape(t('home.offline'))}</p></div>"
    )


def _card(page: str, t: Texts, lang: str, theme: str) -> str:
    return (
        f"<a class='card' target='_self' href='{page}?lang={lang}'>{_picture(page, theme)}"
        f"<span class='name'>{escape(t(f'pages.{page}.title'))}</span>"
        f"<span class='line'>{escape(t(f'home.cards.{page}'))}</span></a>"
    )


def _picture(page: str, theme: str) -> str:
    """The page's picture of itself, fetched after the words are there."""
    path = CARDS / f"{page}-{theme}.webp"
    return f"<img alt='' width='480' height='270' loading='lazy' decoding='async' src='{_source(path)}'>"


def _source(path: Path) -> str:
    """The address the launcher gives to a card's picture; without the launcher the picture itself."""
    if delivery.on():
        return f"cards/{path.name}"
    return f"data:image/webp;base64,{base64.b64encode(path.read_bytes()).decode()}"
