"""The door for everything that moves: drawings go in, the bytes of a GIF, WebP or MP4 file come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import Enum

from cnnviz.figures.drawing import Drawing
from cnnviz.media.film import Film, frame_limit, steps_shown
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


_SHARP = 25_000_000  # pixels of a whole video up to which it is written at twice the size
_WRITERS: dict[Format, Callable[[Film], bytes]] = {Format.GIF: gif, Format.WEBP: webp, Format.MP4: mp4}


def encode(
    drawings: Iterable[Drawing], kind: Format | str, *, fps: float = 2.0, scale: int | None = None, hold: float = 1.5
) -> bytes:
    """A film of the drawings, `fps` a second, the last held for `hold` seconds more, `scale` pixels per CSS pixel.

    Where they are more than `film.frame_limit` allows, every second, third, ... is shown (`film.steps_shown`). Without
    a `scale`, short videos have two pixels per CSS pixel and everything else one. Raises ValueError where there is no
    drawing or over `film.MAX_FRAMES`, where one is over `film.MAX_PIXELS` or of another size, or `fps` beyond 0.1..50.

    >>> encode([Drawing(4, 4, "#ffffff"), Drawing(4, 4, "#000000")], "gif")[:6]
    b'GIF89a'
    """
    form = Format(kind)
    whole = Film.of(drawings, fps, scale or 1, hold)
    steps = steps_shown(len(whole.drawings), frame_limit(whole.drawings[0].size, form.value, whole.scale))
    film = replace(whole, drawings=tuple(whole.drawings[step] for step in steps))
    if scale is None and form is Format.MP4 and film.size[0] * film.size[1] * len(steps) <= _SHARP:
        film = replace(film, scale=2)
    return _WRITERS[form](film)
