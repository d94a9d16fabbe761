"""The door for everything that moves: drawings go in, the bytes of a GIF, WebP or MP4 file come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum

from cnnviz.figures.drawing import Drawing
from cnnviz.media.film import Film
from cnnviz.media.gif import gif
from cnnviz.media.video import mp4
from cnnviz.media.webp import webp


class Format(Enum):
    """The kinds of film, named as their files end."""

    GIF = "gif"
    WEBP = "webp"
    MP4 = "mp4"

    @property
    def mime(self) -> str:
        """What a browser is told it gets.

        >>> Format.MP4.mime
        'video/mp4'
        """
        return ("video/" if self is Format.MP4 else "image/") + self.value


_WRITERS: dict[Format, Callable[[Film], bytes]] = {Format.GIF: gif, Format.WEBP: webp, Format.MP4: mp4}


def encode(
    drawings: Iterable[Drawing], kind: Format | str, *, fps: float = 2.0, scale: int = 1, hold: float = 1.5
) -> bytes:
    """A film of the drawings, `fps` a second, the last held for `hold` seconds more, `scale` pixels per CSS pixel.

    Raises ValueError where the film is empty, has over `film.MAX_FRAMES` frames (choose them with
    `film.steps_shown`), frames over `film.MAX_PIXELS` or of different sizes, or an fps beyond 0.1..50.

    >>> encode([Drawing(4, 4, "#ffffff"), Drawing(4, 4, "#000000")], "gif")[:6]
    b'GIF89a'
    """
    return _WRITERS[Format(kind)](Film.of(drawings, fps, scale, hold))
