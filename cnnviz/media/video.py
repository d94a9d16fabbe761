"""Films as MP4, one of the three writers behind `animation.encode`: H.264 as every browser and projector plays it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
from av.video.reformatter import Colorspace
from PIL import Image

from cnnviz.media.film import Film

_SLOWEST = 10  # frames a second: some players stumble below that, so slow films repeat their pictures
_BT709 = 1  # what players assume for H.264 without being told; we convert by it, and say so too
_TIMES = 1000


def mp4(film: Film) -> bytes:
    """The film as H.264 in MP4, yuv420p, even sizes, its index at the front so that it plays while it loads.

    The frame rate is `fps` times the smallest whole number that reaches 10 a second; the picture stays for as
    long as `fps` says.

    >>> from cnnviz.figures.drawing import Drawing
    >>> b"ftyp" in mp4(Film((Drawing(16, 16, "#ffffff"),)))[:12]
    True
    """
    with TemporaryDirectory() as folder:  # moving the index to the front needs a file that can be read again
        path = Path(folder) / "film.mp4"
        _write(film, path)
        return path.read_bytes()


def _write(film: Film, path: Path) -> None:
    rate, repeats = frame_rate(film.fps)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = (side + side % 2 for side in film.size)
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "16", "preset": "veryfast", "tune": "animation"}
        codec = stream.codec_context
        codec.colorspace = codec.color_primaries = codec.color_trc = _BT709
        last = len(film.drawings) - 1
        for index, painted in enumerate(film.frames()):
            frame = _even(painted.image, film.background, stream.width, stream.height)
            count = repeats + (round(film.hold * rate) if index == last else 0)
            for _ in range(count):
                frame.pts = None  # the encoder counts on by itself
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def frame_rate(fps: float) -> tuple[Fraction, int]:
    """The frame rate written for a film of `fps` pictures a second, and how often each picture is repeated.

    >>> frame_rate(4), frame_rate(24), frame_rate(0.5)
    ((Fraction(12, 1), 3), (Fraction(24, 1), 1), (Fraction(10, 1), 20))
    """
    exact = Fraction(fps).limit_denominator(_TIMES)
    repeats = -(-_SLOWEST // exact) if exact < _SLOWEST else 1
    return exact * repeats, int(repeats)


def _even(image: Image.Image, background: str, width: int, height: int) -> av.VideoFrame:
    """The picture on an even-sized ground (4:2:0 halves both sides), in the colours of video."""
    if image.size != (width, height):
        ground = Image.new("RGB", (width, height), background)
        ground.paste(image)
        image = ground
    frame = av.VideoFrame.from_image(image)
    return frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
