"""A film before it is written: drawings and their times, bounded, on the way from figures to the three writers.

The rule of length, said to the reader as it is: a film shows every step as long as they fit `frame_limit`; beyond
that every second, third, ... step, and always the first and the last (`steps_shown`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce as fold
from itertools import islice, pairwise

from cnnviz.figures.canvas import Box
from cnnviz.figures.drawing import Drawing
from cnnviz.figures.raster import FilmFrame, paint_film

MAX_FRAMES = 1100  # every step of a 32x32 output, and a few more
MAX_PIXELS = 4_000_000  # of one frame, at the scale it is written
MIN_FPS, MAX_FPS = 0.1, 50.0  # browsers slow GIFs down that ask for more
MAX_HOLD = 10.0
MAX_FILM_PIXELS = {"gif": 1_200_000_000, "webp": 300_000_000, "mp4": 300_000_000}  # some seconds of work each


@dataclass(frozen=True, slots=True)
class Film:
    """Drawings of one size, shown `fps` a second, the last for `hold` seconds more.

    Raises ValueError where a film is empty or beyond a bound. Frames are painted one at a time when read.
    """

    drawings: tuple[Drawing, ...]
    fps: float = 2.0
    scale: int = 1
    hold: float = 1.5

    def __post_init__(self) -> None:
        if not 1 <= len(self.drawings) <= MAX_FRAMES:
            raise ValueError(f"a film has 1 to {MAX_FRAMES} frames, not {len(self.drawings)}: see steps_shown()")
        if not MIN_FPS <= self.fps <= MAX_FPS:
            raise ValueError(f"`fps` (={self.fps:g}) must be {MIN_FPS:g} to {MAX_FPS:g}")
        if not 0 <= self.hold <= MAX_HOLD:
            raise ValueError(f"`hold` (={self.hold:g} s) must be 0 to {MAX_HOLD:g}")
        width, height = self.size
        if self.scale < 1 or width * height > MAX_PIXELS:
            raise ValueError(f"a frame of {width}x{height} pixels is over the bound of {MAX_PIXELS:,}")

    @classmethod
    def of(cls, drawings: Iterable[Drawing], fps: float, scale: int = 1, hold: float = 1.5) -> Film:
        """A film of any iterable; no more than one drawing beyond the bound is ever asked of it."""
        return cls(tuple(islice(drawings, MAX_FRAMES + 1)), fps, scale, hold)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        width, height = self.drawings[0].size
        return width * self.scale, height * self.scale

    @property
    def background(self) -> str:
        """The ground of the first frame."""
        return self.drawings[0].background

    def ticks(self, per_second: int) -> list[int]:
        """How long each frame lasts in clock ticks; rounded times add up, so a film never drifts.

        >>> Film((Drawing(1, 1, "#ffffff"),) * 3, fps=3, hold=1).ticks(100)
        [33, 34, 133]
        """
        count = len(self.drawings)
        marks = [round(index * per_second / self.fps) for index in range(count + 1)]
        marks[-1] += round(self.hold * per_second)
        return [after - before for before, after in pairwise(marks)]

    def frames(self) -> Iterator[FilmFrame]:
        """Each picture, and the boxes in which it differs from the last; the picture is reused: copy it to keep it."""
        return paint_film(self.drawings, self.scale)


def around(boxes: Iterable[Box]) -> Box:
    """The one box around all that changed; a single pixel where nothing did, because a duration needs a picture.

    >>> around([Box(2, 2, 4, 4), Box(8, 0, 9, 1)])
    Box(left=2, top=0, right=9, bottom=4)
    """
    found = list(boxes)
    return fold(Box.union, found) if found else Box(0, 0, 1, 1)


def frame_limit(size: tuple[int, int], kind: str, scale: int = 1) -> int:
    """How many frames a film of drawings of this size (CSS pixels) may have in a format.

    >>> frame_limit((880, 520), "gif"), frame_limit((2100, 1130), "gif"), frame_limit((2100, 1130), "mp4")
    (1100, 505, 126)
    """
    pixels = size[0] * size[1] * scale * scale
    return max(2, min(MAX_FRAMES, MAX_FILM_PIXELS[kind] // pixels))


def steps_shown(total: int, limit: int = MAX_FRAMES) -> list[int]:
    """The steps, counted from 0, that a film of at most `limit` frames shows: evenly apart, first and last always.

    >>> steps_shown(4, 10), steps_shown(10, 4), steps_shown(11, 5)
    ([0, 1, 2, 3], [0, 3, 6, 9], [0, 3, 6, 9, 10])

    Raises ValueError where `total` is below 1 or `limit` below 2.
    """
    if total < 1 or limit < 2:
        raise ValueError(f"`total` (={total}) must be at least 1 and `limit` (={limit}) at least 2")
    stride = 1 if total <= limit else -(-(total - 1) // (limit - 1))
    steps = list(range(0, total, stride))
    return steps if steps[-1] == total - 1 else [*steps, total - 1]
