"""The picture picker every page uses: samples, upload, paste, drop and camera in; a `Picture` out.

The scene's field `picture` is the truth. A reader's own picture goes to the picture store and becomes `up-<digest>`,
so that its link opens in another browser and after a restart.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from cnnviz.components import pictures as part
from cnnviz.core.contact_sheet import contact_sheet
from cnnviz.core.image_errors import MAX_BYTES, ImageError
from cnnviz.core.images import WORKING_SIDE, Note, Picture, read_picture
from cnnviz.core.picture_store import PictureStore
from cnnviz.core.samples import SAMPLES, Kind, sample
from cnnviz.core.scene import Scene
from cnnviz.i18n import Texts
from cnnviz.ui import parts, state

FEW = ("cat", "zone_plate", "text")
"""The samples that stand on the row itself; the gallery behind "More" has them all."""

OWN = "up-"
THUMB_DENSITY = 2  # sharp on dense screens


@lru_cache(maxsize=1)
def store() -> PictureStore:
    """The shelf of readers' pictures, one for the server."""
    return PictureStore()


def picker(kind: type[Scene], *, few: Sequence[str] = FEW, looked_at: Callable[[], bool] = lambda: True) -> Picture:
    """Place the row and return the picture of the page's scene; its field `picture` follows what the reader does.

    On a page that may show something else (a drawing) the picture is marked only where it is `looked_at`, which is
    asked once what the reader did is known.
    """
    key = f"pictures-{kind.PAGE}"
    _follow(kind, key)
    picture = current(kind)
    t, chosen = state.texts(), _chosen(kind) if looked_at() else ""
    header = {
        "texts": t.table("pictures"),
        "picture": chosen,
        "own": chosen.startswith(OWN),
        "few": [_card(t, name) for name in few],
        "groups": _groups(t),
        "notes": notes_line(t, picture),
        "fault": _fault_sentence(),
        "done": state.recall("pictures.done", 0),
    }
    sheet = contact_sheet(part.THUMB_SIDE * THUMB_DENSITY) if state.recall("pictures.gallery", False) else None
    part.row(key=key, header=header, sheet=sheet, on_file=partial(_take_file, kind, key))
    return picture


def beside_title(
    page: str, kind: type[Scene], *, few: Sequence[str] = FEW, looked_at: Callable[[], bool] = lambda: True
) -> Picture:
    """The page's head: title and reason on the left, the picker on the right, beneath each other on a phone."""
    with st.container(key="page-head"):
        left, right = st.columns([1, 1], vertical_alignment="bottom")
    with right:
        shown = state.scene(kind).shows("picker")
        picture = picker(kind, few=few, looked_at=looked_at) if shown else current(kind)
    with left:
        parts.header(page, state.scene(kind))
    return picture


def head(page: str, kind: type[Scene], *, with_picker: bool) -> Picture:
    """The head of a page that shows the picture in some of its views only; returns the picture in any case."""
    if with_picker:
        return beside_title(page, kind)
    picture = current(kind)
    with st.container(key="page-head"):
        parts.header(page, state.scene(kind))
    return picture


def current(kind: type[Scene]) -> Picture:
    """The picture of the page's scene; where there is none of that name, the last good one, and a sentence."""
    name = _chosen(kind)
    picture = find(name)
    if picture is None:
        _say("gone" if name.startswith(OWN) else "")
        good = state.recall("pictures.good", "")
        name = good if good and find(good) else _default(kind)
        state.put(state.scene(kind).with_(picture=name))
        picture = find(name)
    assert picture is not None, f"`picture` of {kind.__name__} has no default picture"
    state.remember("pictures.good", name)
    return picture


def find(name: str) -> Picture | None:
    """The picture of this name, sample or a reader's own, or None."""
    if name.startswith(OWN):
        return store().get(name.removeprefix(OWN))
    return sample(name) if name in {record.id for record in SAMPLES} else None


def notes_line(t: Texts, picture: Picture) -> str:
    """What was done to the file on its way here, in one line; "" when nothing was."""
    width, height = picture.original_size
    values = {"width": width, "height": height}
    return " · ".join(t(f"image_notes.{Note(note).value}", **values) for note in picture.notes)


def take(kind: type[Scene], data: bytes) -> None:
    """Make the bytes of a file the page's picture, or say in one sentence why not; the old picture then stays."""
    try:
        picture = read_picture(data, max_side=WORKING_SIDE)
    except ImageError as error:
        _say(error.code, **error.values)
        return
    _choose(kind, OWN + store().put(picture))


def _take_file(kind: type[Scene], key: str) -> None:
    """Called by Streamlit, before the page runs, when the part sent a file. Untrusted."""
    offer = state.triggered(key, "file")
    if not isinstance(offer, Mapping):
        return
    state.remember("pictures.done", offer.get("n", 0))
    size, text = offer.get("size"), offer.get("data")
    if isinstance(size, int) and size > MAX_BYTES:
        error = ImageError("too_many_bytes", megabytes=-(-size // 1_000_000), limit=MAX_BYTES // 1_000_000)
        _say(error.code, **error.values)
    elif isinstance(text, str):
        try:
            take(kind, base64.b64decode(text, validate=True))
        except binascii.Error:
            _say("damaged")


def _follow(kind: type[Scene], key: str) -> None:
    """Take what the row sent: another sample, the gallery opened, the sentence read."""
    before = _chosen(kind)
    _carry_over(kind)
    now = state.followed(kind, key)
    sent = state.last_event(key)
    if getattr(now, "picture", before) != before and "scene" in sent:
        _choose(kind, _chosen(kind))
    if sent.get("gallery") is True:
        state.remember("pictures.gallery", True)
    if sent.get("dismiss") is True:
        _say("")


def _carry_over(kind: type[Scene]) -> None:
    """On a page seen for the first time in this session, the picture chosen on another page is there already."""
    seen: tuple[str, ...] = state.recall("pictures.seen", ())
    if kind.__name__ in seen:
        return
    state.remember("pictures.seen", (*seen, kind.__name__))
    last = state.recall("pictures.last", "")
    if last and _chosen(kind) == _default(kind):
        state.put(state.scene(kind).with_(picture=last))


def _choose(kind: type[Scene], name: str) -> None:
    state.put(state.scene(kind).with_(picture=name))
    state.remember("pictures.last", name)
    _say("")


def _chosen(kind: type[Scene]) -> str:
    return str(getattr(state.scene(kind), "picture"))  # noqa: B009  every scene with a picker declares it


def _default(kind: type[Scene]) -> str:
    return str(getattr(kind(), "picture"))  # noqa: B009


def _say(code: str, **values: Any) -> None:
    """Keep the sentence to say, by its code, so that it follows the language; "" says nothing."""
    state.remember("pictures.fault", (code, values))


def _fault_sentence() -> str:
    code, values = state.recall("pictures.fault", ("", {}))
    if not code:
        return ""
    return parts.sentence(code, "pictures" if code == "gone" else "image_errors", **values)


def _card(t: Texts, name: str) -> dict[str, str]:
    return {"id": name, "name": t(f"samples.{name}.name"), "line": t(f"samples.{name}.line")}


def _groups(t: Texts) -> list[dict[str, Any]]:
    """The gallery's shelves; the samples stand in the order of the contact sheet."""
    shelves = {kind: [record.id for record in SAMPLES if record.kind is kind] for kind in Kind}
    return [
        {"title": t(f"pictures.{kind.value}"), "samples": [_card(t, name) for name in names]}
        for kind, names in shelves.items()
    ]
