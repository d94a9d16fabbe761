"""Pictures at the door: every depth, colour and tag comes out right; every bad file gets its sentence."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.core import images
from cnnviz.core.image_errors import MAX_BYTES, MESSAGES, ImageError, why_not
from cnnviz.core.images import Note, fit, load_image, picture_from_pixels, read_picture

RAMP = np.arange(0, 256, 17, dtype=np.uint8).reshape(4, 4)
RGB = np.stack([RAMP, RAMP[::-1], RAMP.T], -1)


def saved(image, format="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour, raw, *more):
    """A PNG built by hand: `raw` are the rows, each begun by its filter byte 0."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = b"".join(chunk(*extra) for extra in more) + chunk(b"IDAT", zlib.compress(raw))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def tiff(pixels, photometric, sample_format=1):
    """A one-strip TIFF built by hand from (H, W) numbers."""
    height, width = pixels.shape
    data = pixels.tobytes()
    tags = [(256, 3, width), (257, 3, height), (258, 3, pixels.itemsize * 8), (259, 3, 1), (262, 3, photometric)]
    tags += [(273, 4, 8), (277, 3, 1), (278, 3, height), (279, 4, len(data)), (339, 3, sample_format)]
    directory = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + directory + b"\0" * 4


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "GIF"])
def test_grey_comes_back_as_it_was(format):
    picture = read_picture(saved(Image.fromarray(RAMP), format))
    assert picture.pixels.dtype == np.uint8
    assert np.array_equal(picture.pixels, RAMP)
    assert picture.notes == ((Note.PALETTE_EXPANDED,) if format == "GIF" else ())
    assert (picture.original_size, picture.channels) == ((4, 4), 1)


@pytest.mark.parametrize(("format", "options"), [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("WEBP", {"lossless": True})])
def test_rgb_comes_back_as_it_was(format, options):
    picture = read_picture(saved(Image.fromarray(RGB), format, **options))
    assert np.array_equal(picture.pixels, RGB)
    assert picture.notes == ()


def test_jpeg_is_close():
    smooth = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1))
    picture = read_picture(saved(Image.fromarray(smooth), "JPEG", quality=95))
    assert abs(picture.pixels.astype(int) - smooth).max() <= 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_exif_orientation_is_obeyed(orientation, format):
    """EXIF 2.3, tag 0x0112: what each value means, said here by numpy turns and flips."""
    upright = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a),
    }[orientation]
    stored = np.random.default_rng(0).integers(0, 256, (3, 5, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"exif": exif} | ({"lossless": True} if format == "WEBP" else {})
    picture = read_picture(saved(Image.fromarray(stored), format, **options))
    assert np.array_equal(picture.pixels, upright(stored))
    assert (Note.EXIF_TURNED in picture.notes) == (orientation > 1)
    assert picture.original_size == (picture.width, picture.height)


def test_a_turned_jpeg_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = Image.new("RGB", (40, 20))
    wide.paste((255, 255, 255), (0, 0, 20, 20))
    picture = read_picture(saved(wide, "JPEG", exif=exif, quality=95))
    assert (picture.width, picture.height) == (20, 40)
    assert picture.pixels[5, 10].min() > 240
    assert picture.pixels[35, 10].max() < 15


def test_broken_exif_does_not_cost_the_picture():
    data = saved(Image.fromarray(RGB), "PNG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert np.array_equal(read_picture(data).pixels, RGB)


def test_alpha_lies_on_white():
    """Black at alpha 0, 51, 102, 255 over white: 255 - alpha."""
    rgba = np.zeros((1, 4, 4), np.uint8)
    rgba[0, :, 3] = (0, 51, 102, 255)
    picture = read_picture(saved(Image.fromarray(rgba)))
    assert picture.pixels[0].tolist() == [[255] * 3, [204] * 3, [153] * 3, [0] * 3]
    assert picture.notes == (Note.ALPHA_ON_WHITE,)


def test_grey_with_alpha_stays_grey():
    la = np.array([[[0, 0], [0, 51], [200, 255]]], np.uint8)
    picture = read_picture(saved(Image.merge("LA", [Image.fromarray(plane) for plane in la.transpose(2, 0, 1)])))
    assert picture.pixels.tolist() == [[255, 204, 200]]
    assert picture.notes == (Note.ALPHA_ON_WHITE,)


def test_full_alpha_is_no_event():
    assert read_picture(saved(Image.fromarray(RGB).convert("RGBA"))).notes == ()


def test_palette_and_its_transparency():
    image = Image.new("P", (3, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    image.putdata([0, 1, 2])
    plain = read_picture(saved(image))
    assert plain.pixels.tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]
    assert plain.notes == (Note.PALETTE_EXPANDED,)
    clear = read_picture(saved(image, transparency=1))
    assert clear.pixels.tolist() == [[[255, 0, 0], [255, 255, 255], [0, 0, 255]]]
    assert clear.notes == (Note.PALETTE_EXPANDED, Note.ALPHA_ON_WHITE)


def test_one_colour_declared_transparent():
    grey = png(3, 1, 8, 0, b"\0\x00\x80\xff", (b"tRNS", struct.pack(">H", 0x80)))
    assert read_picture(grey).pixels.tolist() == [[0, 255, 255]]
    red = png(2, 1, 8, 2, b"\0\xff\x00\x00\x01\x02\x03", (b"tRNS", struct.pack(">HHH", 255, 0, 0)))
    assert read_picture(red).pixels.tolist() == [[[255, 255, 255], [1, 2, 3]]]


def test_one_bit():
    picture = read_picture(saved(Image.fromarray(np.array([[True, False]]))))
    assert picture.pixels.tolist() == [[255, 0]]
    assert picture.notes == (Note.ONE_BIT,)


DEEP = np.array([[0, 1, 256], [40000, 65534, 65535]], np.uint16)


@pytest.mark.parametrize(
    "data",
    [
        png(3, 2, 16, 0, b"".join(b"\0" + row.astype(">u2").tobytes() for row in DEEP)),
        saved(Image.fromarray(DEEP), "TIFF"),
        tiff(DEEP, photometric=1),
        tiff(65535 - DEEP, photometric=0),
    ],
    ids=["png", "tiff by Pillow", "tiff by hand", "tiff with white as 0"],
)
def test_sixteen_bit_grey_keeps_every_value(data):
    picture = read_picture(data)
    assert picture.dtype == "uint16"
    assert np.array_equal(picture.pixels, DEEP)
    assert picture.notes == (Note.SIXTEEN_BIT_KEPT,)
    assert picture.floats()[0, 0, 1] == np.float32(1 / 65535)
    assert picture.floats().max() == 1.0


def test_sixteen_bit_grey_turned_upright_and_with_a_transparent_value():
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = read_picture(saved(Image.fromarray(DEEP), exif=exif))
    assert np.array_equal(turned.pixels, np.rot90(DEEP, -1))
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in DEEP)
    clear = read_picture(png(3, 2, 16, 0, rows, (b"tRNS", struct.pack(">H", 256))))
    assert clear.pixels.tolist() == [[0, 1, 65535], [40000, 65534, 65535]]


def test_sixteen_bit_colour_is_reduced_and_says_so():
    row = np.array([[0, 0x1234, 0xFFFF]], ">u2").tobytes()
    picture = read_picture(png(1, 1, 16, 2, b"\0" + row))
    assert picture.pixels.tolist() == [[[0, 0x12, 255]]]
    assert picture.notes == (Note.SIXTEEN_BIT_REDUCED,)


def test_fractions_from_a_float_tiff():
    picture = read_picture(tiff(np.array([[0, 0.5, 1]], np.float32), 1, sample_format=3))
    assert picture.pixels.tolist() == [[0, 32768, 65535]]
    assert picture.notes == (Note.FRACTIONS_TO_16_BIT,)


@pytest.mark.parametrize("numbers", [[-1.0, 0.5], [0.0, 255.0], [0.0, np.nan]])
def test_fractions_outside_are_refused(numbers):
    with pytest.raises(ImageError) as refusal:
        read_picture(tiff(np.array([numbers], np.float32), 1, sample_format=3))
    assert refusal.value.code == "deep_pixels"


def test_signed_numbers():
    fine = read_picture(tiff(np.array([[0, 7, 70]], np.int32), 1, sample_format=2))
    assert fine.pixels.tolist() == [[0, 7, 70]]
    with pytest.raises(ImageError, match="from -5 to 7"):
        read_picture(tiff(np.array([[-5, 7]], np.int32), 1, sample_format=2))


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk(format):
    """Full cyan ink takes all red; full black ink takes everything."""
    inks = Image.new("CMYK", (32, 16), (255, 0, 0, 0))
    inks.paste((0, 0, 0, 255), (16, 0, 32, 16))
    picture = read_picture(saved(inks, format))
    assert picture.notes == (Note.CMYK_CONVERTED,)
    assert np.allclose(picture.pixels[8, 4], [0, 255, 255], atol=6)
    assert np.allclose(picture.pixels[8, 28], [0, 0, 0], atol=6)


def test_lab_tiff():
    lab = Image.merge("LAB", [Image.new("L", (2, 2), v) for v in (255, 128, 128)])
    picture = read_picture(saved(lab, "TIFF"))
    assert picture.notes == (Note.COLOURS_CONVERTED,)
    assert picture.pixels.min() >= 250


@pytest.mark.parametrize(("format", "options"), [("GIF", {}), ("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True})])
def test_the_first_frame_counts(format, options):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = saved(frames[0], format, save_all=True, append_images=frames[1:], **options)
    picture = read_picture(data)
    assert Note.FIRST_FRAME in picture.notes
    assert picture.pixels[0, 0].tolist() == [255, 0, 0]


def test_a_phone_jpeg_of_several_pictures():
    data = saved(Image.new("RGB", (16, 8), "red"), "MPO", save_all=True, append_images=[Image.new("RGB", (16, 8))])
    assert read_picture(data).pixels[4, 8].tolist() == [254, 0, 0]


def test_one_pixel():
    assert read_picture(saved(Image.new("RGB", (1, 1), (1, 2, 3)))).pixels.tolist() == [[[1, 2, 3]]]


def test_thin_and_long():
    picture = read_picture(saved(Image.new("L", (20000, 3), 9)))
    assert (picture.width, picture.height) == (20000, 3)
    small = read_picture(saved(Image.new("L", (20000, 3), 9)), max_side=512)
    assert (small.width, small.height, small.original_size) == (512, 1, (20000, 3))
    assert small.notes == (Note.SCALED_DOWN,)
    assert (small.pixels == 9).all()


# --- bad files ------------------------------------------------------------------------------------------------------


def bomb(side=30000):
    """All rows one colour: 900 million pixels in some hundred kB."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + side // 8)
    body = b"".join(packer.compress(row * 1000) for _ in range(side // 1000)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


GOOD = saved(Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)))
BAD = {
    "zero bytes": (b"", "empty_file"),
    "text called .png": (b"just some words\n" * 20, "not_a_picture"),
    "random bytes": (bytes(range(256)) * 4, "not_a_picture"),
    "one byte": (b"\x89", "not_a_picture"),
    "svg": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
    "svg bare": (b"\xef\xbb\xbf <SVG></SVG>", "svg"),
    "html": (b"<!DOCTYPE html><p>no</p>", "not_a_picture"),
    "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 40, "heic"),
    "avif": (b"\0\0\0\x18ftypavif" + b"\0" * 40, "other_format"),
    "pdf": (b"%PDF-1.7\n", "other_format"),
    "psd": (b"8BPS\0\x01" + b"\0" * 40, "other_format"),
    "ico": (saved(Image.new("RGB", (16, 16)), "ICO"), "other_format"),
    "ppm": (saved(Image.new("RGB", (4, 4)), "PPM"), "not_a_picture"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not_a_picture"),
    "png cut in the header": (GOOD[:20], "damaged"),
    "png cut in half": (GOOD[: len(GOOD) // 2], "damaged"),
    "png with a hit byte": (GOOD[:60] + b"\xff\xff\xff\xff" + GOOD[64:], "damaged"),
    "jpeg cut in half": (saved(Image.effect_noise((64, 64), 80), "JPEG")[:900], "damaged"),
    "gif cut": (saved(Image.effect_noise((64, 64), 80).convert("P"), "GIF")[:1000], "damaged"),
    "webp cut": (saved(Image.effect_noise((64, 64), 80), "WEBP")[:500], "damaged"),
    "bmp cut": (saved(Image.new("RGB", (64, 64)), "BMP")[:500], "damaged"),
    "tiff cut": (saved(Image.new("RGB", (64, 64)), "TIFF")[:500], "damaged"),
    "bomb": (bomb(), "too_many_pixels"),
    "bomb just over the bound": (png(8000, 5001, 1, 0, b""), "too_many_pixels"),
    "bomb where Pillow only warns": (png(12000, 10000, 1, 0, b""), "too_many_pixels"),
    "header alone claims 2^31 - 1": (png(2**31 - 1, 2**31 - 1, 8, 2, b""), "too_many_pixels"),
    "too long": (saved(Image.new("1", (30001, 1))), "too_long"),
    "too many bytes": (GOOD + b"\0" * MAX_BYTES, "too_many_bytes"),
}


@pytest.mark.parametrize("name", BAD)
def test_every_bad_file_gets_its_sentence(name):
    data, code = BAD[name]
    with pytest.raises(ImageError) as refusal:
        read_picture(data)
    assert refusal.value.code == code
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert refusal.value.__cause__ is None


def test_every_code_is_met_here():
    met = {code for _, code in BAD.values()} | {"deep_pixels", "unknown_colours"}
    assert met == set(MESSAGES)


def test_unknown_colours(monkeypatch):
    """No allowed file is known to decode to a mode without a way to RGB, so Pillow is made to say there is none."""

    def refuse(self, mode):
        raise ValueError("conversion not supported")

    data = saved(Image.new("CMYK", (4, 4)), "TIFF")
    monkeypatch.setattr(Image.Image, "convert", refuse)
    with pytest.raises(ImageError, match="stores its colours as CMYK"):
        read_picture(data)


def test_size_is_looked_at_before_decoding(monkeypatch):
    def explode(self):
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", explode)
    with pytest.raises(ImageError, match="million pixels"):
        read_picture(png(8000, 5001, 1, 0, b""))


@pytest.mark.filterwarnings("always::PIL.Image.DecompressionBombWarning")
def test_the_bound_holds_where_warnings_are_not_errors():
    with pytest.warns(Image.DecompressionBombWarning), pytest.raises(ImageError, match="has 120 million pixels"):
        read_picture(png(12000, 10000, 1, 0, b""))


@pytest.mark.parametrize("cut", range(0, len(GOOD), 997))
def test_no_cut_gives_anything_but_our_error(cut):
    with pytest.raises(ImageError):
        read_picture(GOOD[:cut])


def test_random_damage_gives_a_picture_or_our_error():
    random = np.random.default_rng(7)
    for format in ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"):
        good = np.frombuffer(saved(Image.fromarray(RGB).resize((40, 40)), format), np.uint8)
        for _ in range(60):
            bad = good.copy()
            hit = random.integers(0, len(bad), 6)
            bad[hit] = random.integers(0, 256, 6, dtype=np.uint8)
            try:
                assert read_picture(bad.tobytes()).pixels.size > 0
            except ImageError as refusal:
                assert refusal.code in MESSAGES  # noqa: PT017


def test_why_not_knows_more_beginnings():
    for start, name in ((b"\0\0\0\x0cJXL \r\n", "JPEG XL"), (b"PK\x03\x04", "ZIP"), (b"\0\0\0\x20ftypisom", "MP4")):
        assert why_not(start).values == {"format": name}


# --- the picture itself ---------------------------------------------------------------------------------------------


def test_load_image(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(saved(Image.fromarray(RGB)))
    image = load_image(path)
    assert image.dtype == torch.float32
    assert torch.equal(image, torch.tensor(RGB).permute(2, 0, 1) / 255)
    assert torch.equal(load_image(str(path)), load_image(path.read_bytes()))
    assert load_image(saved(Image.fromarray(RAMP))).shape == (1, 4, 4)
    with pytest.raises(FileNotFoundError):
        load_image(tmp_path / "nowhere.png")


def test_load_image_asks_for_the_size_of_the_file_first(tmp_path):
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ImageError, match="21 MB; the most is 20 MB"):
        load_image(path)


def test_digest_names_pixels_not_files():
    png_, bmp = read_picture(saved(Image.fromarray(RGB))), read_picture(saved(Image.fromarray(RGB), "BMP"))
    assert png_ == bmp
    assert png_.digest == bmp.digest
    other = RGB.copy()
    other[0, 0, 0] ^= 1
    same_bytes = picture_from_pixels(RGB.reshape(2, 8, 3))
    deep = picture_from_pixels(np.frombuffer(RGB.tobytes(), np.uint16).reshape(4, 6))
    digests = {p.digest for p in (png_, picture_from_pixels(other), same_bytes, deep)}
    assert len(digests) == 4
    assert all(len(d) == 32 and set(d) <= set("0123456789abcdef") for d in digests)


def test_pixels_cannot_be_changed_and_floats_are_free():
    picture = picture_from_pixels(RGB)
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0, 0] = 1
    floats = picture.floats()
    floats += 1
    assert picture.floats().max() == 1.0
    assert floats.flags.c_contiguous


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((2, 2)), np.zeros((2, 2, 4), np.uint8), np.zeros((0, 3), np.uint8), np.zeros((2, 2, 3), np.uint16)],
)
def test_what_pixels_may_be(pixels):
    with pytest.raises(ValueError, match="`pixels` must be"):
        picture_from_pixels(pixels)


def test_fit_averages_areas():
    """4 x 4 halved: each pixel the mean of its 2 x 2 block, in 8 and in 16 bits, grey and colour."""
    random = np.random.default_rng(3)
    for pixels in (
        random.integers(0, 256, (4, 4), dtype=np.uint8),
        random.integers(0, 65536, (4, 4), dtype=np.uint16),
        random.integers(0, 256, (4, 4, 3), dtype=np.uint8),
    ):
        small = fit(picture_from_pixels(pixels), 2)
        means = pixels.reshape(2, 2, 2, 2, -1).mean((1, 3)).reshape(small.pixels.shape)
        assert abs(small.pixels - means).max() <= (1 if pixels.dtype == np.uint8 else 0.5)  # Pillow rounds twice
        assert small.pixels.dtype == pixels.dtype


def test_fit_only_when_asked_and_needed():
    picture = picture_from_pixels(RGB)
    assert fit(picture, 4) is picture
    assert fit(fit(picture, 3), 2).notes == (Note.SCALED_DOWN,)
    assert fit(fit(picture, 3), 2).original_size == (4, 4)
    with pytest.raises(ValueError, match="`max_side`"):
        fit(picture, 0)
    assert images.WORKING_SIDE == 1024


def test_errors_carry_code_and_values():
    error = ImageError("too_long", width=5, height=6, limit=4)
    assert (error.code, error.values) == ("too_long", {"width": 5, "height": 6, "limit": 4})
    assert "5 x 6" in str(error)
