"""Bytes of a picture file to plain pixels, by Pillow, with a note of everything that was done on the way.

Used by `cnnviz.core.images` alone, which bounds the size of the file before and checks the pixels after.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from cnnviz.core.image_errors import ImageError, too_many_pixels, why_not

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
SIXTEEN_BIT_MODES = ("I;16", "I;16L", "I;16B", "I;16N")
_ORIENTATION_TAG = 0x0112
_PHOTOMETRIC_TAG = 262

Array = npt.NDArray[Any]
T = TypeVar("T")


class Note(StrEnum):
    """What was done to a file on its way to pixels; each is told to the reader, nothing happens behind the back."""

    EXIF_TURNED = "exif_turned"
    ALPHA_ON_WHITE = "alpha_on_white"
    PALETTE_EXPANDED = "palette_expanded"
    CMYK_CONVERTED = "cmyk_converted"
    COLOURS_CONVERTED = "colours_converted"
    ONE_BIT = "one_bit"
    SIXTEEN_BIT_KEPT = "sixteen_bit_kept"
    SIXTEEN_BIT_REDUCED = "sixteen_bit_reduced"
    FRACTIONS_TO_16_BIT = "fractions_to_16_bit"
    FIRST_FRAME = "first_frame"
    SCALED_DOWN = "scaled_down"


def decode(data: bytes, check_size: Callable[[int, int], None]) -> tuple[Array, tuple[Note, ...]]:
    """Pixels, uint8 or uint16, (H, W) or (H, W, 3), and what was done; `check_size(width, height)` is asked first.

    Raises `ImageError`, and whatever `check_size` raises.

    >>> buffer = io.BytesIO()
    >>> Image.new("LA", (4, 2), (0, 0)).save(buffer, "PNG")
    >>> pixels, notes = decode(buffer.getvalue(), lambda width, height: None)
    >>> pixels.shape, int(pixels.min()), notes
    ((2, 4), 255, (<Note.ALPHA_ON_WHITE: 'alpha_on_white'>,))
    """
    image = _open(data)
    check_size(*image.size)
    white_is_zero = image.format == "TIFF" and image.tag_v2.get(_PHOTOMETRIC_TAG) == 0  # type: ignore[attr-defined]
    notes = _notes_before_decoding(image)
    turned = _orientation(image) if image.format != "PNG" else 1  # TIFF turns itself round while it is decoded
    _load(image)
    turned = _orientation(image) if image.format == "PNG" else turned  # PNG decodes itself to look for the tag
    pixels, more = _pixels(_quietly(lambda: ImageOps.exif_transpose(image), image), white_is_zero)
    return pixels, (*notes, *([Note.EXIF_TURNED] if turned in range(2, 9) else []), *more)


def _open(data: bytes) -> Image.Image:
    """Read the header only; Pillow's own bomb guard speaks at twice its warning size, `check_size` long before."""
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        found = re.search(r"\d+", str(bomb))
        raise too_many_pixels(int(found.group()) if found else 0) from None
    except UnidentifiedImageError:
        raise why_not(data) from None
    except Exception:  # a decoder fed with bad bytes raises whatever it likes; the reader needs one sentence
        raise ImageError("damaged") from None


def _notes_before_decoding(image: Image.Image) -> list[Note]:
    """What only the undecoded file knows: that there are more frames, and a depth that Pillow reduces."""
    notes = []
    if image.format in ("GIF", "WEBP", "PNG", "TIFF") and _quietly(
        lambda: bool(getattr(image, "is_animated", 0)), False
    ):
        notes.append(Note.FIRST_FRAME)
    tile = getattr(image, "tile", None)
    raw_mode = str(tile[0][3]) if tile else ""
    if ";16" in raw_mode and image.mode not in (*SIXTEEN_BIT_MODES, "I"):
        notes.append(Note.SIXTEEN_BIT_REDUCED)
    return notes


def _orientation(image: Image.Image) -> int:
    return _quietly(lambda: int(image.getexif().get(_ORIENTATION_TAG, 1)), 1)


def _quietly(ask: Callable[[], T], otherwise: T) -> T:
    """Ask for a piece of metadata; broken metadata must not cost the reader the picture."""
    try:
        return ask()
    except Exception:
        return otherwise


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except MemoryError:
        raise
    except Exception:  # truncated and corrupt streams: OSError, SyntaxError, EOFError, struct.error, zlib.error ...
        raise ImageError("damaged") from None


def _pixels(image: Image.Image, white_is_zero: bool) -> tuple[Array, list[Note]]:
    if image.mode in SIXTEEN_BIT_MODES:
        return _sixteen_bit(image, white_is_zero)
    if image.mode == "I":
        return _whole_numbers(np.asarray(image))
    if image.mode == "F":
        return _fractions(np.asarray(image))
    return _eight_bit(image)


def _sixteen_bit(image: Image.Image, white_is_zero: bool) -> tuple[Array, list[Note]]:
    pixels = np.array(image).astype(np.uint16)
    notes = [Note.SIXTEEN_BIT_KEPT]
    if white_is_zero:  # Pillow turns 8-bit MinIsWhite round, not 16-bit
        pixels = 65535 - pixels
    if isinstance(image.info.get("transparency"), int):
        pixels[pixels == image.info["transparency"]] = 65535
        notes.append(Note.ALPHA_ON_WHITE)
    return pixels, notes


def _whole_numbers(pixels: Array) -> tuple[Array, list[Note]]:
    low, high = int(pixels.min()), int(pixels.max())
    if low < 0 or high > 65535:
        raise ImageError("deep_pixels", low=low, high=high)
    return pixels.astype(np.uint16), [Note.SIXTEEN_BIT_KEPT]


def _fractions(pixels: Array) -> tuple[Array, list[Note]]:
    low, high = float(pixels.min()), float(pixels.max())
    if not (low >= 0 and high <= 1):  # also true for NaN
        raise ImageError("deep_pixels", low=f"{low:g}", high=f"{high:g}")
    return np.rint(pixels * 65535.0).astype(np.uint16), [Note.FRACTIONS_TO_16_BIT]


def _eight_bit(image: Image.Image) -> tuple[Array, list[Note]]:
    """Any 8-bit mode to L or RGB: alpha laid on white first, then palette, CMYK and the rarer colour spaces."""
    notes = []
    palette = image.mode in ("P", "PA")
    if palette:
        notes.append(Note.PALETTE_EXPANDED)
    if image.mode == "1":
        notes.append(Note.ONE_BIT)
    if image.has_transparency_data:
        image, seen = _on_white(image)
        notes += [Note.ALPHA_ON_WHITE] if seen else []
    if image.mode == "CMYK":
        notes.append(Note.CMYK_CONVERTED)
    if image.mode in ("YCbCr", "HSV", "LAB"):
        notes.append(Note.COLOURS_CONVERTED)
    pixels = np.asarray(_plain(image))
    return (_grey_if_grey(pixels) if palette else pixels), notes


def _grey_if_grey(pixels: Array) -> Array:
    """A palette of greys makes a grey picture: how GIF and old scanners store one."""
    same = pixels.ndim == 3 and (pixels == pixels[..., :1]).all()
    return pixels[..., 0] if same else pixels


def _on_white(image: Image.Image) -> tuple[Image.Image, bool]:
    """The picture laid on white paper, and whether any of the paper shows."""
    with_alpha = image.convert("LA" if image.mode in ("1", "L", "LA", "La") else "RGBA")
    alpha = with_alpha.getchannel("A")
    paper = Image.new("L" if with_alpha.mode == "LA" else "RGB", image.size, "white")
    paper.paste(with_alpha.convert(paper.mode), mask=alpha)
    return paper, alpha.getextrema() != (255, 255)


def _plain(image: Image.Image) -> Image.Image:
    if image.mode in ("L", "RGB"):
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "LAB":
        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        turned = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        return turned if turned is not None else image
    try:
        return image.convert("RGB")
    except ValueError:
        raise ImageError("unknown_colours", mode=image.mode) from None
