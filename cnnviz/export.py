"""A link goes in, a file comes out: what the share panel of a page hands out, without a browser. Used by cli.py.

The ending of the file's name says what it is: a film (gif, webp, mp4), a picture (png, svg), the tensors (zip, as CSV
and NPY), or a program (py, tex).
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

from cnnviz.core.images import WORKING_SIDE, Picture, read_picture
from cnnviz.core.scene import Scene
from cnnviz.core.scenes.convolution import ConvolutionScene
from cnnviz.core.scenes.kernels import KernelScene
from cnnviz.i18n import LANGUAGES, Texts
from cnnviz.media import animation, still, tables
from cnnviz.ui import convolution_share, kernels_export, pictures
from cnnviz.ui.player_answer import grey_of
from cnnviz.ui.share import Export

T = TypeVar("T")

SCENES: dict[str, type[Scene]] = {"convolution": ConvolutionScene, "kernels": KernelScene}
READERS_OWN = ("lang", "present", "hide")
FILMS, PICTURES, PROGRAMS = ("gif", "webp", "mp4"), ("png", "svg"), {"py": "pytorch", "tex": "latex"}


def write(link: str, out: Path, *, theme: str = "light", lang: str = "en", fps: float = 0, picture: str = "") -> int:
    """Write what `link` shows to the file `out`; returns its size in bytes.

    `link` is an address of the app, or the end of one: "convolution?stride=2". `picture` is a file taken in place of
    the link's picture, `fps` 0 means as fast as the page plays. Raises ValueError with a sentence naming what is wrong.
    """
    kind = out.suffix.removeprefix(".").lower()
    if kind not in (*FILMS, *PICTURES, *PROGRAMS, "zip"):
        known = ", ".join((*FILMS, *PICTURES, "zip", *PROGRAMS))
        raise ValueError(f"{out.name!r} does not end in one of {known}")
    made = encoded(export_of(scene_of(link), lang, picture), kind, theme, fps)
    out.write_bytes(made)
    return len(made)


def scene_of(link: str) -> Scene:
    """The scene a link describes, and nothing else: what a page would replace by a default is refused here.

    >>> scene_of("http://localhost:8501/convolution?stride=2&lang=zh").link()
    {'stride': '2'}
    """
    parts = urlsplit(link)
    page = parts.path.rstrip("/").split("/")[-1]
    if page not in SCENES:
        raise ValueError(f"{page!r} is not a page that gives files; there are {', '.join(SCENES)}")
    scene, params = SCENES[page], dict(parse_qsl(parts.query, keep_blank_values=True))
    names = {link_name: field for field, link_name in scene.link_names().items()}
    for name in params.keys() - set(READERS_OWN):
        if name not in names:
            raise ValueError(f"`{name}` is not a setting of {page}; there are {', '.join(sorted(names))}")
        try:
            scene.rules()[names[name]].parse(params[name])
        except (ValueError, OverflowError) as fault:
            raise ValueError(f"`{name}` (={params[name][:80]}) cannot be: {fault}") from None
    now = scene.from_link(params)
    if isinstance(now, ConvolutionScene) and now.notice is not None:
        raise now.notice
    return now


def export_of(now: Scene, lang: str, file: str) -> Export:
    """What the page's share panel is given."""
    t = Texts(lang if lang in LANGUAGES else "en")
    shown = _picture(str(getattr(now, "picture", "")), file)
    if isinstance(now, ConvolutionScene):
        return convolution_share.export(now, grey_of(shown), t)
    return kernels_export.export_of(cast(KernelScene, now), shown, t)


def _picture(name: str, file: str) -> Picture:
    if file:
        return read_picture(Path(file).read_bytes(), max_side=WORKING_SIDE)
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
        raise ValueError(f"{export.page} does not give {what}")
    return part
