"""GIF's compression with runs: whatever is written, two independent decoders read the same pixels."""

from __future__ import annotations

from io import BytesIO

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cnnviz.media.lzw import _SHORTEST_RUN, _run, image_data


def gif_of(indices: np.ndarray, busy: list[tuple[int, int]]) -> bytes:
    """A still around the data: grey palette, one image block."""
    height, width = indices.shape
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    table = np.repeat(np.arange(256, dtype=np.uint8), 3).tobytes()
    block = b"\x2c\0\0\0\0" + size + b"\0" + image_data(indices, busy)
    return b"GIF89a" + size + b"\xf7\0\0" + table + block + b";"


def read(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("L"))


def read_by_ffmpeg(data: bytes) -> np.ndarray:
    with av.open(BytesIO(data)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")[..., 0]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_changed_stretches_and_runs_read_back(data: st.DataObject) -> None:
    width, rng = data.draw(st.integers(1, 400)), np.random.default_rng(data.draw(st.integers(0, 2**16)))
    heights = data.draw(st.lists(st.integers(1, 60), min_size=1, max_size=5))
    first_is_busy, colours = data.draw(st.booleans()), data.draw(st.sampled_from([2, 5, 256]))
    indices, busy, top = np.zeros((sum(heights), width), np.uint8), [], 0
    for number, height in enumerate(heights):
        if (number % 2 == 0) == first_is_busy:
            busy.append((top, top + height))
            indices[top : top + height] = rng.integers(0, colours, (height, width))
        top += height
    made = gif_of(indices, busy)
    assert (read(made) == indices).all()


@pytest.mark.parametrize("seed", range(3))
def test_ffmpeg_reads_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    indices = np.zeros((300, 300), np.uint8)
    busy = [(0, 120 + seed), (250, 299)]
    for start, end in busy:
        indices[start:end] = rng.integers(0, 256, (end - start, 300))
    made = gif_of(indices, busy)
    assert (read_by_ffmpeg(made) == indices).all()
    assert (read(made) == indices).all()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 254 * 255 // 2, 255 * 256 // 2, 767 * 768 // 2, 10**6, 5 * 10**6])
@pytest.mark.parametrize("more", [0, 1, 2])
def test_runs_of_every_length_read_back(count: int, more: int) -> None:
    zeros = (
        np.zeros((1, count + more), np.uint8) if count < 60000 else np.zeros((1000, (count + more) // 1000), np.uint8)
    )
    assert _run(zeros.size).length < 60 + 20 * zeros.size**0.5
    indices = np.concatenate([zeros, np.full((1, zeros.shape[1]), 7, np.uint8)])
    assert (read(gif_of(indices, [(len(zeros), len(indices))])) == indices).all()


def test_a_picture_without_change_is_one_run() -> None:
    still = np.zeros((500, 900), np.uint8)
    made = image_data(still, [])
    assert len(made) < 2000
    assert (read(gif_of(still, [])) == 0).all()


@pytest.mark.parametrize("fill", [*range(0, 4200, 200), *range(1830, 1850)])
def test_runs_may_follow_a_stretch_that_ends_anywhere_in_the_table(fill: int) -> None:
    """A clear code has the width the decoder has reached: 9 to 12 bits, or 9 again just after the table was full."""
    noise = np.random.default_rng(fill).integers(1, 256, (1, _SHORTEST_RUN + fill)).astype(np.uint8)
    indices = np.concatenate([noise, np.zeros_like(noise), noise])
    assert (read(gif_of(indices, [(0, 1), (2, 3)])) == indices).all()
