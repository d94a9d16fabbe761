"""Test charts drawn by our own code, each made to show one thing well; `cnnviz.core.samples` puts them in the gallery.

Every chart is a function without arguments that gives uint8 pixels, (H, W) grey or (H, W, 3) RGB. Shapes are drawn
four times too large and averaged down, so that an edge at any angle is as sharp as pixels allow, and no sharper.
"""

from __future__ import annotations

import colorsys
import math

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

SIDE = 512
_FINE = 4

Bytes = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]


def _to_bytes(values: npt.NDArray[np.floating]) -> Bytes:
    """Values in [0, 1] to the nearest of 0 ... 255."""
    rounded: Bytes = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return rounded


def _polar(side: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Radius in cells and angle in radians of each cell centre, from the middle of the square."""
    place = np.arange(side, dtype=np.float32) - np.float32((side - 1) / 2)
    y, x = place[:, None], place[None]
    return np.hypot(x, y), np.arctan2(-y, x)


def _averaged(fine: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The mean of each 4 x 4 block."""
    side = fine.shape[0] // _FINE
    blocks: npt.NDArray[np.float32] = fine.reshape(side, _FINE, side, _FINE).mean((1, 3))
    return blocks


def star() -> Bytes:
    """Edges at every angle: 36 dark and 36 bright wedges, finer and finer towards the middle.

    >>> star().shape, int(star().min()), int(star().max())
    ((512, 512), 16, 240)
    """
    radius, angle = _polar(SIDE * _FINE)
    bright = np.floor(angle * np.float32(36 / math.pi)) % 2 == 0
    grey = np.where(bright, np.float32(240 / 255), np.float32(16 / 255))
    grey[radius >= 0.48 * SIDE * _FINE] = 128 / 255
    return _to_bytes(_averaged(grey))


def zone_plate() -> Bytes:
    """Rings whose frequency grows with the radius: 0 in the middle, the highest a pixel grid can hold at the edge.

    The phase is pi r^2 / side, so the frequency is r / side cycles per pixel, 1/2 at r = side / 2.

    >>> zone_plate()[256, 253:259].tolist()
    [255, 255, 255, 255, 255, 255]
    """
    radius, _ = _polar(SIDE)
    rings = 0.5 + 0.5 * np.cos(math.pi * radius**2 / SIDE)
    return _to_bytes(np.where(radius <= SIDE / 2, rings, 0.5))


def text() -> Bytes:
    """Letters from large to small, black on white: strokes of every width, and corners.

    >>> text().shape, int(np.median(text()))
    ((512, 512), 255)
    """
    image = Image.new("L", (SIDE, SIDE), 255)
    draw = ImageDraw.Draw(image)
    top = 12.0
    for size in (88, 64, 48, 36, 28, 22, 18, 14, 12, 10, 9, 8):
        font = ImageFont.load_default(size)
        draw.text((16, top), _that_fits("Kernels slide over pixels, nine at a time 0123456789", font), 0, font)
        top += size * 1.32
    return np.asarray(image)


def _that_fits(line: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """As many words of the line as the chart is wide."""
    words = line.split()
    while font.getlength(" ".join(words)) > SIDE - 32:
        words.pop()
    return " ".join(words)


def gradients() -> Bytes:
    """Four bands of 128 rows: a ramp to the right, the same in 16 steps, a ramp downwards, and a round one.

    >>> gradients()[0, [0, 255, 511]].tolist()
    [0, 127, 255]
    """
    ramp = np.linspace(0, 1, SIDE)
    steps = np.floor(ramp * 15.999) / 15
    rows = np.linspace(0, 1, SIDE // 4)[:, None] * np.ones(SIDE)
    y, x = np.mgrid[0 : SIDE // 4, 0:SIDE]
    bowl = 1 - np.hypot((x - SIDE / 2) / (SIDE / 2), (y - SIDE / 8) / (SIDE / 8)) / math.sqrt(2)
    bands = [np.tile(ramp, (SIDE // 4, 1)), np.tile(steps, (SIDE // 4, 1)), rows, bowl]
    return _to_bytes(np.concatenate(bands))


def noise() -> Bytes:
    """Four quarters of noise, always the same: uniform, normal, salt and pepper, and smooth clouds.

    >>> quarter = noise()[256:, :256]
    >>> sorted(set(quarter.ravel().tolist()))
    [0, 128, 255]
    """
    half = SIDE // 2
    random = np.random.default_rng(1998)
    uniform = random.random((half, half))
    normal = 0.5 + 0.15 * random.standard_normal((half, half))
    chance = random.random((half, half))
    salt = np.where(chance < 0.05, 0.0, np.where(chance > 0.95, 1.0, 128 / 255))
    return _to_bytes(np.block([[uniform, normal], [salt, _clouds(random.standard_normal((half, half)))]]))


def _clouds(white: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """White noise whose amplitudes fall as 1 / frequency, as they do in photographs, stretched over [0, 1]."""
    side = white.shape[0]
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None])
    frequency[0, 0] = 1
    clouds: npt.NDArray[np.float64] = np.fft.ifft2(np.fft.fft2(white) / frequency).real
    return (clouds - float(clouds.min())) / float(np.ptp(clouds))


def patches() -> Bytes:
    """24 colour patches: 12 hues, 6 of them pale, and 6 greys from black to white.

    >>> patches().shape, patches()[0, 0].tolist(), patches()[-1, -1].tolist()
    ((512, 512, 3), [255, 0, 0], [255, 255, 255])
    """
    full = [colorsys.hsv_to_rgb(i / 12, 1, 1) for i in range(12)]
    pale = [colorsys.hsv_to_rgb(i / 6, 0.35, 0.95) for i in range(6)]
    greys = [(i / 5,) * 3 for i in range(6)]
    table = np.array([*full, *pale, *greys]).reshape(4, 6, 3)
    rows, columns = np.arange(SIDE) * 4 // SIDE, np.arange(SIDE) * 6 // SIDE
    return _to_bytes(table[rows[:, None], columns[None, :]])


def scene() -> Bytes:
    """A small scene: a house with a roof, door and windows, a tree, a fence, hills, the sun and two clouds.

    >>> scene().shape
    (512, 512, 3)
    """
    image = Image.new("RGB", (SIDE * _FINE, SIDE * _FINE), (150, 200, 240))
    pen = _Pen(ImageDraw.Draw(image))
    pen.sky()
    pen.ground()
    pen.house()
    pen.tree()
    pen.fence()
    return np.asarray(image.reduce(_FINE))


class _Pen:
    """Draws in pixels of the finished picture, on one four times as large."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw = draw

    def disc(self, x: float, y: float, radius: float, colour: Colour, flat: float = 1.0) -> None:
        box = [(x - radius, y - radius * flat), (x + radius, y + radius * flat)]
        self.draw.ellipse([(a * _FINE, b * _FINE) for a, b in box], fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self.draw.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=colour)

    def block(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.shape([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def sky(self) -> None:
        for turn in range(16):
            angle = turn * math.pi / 8
            points = [(96 + r * math.cos(angle + w), 96 + r * math.sin(angle + w)) for r, w in self._ray]
            self.shape(points, (255, 214, 90))
        self.disc(96, 96, 42, (255, 200, 40))
        for x, y in ((260, 80), (420, 120)):
            for shift, radius in ((-34, 18), (-8, 27), (24, 22), (46, 14)):
                self.disc(x + shift, y, radius, (248, 250, 252), 0.7)

    _ray = ((48.0, -0.08), (74.0, 0.0), (48.0, 0.08))

    def ground(self) -> None:
        self.disc(120, 430, 220, (120, 170, 100), 0.55)
        self.disc(430, 450, 240, (98, 150, 84), 0.55)
        self.block(0, 400, 512, 512, (86, 134, 66))
        self.shape([(238, 512), (300, 512), (262, 400), (246, 400)], (196, 174, 138))

    def house(self) -> None:
        self.block(170, 270, 340, 412, (222, 190, 160))
        self.block(296, 190, 320, 250, (150, 80, 66))
        self.shape([(150, 274), (255, 178), (360, 274)], (168, 60, 48))
        self.block(236, 330, 274, 412, (104, 66, 40))
        self.disc(267, 372, 3, (236, 210, 120))
        for left in (188, 292):
            self.block(left, 300, left + 32, 336, (240, 244, 248))
            self.block(left + 3, 303, left + 29, 333, (72, 104, 140))
            self.block(left + 14.5, 303, left + 17.5, 333, (240, 244, 248))
            self.block(left + 3, 316.5, left + 29, 319.5, (240, 244, 248))

    def tree(self) -> None:
        self.block(415, 320, 435, 420, (98, 70, 44))
        leaves = ((425, 262, 48), (392, 296, 36), (458, 296, 36), (425, 306, 42))
        for number, (x, y, radius) in enumerate(leaves):
            self.disc(x, y, radius, (40, 96 + 10 * number, 48))

    def fence(self) -> None:
        self.block(0, 438, 228, 444, (240, 240, 236))
        for x in range(8, 226, 20):
            self.shape([(x, 468), (x, 430), (x + 5, 422), (x + 10, 430), (x + 10, 468)], (250, 250, 246))


def impulse() -> Bytes:
    """One white pixel in the middle of 31 x 31 black ones: filter it, and the kernel itself appears, turned round.

    >>> impulse().sum(), impulse()[15, 15]
    (np.uint64(255), np.uint8(255))
    """
    pixels = np.zeros((31, 31), np.uint8)
    pixels[15, 15] = 255
    return pixels


def checkerboard() -> Bytes:
    """8 x 8 squares of 32 pixels: edges along both axes, and corners where they meet.

    >>> checkerboard()[0, [0, 31, 32]].tolist()
    [240, 240, 16]
    """
    place = np.arange(256) // 32
    return np.where((place[:, None] + place[None]) % 2 == 0, 240, 16).astype(np.uint8)


def step_edge() -> Bytes:
    """A step from dark to bright, left to right, in the upper half; in the lower half a ramp 16 pixels wide.

    >>> step_edge()[0, [63, 64]].tolist(), step_edge()[-1, [55, 63, 64, 72]].tolist()
    ([64, 192], [64, 124, 132, 192])
    """
    x = np.arange(128)
    step = np.where(x < 64, 64, 192)
    ramp = np.clip(128 + (x - 63.5) * 8, 64, 192)
    return np.concatenate([np.tile(step, (64, 1)), np.tile(ramp, (64, 1))]).astype(np.uint8)
