"""Films: what was written is opened again by another program, counted, timed and looked at."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from cnnviz.core.conv import ConvSpec
from cnnviz.figures.captions import Captions
from cnnviz.figures.drawing import Drawing, Raster, Rect
from cnnviz.figures.palette import Role, Theme, colour, rgb
from cnnviz.figures.play import Play
from cnnviz.figures.player_frame import Player
from cnnviz.figures.raster import paint
from cnnviz.media import film
from cnnviz.media.animation import Format, encode
from cnnviz.media.film import Film, steps_shown
from cnnviz.media.video import frame_rate


@pytest.fixture(scope="module", params=Theme, ids=lambda theme: theme.value)
def drawings(request: pytest.FixtureRequest) -> list[Drawing]:
    rng = np.random.default_rng(0)
    play = Play.of(ConvSpec(3, padding=1, stride=2), rng.integers(-9, 10, (7, 7)), [[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    return list(Player(play, request.param, Captions()).frames())


def opened(data: bytes) -> Iterator[tuple[np.ndarray, int]]:
    """(pixels, duration in ms) of each frame of a GIF or WebP."""
    for frame in ImageSequence.Iterator(Image.open(BytesIO(data))):
        yield np.asarray(frame.convert("RGB")), round(frame.info["duration"])


@pytest.mark.parametrize("scale", [1, 2])
def test_webp_is_lossless(drawings: list[Drawing], scale: int) -> None:
    frames = list(opened(encode(drawings, "webp", fps=4, scale=scale, hold=1)))
    assert [wait for _, wait in frames] == [250] * 15 + [1250]
    for (pixels, _), drawing in zip(frames, drawings, strict=True):
        assert (pixels == np.asarray(paint(drawing, scale))).all()


def test_gif_keeps_every_declared_colour_and_nearly_every_pixel(drawings: list[Drawing]) -> None:
    frames = list(opened(encode(drawings, Format.GIF, fps=4, hold=1)))
    assert [wait for _, wait in frames] == [250] * 15 + [1250]
    for (pixels, _), drawing in zip(frames, drawings, strict=True):
        true = np.asarray(paint(drawing)).astype(int)
        off = np.abs(pixels - true).max(axis=2)
        assert np.percentile(off, 98) == 0
        assert off.max() <= 40, "edges of letters take the nearest of 255 colours"
        assert off.mean() < 0.1
        for leaf in drawing.leaves():
            if isinstance(leaf, Rect) and leaf.fill and leaf.width == leaf.height:
                assert off[int(leaf.y) + 4, int(leaf.x) + 5] == 0, leaf


def test_gif_has_one_palette_and_repeats_for_ever(drawings: list[Drawing]) -> None:
    data = encode(drawings, "gif", fps=4)
    image = Image.open(BytesIO(data))
    assert image.info["version"] == b"GIF89a"
    assert image.info["loop"] == 0
    assert data[10] == 0xF7, "a global table of 256 colours"
    local = [data[at + 9] & 0x80 for at in _descriptors(data)]
    assert len(local) == len(drawings)
    assert not any(local), "no frame brings a table of its own"


def _descriptors(data: bytes) -> Iterator[int]:
    """Where the image descriptors of a GIF start, found by walking its blocks."""
    at = 13 + 768
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            yield at
            at += 11
        else:
            at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1


def test_gif_durations_do_not_drift() -> None:
    frames = list(opened(encode([_square(n) for n in range(30)], "gif", fps=7, hold=0)))
    waits = [wait for _, wait in frames]
    assert set(waits) == {140, 150}
    assert sum(waits) == 4290, "30 / 7 s in hundredths"


def test_a_photograph_survives_the_shared_palette() -> None:
    rows, columns = np.mgrid[0:64, 0:64]
    photo = np.stack([rows * 4, columns * 4, 255 - rows * 4], axis=-1).astype(np.uint8)
    drawings = [Drawing(64, 64, "#ffffff", (Raster(0, 0, 64, 64, np.roll(photo, n * 8, 1)),)) for n in range(4)]
    for (pixels, _), drawing in zip(opened(encode(drawings, "gif", fps=4)), drawings, strict=True):
        off = np.abs(pixels.astype(int) - np.asarray(paint(drawing)))
        assert off.mean() < 8
        assert off.max() < 48


@pytest.mark.parametrize(("fps", "rate", "repeats"), [(2, 10, 5), (4, 12, 3), (24, 24, 1)])
def test_mp4_plays_everywhere(drawings: list[Drawing], fps: float, rate: int, repeats: int) -> None:
    data = encode(drawings, "mp4", fps=fps, hold=1)
    assert data.index(b"moov") < data.index(b"mdat"), "the index comes first"
    with av.open(BytesIO(data)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == tuple(2 * side for side in drawings[0].size), "short films are sharp"
        assert stream.average_rate == rate
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        assert float(container.duration) / 1e6 == pytest.approx(len(drawings) / fps + 1, abs=0.01)
    assert len(frames) == len(drawings) * repeats + rate
    for number, drawing in enumerate(drawings):
        off = np.abs(frames[number * repeats].astype(int) - np.asarray(paint(drawing, 2)))
        assert off.mean() < 2


def test_mp4_colours_are_those_of_the_screen() -> None:
    inks = [colour(role, Theme.LIGHT) for role in (Role.INPUT, Role.KERNEL, Role.OUTPUT, Role.POSITIVE)]
    squares = tuple(Rect(n * 32, 0, 32, 32, ink) for n, ink in enumerate(inks))
    with av.open(BytesIO(encode([Drawing(128, 32, "#ffffff", squares)], "mp4", fps=10, scale=1))) as container:
        frame = next(container.decode(video=0))
        assert frame.colorspace == 1, "BT.709, and it says so"
        pixels = frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
    for number, ink in enumerate(inks):
        np.testing.assert_allclose(pixels[16, number * 32 + 16], rgb(ink), atol=6)


def test_mp4_of_odd_size_is_made_even() -> None:
    with av.open(BytesIO(encode([_square(0, 33, 21)], "mp4", fps=10, scale=1))) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (34, 22)


@pytest.mark.parametrize("kind", Format)
def test_equal_frames_and_single_frames_are_films_too(kind: Format) -> None:
    same = _square(3)
    for count in (1, 3):
        data = encode([same] * count, kind, fps=10, hold=0)
        if kind is Format.MP4:
            with av.open(BytesIO(data)) as container:
                assert sum(1 for _ in container.decode(video=0)) == count
        else:
            frames = list(opened(data)) if count > 1 else [(np.asarray(Image.open(BytesIO(data)).convert("RGB")), 100)]
            assert sum(wait for _, wait in frames) == 100 * count
            assert all((pixels == np.asarray(paint(same))).all() for pixels, _ in frames)


def _square(number: int, width: int = 60, height: int = 20) -> Drawing:
    return Drawing(width, height, "#ffffff", (Rect(number, 3, 10, 10, "#0b57d0"),))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"drawings": ()}, "1 to 1100 frames, not 0"),
        ({"drawings": (_square(0),) * 1101}, "1 to 1100 frames, not 1101"),
        ({"fps": 0.0}, "`fps` (=0) must be 0.1 to 50"),
        ({"fps": 51.0}, "`fps` (=51) must be 0.1 to 50"),
        ({"fps": float("nan")}, "`fps` (=nan)"),
        ({"hold": -1.0}, "`hold` (=-1 s) must be 0 to 10"),
        ({"drawings": (Drawing(2001, 2000, "#ffffff"),)}, "2001x2000 pixels is over the bound"),
        ({"drawings": (Drawing(1001, 1000, "#ffffff"),), "scale": 2}, "2002x2000 pixels"),
    ],
)
def test_films_are_bounded(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011
        Film(**({"drawings": (_square(0),)} | arguments))  # type: ignore[arg-type]
    assert message in str(error.value)


def test_an_endless_stream_of_drawings_is_stopped_at_the_bound() -> None:
    asked = 0

    def endless() -> Iterator[Drawing]:
        nonlocal asked
        while True:
            asked += 1
            yield _square(0)

    with pytest.raises(ValueError, match="not 1101"):
        encode(endless(), "gif", fps=10)
    assert asked == film.MAX_FRAMES + 1


def test_too_many_large_frames_are_thinned_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(film.MAX_FILM_PIXELS, "gif", 60 * 20 * 10)
    drawings = [_square(number) for number in range(28)]
    frames = [pixels for pixels, _ in opened(encode(drawings, "gif", fps=10))]
    assert len(frames) == 10
    for pixels, number in zip(frames, range(0, 28, 3), strict=True):
        assert (pixels == np.asarray(paint(drawings[number]))).all()


@pytest.mark.parametrize("total", [1, 2, 3, 99, 100, 101, 1024, 5000])
@pytest.mark.parametrize("limit", [2, 7, 100, 1100])
def test_steps_shown_are_even_and_hold_first_and_last(total: int, limit: int) -> None:
    steps = steps_shown(total, limit)
    assert steps[0] == 0
    assert steps[-1] == total - 1
    assert len(steps) <= limit
    gaps = np.diff(steps)
    assert total <= limit or len(set(gaps[:-1])) <= 1
    assert (gaps > 0).all()
    if total <= limit:
        assert steps == list(range(total))


def test_frame_rates_are_whole_multiples() -> None:
    for fps in (0.25, 0.5, 1, 1.5, 3, 9.99, 10, 16, 50):
        rate, repeats = frame_rate(fps)
        assert float(rate) / repeats == pytest.approx(fps, rel=1e-3)
        assert 10 <= rate <= 50
