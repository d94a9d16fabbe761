"""The panel "this screen as ...", the same on every page: link and QR code, programs, tables, pictures, films, handout.

A page hands over an Export whose parts are computed only when a reader asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import segno
import streamlit as st

from cnnviz.figures.svg import to_svg
from cnnviz.media import animation, still, tables
from cnnviz.ui import share_handout, state
from cnnviz.ui.exported import Export as Export

OPEN = "share.open"  # which dialog is open: it is drawn again on every run, or a late message of a part would close it
CODE_LANGUAGE = {"pytorch": "python", "numpy": "python", "keras": "python", "latex": "latex"}
BYTES = "application/octet-stream"
FILM_TYPES = {"gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4"}


def panel(export: Export) -> None:
    """The row of buttons; each opens a dialog, so nothing on the page moves."""
    t = state.texts()
    if not export.scene.shows("share"):
        return
    with st.container(key="share-panel", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f"<span class='share-label'>{t('share.this_screen_as')}</span>", width="content")
        for name in _offers(export):
            if st.button(t(f"share.{name}"), key=f"share-{name}", type="secondary"):
                state.remember(OPEN, (export.page, name))
    page, name = state.recall(OPEN) or ("", "")
    if page == export.page and name in _offers(export):
        _open(export, name)
    else:
        _close()


def _offers(export: Export) -> list[str]:
    offers = ["link", *export.code]
    offers += ["tables"] if export.arrays else []
    offers += ["picture"] if export.figure else []
    offers += ["film"] if export.frames else []
    return [*offers, "handout"]


def _open(export: Export, name: str) -> None:
    show: Callable[[Export], None] = SHOWN.get(name, lambda e: _code(e, name))
    title = state.texts()(f"share.{name}")
    st.dialog(title, width="large", on_dismiss=_close)(show)(export)


def _close() -> None:
    state.remember(OPEN, None)


def link_of(export: Export) -> str:
    """The address that shows exactly this to anyone who can reach this server."""
    query = state.query(export.scene, own=False)
    return f"{state.origin()}/{export.page}" + (f"?{query}" if query else "")


def qr_image(text: str) -> str:
    """A QR code as an SVG data URI, black on white in both themes so that every phone reads it; "" if it is too long.

    >>> qr_image("a" * 3000), qr_image("a")[:19]
    ('', 'data:image/svg+xml;')
    """
    try:
        code = segno.make(text, error="l", micro=False)
    except segno.encoder.DataOverflowError:
        return ""
    return str(code.svg_data_uri(scale=6, border=3, light="#ffffff"))


def _link(export: Export) -> None:
    t, address = state.texts(), link_of(export)
    st.write(t("share.link_why"))
    st.code(address, language=None, wrap_lines=True)
    code = qr_image(address)
    if code:
        st.html(f"""<div class="qr"><img alt="{t("share.qr")}" src="{code}"></div>""")
    else:
        st.write(t("share.qr_too_long"))
    _only_here(address, "share.localhost")


def _code(export: Export, name: str) -> None:
    t = state.texts()
    st.write(t(f"share.{name}_why"))
    text = export.code[name]()
    st.code(text, language=CODE_LANGUAGE[name], wrap_lines=True, height=440)
    _loaded(export, text)


def _loaded(export: Export, program: str) -> None:
    """The files a program loads, each to be downloaded under the name it loads."""
    arrays = export.arrays() if export.arrays and ".npy" in program else {}
    npy = {name: partial(tables.npy_bytes, array) for name, array in arrays.items()}
    for file in dict.fromkeys(re.findall(r"[\w-]+\.(?:npy|safetensors)", program)):
        name = file.removeprefix(f"cnnviz-{export.page}-").removesuffix(".npy")
        made = export.files.get(file) or npy.get(name)
        if made is not None:
            st.download_button(state.texts()("share.loads", file=file), made, file, BYTES, on_click="ignore")


def _tables(export: Export) -> None:
    t = state.texts()
    st.write(t("share.tables_why"))
    assert export.arrays is not None
    for name, array in export.arrays().items():
        left, middle, right = st.columns([3, 1, 1], vertical_alignment="center")
        left.write(f"**{t(f'share.array_{name}')}** {' × '.join(map(str, array.shape))} {array.dtype}")
        stem = f"cnnviz-{export.page}-{name}"
        csv, npy = partial(tables.csv_bytes, array), partial(tables.npy_bytes, array)  # made when asked for
        middle.download_button("CSV", csv, f"{stem}.csv", "text/csv", key=f"csv-{name}", on_click="ignore")
        right.download_button("NPY", npy, f"{stem}.npy", BYTES, key=f"npy-{name}", on_click="ignore")


def _theme() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"


def _picture(export: Export) -> None:
    t = state.texts()
    assert export.figure is not None
    drawing = export.figure(_theme())
    svg, png = to_svg(drawing), still.png_bytes(drawing, scale=2)
    st.image(png, caption=t("share.picture_why"))
    with st.container(horizontal=True):
        st.download_button("PNG 2×", png, f"cnnviz-{export.page}.png", "image/png", on_click="ignore")
        st.download_button("SVG", svg, f"cnnviz-{export.page}.svg", "image/svg+xml", on_click="ignore")


def _film(export: Export) -> None:
    t, theme = state.texts(), _theme()
    st.write(t("share.film_why"))
    make = export.frames
    assert make is not None
    with st.container(horizontal=True):
        for kind, mime in FILM_TYPES.items():

            def film(kind: str = kind) -> bytes:
                return animation.encode(make(theme), kind, fps=export.frames_per_second)

            name = f"cnnviz-{export.page}.{kind}"
            st.download_button(kind.upper(), film, name, mime, key=f"film-{kind}", on_click="ignore")


def _handout(export: Export) -> None:
    t, address = state.texts(), link_of(export)
    share_handout.dialog(export, t, address)
    _only_here(address, "share.handout_localhost")


def _only_here(address: str, said: str) -> None:
    """Tell the reader, in the words behind `said`, where nobody else can open the address."""
    if "localhost" in address or "127.0.0.1" in address:
        st.caption(state.texts()(said))


SHOWN = {"link": _link, "tables": _tables, "picture": _picture, "film": _film, "handout": _handout}
"""What a dialog shows; every other offer is a program."""
