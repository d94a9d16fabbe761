"""Pictures at the door: bytes of a file in, a checked `Picture` of plain pixels out, from which every page starts.

The order is the safety: size of the file, allow-list of formats, size in pixels, and only then decoding.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnnviz.core.image_decoding import Note, decode
from cnnviz.core.image_errors import MAX_BYTES, MAX_PIXELS, MAX_SIDE, MESSAGES, ImageError, too_many_pixels

if TYPE_CHECKING:
    import torch

__all__ = ["MESSAGES", "ImageError", "Note", "Picture", "fit", "load_image", "picture_from_pixels", "read_picture"]

WORKING_SIDE = 1024
"""The longest side pages work with; `fit` brings a larger picture down to it, and says so in the notes."""

Pixels = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Picture:
    """Pixels as they were in the file: uint8, (H, W) grey or (H, W, 3) RGB, or uint16 (H, W) grey; read-only.

    Two pictures are equal when their digests are. `original_size` is (width, height) before any scaling.

    >>> grey = picture_from_pixels(np.array([[0, 255]], np.uint8))
    >>> grey.height, grey.width, grey.channels, grey.dtype, tuple(grey.tensor().shape)
    (1, 2, 1, 'uint8', (1, 1, 2))
    """

    pixels: Pixels = field(compare=False, repr=False)
    digest: str
    notes: tuple[Note, ...] = field(default=(), compare=False)
    original_size: tuple[int, int] = field(default=(0, 0), compare=False)

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def channels(self) -> int:
        return 3 if self.pixels.ndim == 3 else 1

    @property
    def dtype(self) -> str:
        return str(self.pixels.dtype)

    @property
    def largest(self) -> int:
        """The value that means white: 255, or 65535 for 16 bits."""
        return int(np.iinfo(self.pixels.dtype).max)

    def floats(self) -> npt.NDArray[np.float32]:
        """Float32 (C, H, W) in [0, 1]: the pixels divided once by what white is in their dtype.

        >>> picture_from_pixels(np.array([[0, 51, 255]], np.uint8)).floats().tolist()
        [[[0.0, 0.20000000298023224, 1.0]]]
        """
        planes = np.atleast_3d(self.pixels).transpose(2, 0, 1)
        scaled: npt.NDArray[np.float32] = np.divide(planes, np.float32(self.largest), dtype=np.float32, order="C")
        return scaled

    def tensor(self) -> torch.Tensor:
        """`floats()` as a torch tensor of its own memory."""
        import torch

        return torch.from_numpy(self.floats())


def picture_from_pixels(
    pixels: npt.NDArray[Any], notes: tuple[Note, ...] = (), original_size: tuple[int, int] | None = None
) -> Picture:
    """A `Picture` from uint8 pixels (H, W) or (H, W, 3), or uint16 (H, W); copies them, makes the copy read-only.

    Raises ValueError for any other dtype or shape, or a side of 0: those are a programmer's mistakes.

    >>> picture_from_pixels(np.zeros((2, 3), np.uint8)).digest == picture_from_pixels(np.zeros((3, 2), np.uint8)).digest
    False
    """
    grey = pixels.ndim == 2 and pixels.dtype in (np.uint8, np.uint16)
    if pixels.size == 0 or not (grey or (pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype == np.uint8)):
        raise ValueError(
            f"`pixels` must be uint8 (H, W) or (H, W, 3), or uint16 (H, W), not {pixels.dtype} {pixels.shape}"
        )
    own = np.array(pixels, order="C")
    own.flags.writeable = False
    size = original_size or (own.shape[1], own.shape[0])
    return Picture(own, digest_of(own), notes, size)


def digest_of(pixels: npt.NDArray[Any]) -> str:
    """32 hex characters that name these pixels: SHA-256 over dtype, shape and values, the first half of it.

    >>> digest_of(np.zeros((1, 1), np.uint8))
    'da879981ab32213dbe227b53a01e6d5c'
    """
    head = f"{pixels.dtype.str[1:]}:{'x'.join(map(str, pixels.shape))}:".encode()
    values = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<"))
    return hashlib.sha256(head + values.tobytes()).hexdigest()[:32]


def load_image(path_or_bytes: str | os.PathLike[str] | bytes) -> torch.Tensor:
    """The picture as float32 (C, H, W) in [0, 1], C = 1 for grey, 3 for RGB; any depth, alpha on white, turned upright.

    Raises `ImageError` for a file that is not a readable picture, FileNotFoundError for a wrong path.

    >>> from io import BytesIO
    >>> buffer = BytesIO()
    >>> Image.new("RGB", (4, 2), "white").save(buffer, "PNG")
    >>> image = load_image(buffer.getvalue())
    >>> tuple(image.shape), image.max().item()
    ((3, 2, 4), 1.0)
    """
    if isinstance(path_or_bytes, bytes):
        return read_picture(path_or_bytes).tensor()
    path = Path(path_or_bytes)
    _check_bytes(path.stat().st_size)
    return read_picture(path.read_bytes()).tensor()


def read_picture(data: bytes, *, max_side: int | None = None) -> Picture:
    """Decode PNG, JPEG, WebP, BMP, GIF (first frame) or TIFF bytes; `max_side` scales a larger picture down.

    Raises `ImageError`, one code and one sentence a fault.

    >>> read_picture(b"")
    Traceback (most recent call last):
    cnnviz.core.image_errors.ImageError: The file is empty (0 bytes): save the picture again, or choose another file.
    """
    _check_bytes(len(data))
    pixels, notes = decode(data, _check_size)
    original = (int(pixels.shape[1]), int(pixels.shape[0]))
    size = original if max_side is None else _within(original, max_side)
    if size != original:  # scaled before it is copied and hashed, which a photograph of 40 million pixels would feel
        pixels, notes = _area(pixels, size), (*notes, Note.SCALED_DOWN)
    return picture_from_pixels(pixels, notes, original)


def fit(picture: Picture, max_side: int = 512) -> Picture:
    """The picture with its longest side at most `max_side`, by area averaging; unchanged when it fits already.

    Proportions are kept, but no side falls below 1 pixel. Raises ValueError for `max_side` below 1.

    >>> wide = picture_from_pixels(np.zeros((3, 20000), np.uint8))
    >>> small = fit(wide, 512)
    >>> (small.width, small.height), small.notes, small.original_size
    ((512, 1), (<Note.SCALED_DOWN: 'scaled_down'>,), (20000, 3))
    """
    size = _within((picture.width, picture.height), max_side)
    if size == (picture.width, picture.height):
        return picture
    notes = (*(note for note in picture.notes if note is not Note.SCALED_DOWN), Note.SCALED_DOWN)
    return picture_from_pixels(_area(picture.pixels, size), notes, picture.original_size)


def _within(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    if max_side < 1:
        raise ValueError(f"`max_side` must be at least 1, not {max_side}")
    longest = max(size)
    if longest <= max_side:
        return size
    width, height = (max(1, round(side * max_side / longest)) for side in size)
    return width, height


def _area(pixels: Pixels, size: tuple[int, int]) -> npt.NDArray[Any]:
    if pixels.dtype == np.uint8:
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
    # Pillow averages 8-bit and float pictures, not 16-bit ones; float32 holds every 16-bit value exactly.
    exact = Image.fromarray(pixels.astype(np.float32)).resize(size, Image.Resampling.BOX)
    averaged: npt.NDArray[np.uint16] = np.rint(np.asarray(exact)).astype(np.uint16)
    return averaged


def _check_bytes(count: int) -> None:
    if count == 0:
        raise ImageError("empty_file")
    if count > MAX_BYTES:
        raise ImageError("too_many_bytes", megabytes=-(-count // 1_000_000), limit=MAX_BYTES // 1_000_000)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise too_many_pixels(width * height)
    if max(width, height) > MAX_SIDE:
        raise ImageError("too_long", width=width, height=height, limit=MAX_SIDE)
