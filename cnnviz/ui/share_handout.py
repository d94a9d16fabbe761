"""The handout of the share panel: gathers what a page's Export, its texts and its link say, for media/handout.py."""

from __future__ import annotations

from dataclasses import fields
from functools import partial

import segno
import streamlit as st

from cnnviz.core.scene import Scene
from cnnviz.figures.svg import to_svg
from cnnviz.i18n import HTML_LANG, Texts
from cnnviz.media.handout import Code, Handout, Words, html
from cnnviz.ui.exported import Export


def dialog(export: Export, t: Texts, address: str) -> None:
    """What the handout is, and the button that makes it."""
    st.write(t("share.handout_why"))
    # made when asked for, then outside of the reader's session: everything it needs goes along
    made, name = partial(html_of, export, t, address), f"cnnviz-{export.page}.html"
    st.download_button(t("share.handout_get"), made, name, "text/html", key="handout-html", on_click="ignore")


def html_of(export: Export, t: Texts, address: str) -> str:
    """The page's handout as one HTML file; without an `address` it names none."""
    return html(gathered(export, t, address))


def gathered(export: Export, t: Texts, address: str) -> Handout:
    """Everything the handout of this page holds."""
    head = f"pages.{export.page}"
    return Handout(
        lang=HTML_LANG[t.lang],
        title=t(f"{head}.title"),
        why=t(f"{head}.why"),
        words=Words(**{word.name: t(f"share.handout_{word.name}") for word in fields(Words)}),
        term=_first(t, f"{head}.term"),
        view=_view_name(export, t),
        address=address,
        code=qr(address) if address else None,
        settings=tuple(export.scene.link().items()),
        figure=to_svg(export.figure("light")) if export.figure else "",
        arrays=[(t(f"share.array_{name}"), array) for name, array in export.arrays().items()] if export.arrays else (),
        worked=export.code["latex"]() if "latex" in export.code else "",
        program=export.code["pytorch"]() if "pytorch" in export.code else "",
        try_this=try_this(export.page, export.scene, t),
    )


def try_this(page: str, now: Scene, t: Texts) -> str:
    """The page's one thing to try, or its view's; "" where the link takes it away.

    >>> from cnnviz.core.scenes.shapes import ShapesScene
    >>> try_this("shapes", ShapesScene(view="padding"), Texts("en")) == Texts("en")("pages.shapes.padding.try")
    True
    """
    view = getattr(now, "view", "")
    return _first(t, f"pages.{page}.{view}.try", f"pages.{page}.try") if now.shows("try") else ""


def qr(address: str) -> Code | None:
    """The QR code of an address; None where it is too long for any."""
    try:
        code = segno.make(address, error="l", micro=False)
    except segno.encoder.DataOverflowError:
        return None
    quiet = 2
    return Code(str(code.svg_inline(border=quiet, omitsize=True)), int(code.symbol_size(border=quiet)[0]))


def _view_name(export: Export, t: Texts) -> str:
    """The name of the view on the screen; "" on a page that has one only."""
    page, view = export.page, getattr(export.scene, "view", "")
    tabs = {f"{page}.views.label": f"{page}.views.{view}", f"{page}.views_label": f"{page}.view_{view}"}
    return _first(t, *(name for label, name in tabs.items() if t.has(label)))


def _first(t: Texts, *keys: str) -> str:
    return next((t(key) for key in keys if t.has(key)), "")
