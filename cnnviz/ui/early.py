"""The landing page's words in the server's first answer: seen at once, before any of Streamlit's scripts has come.

Streamlit then lays the same page beneath, and assets/early.js takes this one away when that is painted. Its links
work meanwhile. A page asked for by name (/kernels) gets Streamlit's own answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route

from cnnviz.core.places import root
from cnnviz.i18n import HTML_LANG, LANGUAGES, Texts, first_guess
from cnnviz.ui.home import page_html

INDEX = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
SCRIPT = f"<script>{(root() / 'assets' / 'early.js').read_text('utf-8')}</script>"


async def landing(request: Request) -> HTMLResponse:
    """Streamlit's answer to "/", with the landing page in it unless the link asks for bare walls."""
    asked = dict(parse_qsl(request.url.query))
    lang = asked.get("lang", "")
    if lang not in LANGUAGES:
        lang = first_guess(re.split("[,;]", request.headers.get("accept-language", ""))[0])
    bare = {"present", "embed"} & asked.keys()
    return HTMLResponse(INDEX if bare else document(lang), headers={"cache-control": "no-cache"})


async def home(request: Request) -> RedirectResponse:
    """The landing page asked for by its name, which Streamlit keeps for the empty path."""
    query = request.url.query
    return RedirectResponse("./" + (f"?{query}" if query else ""))


@lru_cache(maxsize=4)
def document(lang: str) -> str:
    """Streamlit's page in `lang`, the landing page before its empty root.

    >>> text = document("en")
    >>> text.index("class='home") < text.index('<div id="root">'), "<html lang=\\"en\\">" in text
    (True, True)
    """
    style = f"<style>{_font()}{(root() / 'assets' / 'early.css').read_text('utf-8')}</style>"
    early = f'<div id="early">{style}<main>{page_html(Texts(lang), lang, "light")}</main></div>{SCRIPT}'
    page = INDEX.replace('<html lang="en">', f'<html lang="{HTML_LANG[lang]}">').replace(
        "<title>Streamlit", "<title>cnnviz"
    )
    return page.replace('<div id="root">', f'{early}<div id="root">')


def _font() -> str:
    """The face Streamlit will use, from the file its page already asks for."""
    found = re.search(r'href="([^"]+\.woff2)"', INDEX)
    source = f"src: url({found[1]}) format('woff2');" if found else ""
    return f"@font-face {{ font-family: 'Source Sans'; font-weight: 200 900; font-display: swap; {source} }}\n"


ROUTES = [] if st.get_option("server.baseUrlPath") else [Route("/", landing), Route("/home", home)]
