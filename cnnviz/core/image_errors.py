"""What can be wrong with a file somebody offers as a picture: first gate of the picture side, before any decoding."""

from __future__ import annotations

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 30_000

MESSAGES: dict[str, str] = {
    "empty_file": "The file is empty (0 bytes): save the picture again, or choose another file.",
    "too_many_bytes": (
        "The file has {megabytes} MB; the most is {limit} MB: save it smaller, or as a JPEG, and try again."
    ),
    "too_many_pixels": (
        "The picture has {megapixels} million pixels; the most is {limit} million: scale it down and try again."
    ),
    "too_long": "The picture is {width} x {height} pixels; the longest side allowed is {limit}: crop it and try again.",
    "not_a_picture": (
        "The file is not a picture, whatever its name says: choose a PNG, JPEG, WebP, BMP, GIF or TIFF file."
    ),
    "other_format": "This is a {format} file: export it as PNG or JPEG and open that.",
    "svg": "SVG is a drawing without pixels: export it as PNG at the size you want and open that.",
    "heic": "This is a HEIC photograph: save it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).",
    "damaged": "The file is damaged or cut short: download or export it once more, or choose another.",
    "deep_pixels": (
        "The pixels are numbers from {low} to {high}, outside what a picture file holds (0 to 65535, or 0 to 1 for "
        "fractions): save it with 8 or 16 bits a channel."
    ),
    "unknown_colours": "The picture stores its colours as {mode}, which cannot be read here: save it as RGB or grey.",
}


class ImageError(ValueError):
    """A file that cannot be taken as a picture: a `code`, its `values`, and one English sentence that says what to do.

    >>> error = ImageError("too_many_bytes", megabytes=31, limit=20)
    >>> error.code, error.values["limit"]
    ('too_many_bytes', 20)
    >>> print(error)
    The file has 31 MB; the most is 20 MB: save it smaller, or as a JPEG, and try again.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(MESSAGES[code].format(**values))
        self.code = code
        self.values = values


def too_many_pixels(pixels: int) -> ImageError:
    """The error for a picture of so many pixels, in whole millions, rounded up.

    >>> print(too_many_pixels(900_000_000))
    The picture has 900 million pixels; the most is 40 million: scale it down and try again.
    """
    return ImageError("too_many_pixels", megapixels=-(-pixels // 1_000_000), limit=MAX_PIXELS // 1_000_000)


_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", "PDF"),
    (0, b"8BPS", "Photoshop (PSD)"),
    (0, b"\x00\x00\x01\x00", "icon (ICO)"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"PK\x03\x04", "ZIP"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypavis", "AVIF"),
    (4, b"ftypisom", "MP4"),
    (4, b"ftypmp42", "MP4"),
    (4, b"ftypqt", "QuickTime"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_READABLE = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def why_not(data: bytes) -> ImageError:
    """The error for bytes that no allowed decoder recognised, told from how they begin.

    >>> why_not(b"hello, I am text").code, why_not(b"<svg xmlns=''>").code, why_not(b"%PDF-1.7").values
    ('not_a_picture', 'svg', {'format': 'PDF'})
    """
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return ImageError("heic")
    if _looks_like_svg(data):
        return ImageError("svg")
    for offset, signature, name in _SIGNATURES:
        if data[offset:].startswith(signature):
            return ImageError("other_format", format=name)
    began_well = data.startswith(_READABLE) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    return ImageError("damaged" if began_well else "not_a_picture")


def _looks_like_svg(data: bytes) -> bool:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith(b"<svg") or (head.startswith((b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in head)
