"""Fonts for the raster writer: text goes in, glyph pieces with their widths come out.

Latin letters and digits use the font that Pillow brings along, so pictures look alike on every machine; its
digits are tabular. Chinese needs a font of the system: the usual folders of Linux, macOS and Windows are
searched once, and where none is found a run's English is drawn instead (`readable`). A few signs of arithmetic
that the bundled font lacks are drawn by hand in `glyphs`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

from cnnviz.figures.drawing import Run
from cnnviz.figures.glyphs import HAND_DRAWN

Font = ImageFont.FreeTypeFont

_CHINESE_FONTS = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf",
    "NotoSansSC-VF.ttf", "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf", "PingFang.ttc",
    "Hiragino Sans GB.ttc", "STHeiti Light.ttc", "STHeiti Medium.ttc", "msyh.ttc", "Deng.ttf", "simhei.ttf",
    "simsun.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallback.ttf", "DroidSansFallbackFull.ttf",
    "uming.ttc",
)  # fmt: skip
_BOLD_OF = {"NotoSansCJK-Regular.ttc": "NotoSansCJK-Bold.ttc", "msyh.ttc": "msyhbd.ttc", "Deng.ttf": "Dengb.ttf"}
_TEST_CHARACTER = "卷"
_NO_CHARACTER = "\uffff"  # never assigned: its glyph is the font's box for "missing"


def font_folders() -> list[Path]:
    """The folders where Linux, macOS and Windows keep fonts; not all exist."""
    home, windows = Path.home(), Path(os.environ.get("WINDIR", "C:/Windows"))
    folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts"]
    own = [home / ".fonts", home / ".local/share/fonts", home / "Library/Fonts"]
    return [*map(Path, folders), *own, windows / "Fonts", home / "AppData/Local/Microsoft/Windows/Fonts"]


@cache
def chinese_font_file(*, bold: bool = False) -> Path | None:
    """The first known Chinese font of this machine, or None."""
    found = {path.name: path for folder in font_folders() if folder.is_dir() for path in folder.rglob("*.[to]t[cf]")}
    name = next((name for name in _CHINESE_FONTS if name in found), None)
    if name is None:
        return None
    return found.get(_BOLD_OF.get(name, ""), found[name]) if bold else found[name]


@lru_cache(maxsize=64)
def latin(size: float) -> Font:
    """Pillow's own font at a size in pixels."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow was built without FreeType"
    return font


@lru_cache(maxsize=64)
def chinese(size: float, bold: bool) -> Font | None:
    """A Chinese font at a size in pixels, in its simplified face where the file holds several; or None."""
    file = chinese_font_file(bold=bold)
    return None if file is None else ImageFont.truetype(str(file), size, index=_simplified_face(file))


@cache
def _simplified_face(file: Path) -> int:
    """Collections order their faces as they please: look for the one named SC."""
    for index in range(8 if file.suffix == ".ttc" else 1):
        try:
            family = ImageFont.truetype(str(file), 10, index=index).getname()[0] or ""
        except OSError:
            break
        if family.endswith(" SC"):
            return index
    return 0


@lru_cache(maxsize=4096)
def _has(character: str, in_chinese: bool) -> bool:
    font = chinese(20, False) if in_chinese else latin(20)
    if font is None:
        return False
    if character.isspace():
        return True
    return bytes(font.getmask(character)) != bytes(font.getmask(_NO_CHARACTER))


def drawable(text: str) -> bool:
    """Whether every character can be drawn on this machine.

    >>> drawable("−3·(2) + 4 = −2")
    True
    """
    return all(character in HAND_DRAWN or _has(character, False) or _has(character, True) for character in text)


def readable(run: Run) -> str:
    """The run's text, or its English where a glyph is missing.

    >>> readable(Run("\\uffff", "#000000", english="input"))
    'input'
    """
    return run.english if run.english and not drawable(run.text) else run.text


def pieces(text: str, size: float, bold: bool) -> Iterator[tuple[str, Font | None]]:
    """The text cut where the font changes; None stands for a hand-drawn sign, one at a time."""
    start, kinds = 0, [_kind(character) for character in text]
    for end in range(1, len(text) + 1):
        if end == len(text) or kinds[end] != kinds[start] or kinds[start] == "hand":
            yield text[start:end], None if kinds[start] == "hand" else _font(kinds[start], size, bold)
            start = end


@lru_cache(maxsize=4096)
def _kind(character: str) -> str:
    if character in HAND_DRAWN:
        return "hand"
    return "chinese" if not _has(character, False) and _has(character, True) else "latin"


def _font(kind: str, size: float, bold: bool) -> Font:
    return (chinese(size, bold) if kind == "chinese" else None) or latin(size)


@lru_cache(maxsize=8192)
def width(text: str, size: float, bold: bool = False) -> float:
    """How wide the text is drawn, in pixels.

    >>> width("00", 20) == width("11", 20) > width("0", 20)
    True
    """
    return sum(
        HAND_DRAWN[piece].advance * size if font is None else font.getlength(piece)
        for piece, font in pieces(text, size, bold)
    )


def em_width(text: str, bold: bool = False) -> float:
    """How wide the text is in units of its type size (small sizes are hinted: ask a large one).

    >>> 1.1 < em_width("00") < 1.2
    True
    """
    return width(text, 40.0, bold) / 40


def line_width(runs: tuple[Run, ...], size: float) -> float:
    """How wide a line of runs is drawn, in pixels."""
    return sum(width(readable(run), size, run.bold) for run in runs)
