"""A link goes in, a file comes out: what the share panel of a page hands out, without a browser. Used by cli.py.

The ending of the file's name says what it is: a film (gif, webp, mp4), a picture (png, svg), the tensors (zip, as CSV
and NPY), a program (py, tex) or the handout (html).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from cnnviz.core.images import WORKING_SIDE, Picture, read_picture
from cnnviz.core.scene import Scene
from cnnviz.core.scenes.convolution import ConvolutionScene
from cnnviz.core.scenes.kernels import KernelScene
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.core.scenes.pixels import PixelsScene
from cnnviz.core.scenes.pooling import PoolingScene
from cnnviz.core.scenes.shapes import ShapesScene
from cnnviz.i18n import Texts
from cnnviz.media import animation, still, tables
from cnnviz.ui import (
    convolution_share,
    kernels_export,
    lenet_export,
    pictures,
    pixels_export,
    pooling_export,
    shapes_export,
    share_handout,
)
from cnnviz.ui.exported import Export
from cnnviz.ui.state import LEFT_AS_IT_IS

T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    """A page that gives files: its scene, and what its share panel is given for a scene, a picture and the texts."""

    scene: type[Scene]
    export: Callable[[Any, Picture, Texts], Export]


PAGES = {
    "pixels": Page(PixelsScene, pixels_export.export_of),
    "convolution": Page(ConvolutionScene, convolution_share.export_of),
    "kernels": Page(KernelScene, kernels_export.export_of),
    "shapes": Page(ShapesScene, shapes_export.export_of),
    "pooling": Page(PoolingScene, pooling_export.export_of),
    "lenet": Page(LenetScene, lenet_export.export_of),
}
READERS_OWN = ("lang", "present", "hide")
FILMS, PICTURES, PROGRAMS = ("gif", "webp", "mp4"), ("png", "svg"), {"py": "pytorch", "tex": "latex"}
KINDS = (*FILMS, *PICTURES, "zip", *PROGRAMS, "html")


def write(link: str, out: Path, *, theme: str = "light", lang: str = "en", fps: float = 0, picture: str = "") -> int:
    """Write what `link` shows to the file `out`; returns its size in bytes.

    `link` is an address of the app, or the end of one: "convolution?stride=2". `picture` is a file taken in place of
    the link's picture, `fps` 0 means as fast as the page plays. Raises ValueError with a sentence naming what is wrong.
    """
    kind = out.suffix.removeprefix(".").lower()
    if kind not in KINDS:
        raise ValueError(f"{out.name!r} does not end in one of {', '.join(KINDS)}")
    t = Texts(lang)
    export = export_of(scene_of(link), t, picture)
    if kind == "html":
        made = share_handout.html_of(export, t, "" if picture else address_of(link, export.scene)).encode()
    else:
        made = encoded(export, kind, theme, fps)
    out.write_bytes(made)
    return len(made)


def scene_of(link: str) -> Scene:
    """The scene a link describes, and nothing else: what a page would replace by a default is refused here.

    >>> scene_of("http://localhost:8501/convolution?stride=2&lang=zh").link()
    {'stride': '2'}
    """
    parts = urlsplit(link)
    page = parts.path.rstrip("/").split("/")[-1]
    if page not in PAGES:
        raise ValueError(f"{page!r} is not a page that gives files; there are {', '.join(PAGES)}")
    scene, params = PAGES[page].scene, dict(parse_qsl(parts.query, keep_blank_values=True))
    names = {link_name: field for field, link_name in scene.link_names().items()}
    for name in params.keys() - set(READERS_OWN):
        if name not in names:
            raise ValueError(f"`{name}` is not a setting of {page}; there are {', '.join(sorted(names))}")
        try:
            scene.rules()[names[name]].parse(params[name])
        except (ValueError, OverflowError) as fault:
            raise ValueError(f"`{name}` (={params[name][:80]}) cannot be: {fault}") from None
    now = scene.from_link(params)
    notice = getattr(now, "notice", None)  # scenes whose layer may be impossible keep the rule that was broken
    if notice is not None:
        raise notice
    return now


def address_of(link: str, now: Scene) -> str:
    """The address that shows the scene, on the server the link names; "" where it names none.

    >>> address_of("http://a.org/convolution?stride=1&dilation=2&lang=zh", ConvolutionScene(dilation=(2, 2)))
    'http://a.org/convolution?dilation=2'
    """
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    query = urlencode(now.link(), safe=LEFT_AS_IT_IS)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")


def export_of(now: Scene, t: Texts, file: str) -> Export:
    """What the page's share panel is given; where a picture's `file` is named, the page shows that picture."""
    make = PAGES[now.PAGE].export
    if not file:
        return make(now, _kept(str(getattr(now, "picture", ""))), t)
    own = read_picture(Path(file).read_bytes(), max_side=WORKING_SIDE)
    default = getattr(type(now)(), "picture", "")
    return make(now.merged({"source": "picture", "picture": default}), own, t)


def _kept(name: str) -> Picture:
    found = pictures.find(name)
    if found is None:
        raise ValueError(f"`picture` (={name}) is not kept on this computer; name a file with --picture")
    return found


def encoded(export: Export, kind: str, theme: str, fps: float) -> bytes:
    """The bytes of one file."""
    if kind in FILMS:
        if export.frames is None:
            raise ValueError(f"{export.page} does not move: there is no film of it")
        return animation.encode(export.frames(theme), kind, fps=fps or export.frames_per_second)
    if kind in PICTURES:
        figure = _needed(export.figure, export, "picture")(theme)
        return still.png_bytes(figure) if kind == "png" else still.svg_bytes(figure)
    if kind == "zip":
        return tables.zip_bytes(_needed(export.arrays, export, "tensors")())
    return _needed(export.code.get(PROGRAMS[kind]), export, PROGRAMS[kind])().encode()


def _needed(part: T | None, export: Export, what: str) -> T:
    if part is None:
        raise ValueError(f"{export.page} gives no {what} for this link")
    return part
