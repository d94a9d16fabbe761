"""Uploaded pictures by digest, so that a link `up-<digest>` opens in another browser and after a server restart.

Two shelves: the last few pictures in memory, and a folder of lossless PNG files. Both are bounded; the folder forgets
the files that were not asked for the longest. What comes back from the folder is decoded by the same door as an
upload and must have the digest it is filed under. Several servers may share the folder.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cnnviz.core.images import WORKING_SIDE, ImageError, Note, Picture, fit, read_picture

MAX_FOLDER_BYTES = 256_000_000
MAX_IN_MEMORY = 16
_ID = re.compile(r"[0-9a-f]{32}")
_STORY = "cnnviz"


def default_folder() -> Path:
    """`CNNVIZ_CACHE` if it is set, else the place where this system keeps caches of the user.

    >>> default_folder().name
    'pictures'
    """
    chosen = os.environ.get("CNNVIZ_CACHE")
    return (Path(chosen) if chosen else _user_cache() / "cnnviz") / "pictures"


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


class PictureStore:
    """A bounded, thread-safe shelf of pictures; a folder that cannot be written leaves the memory alone to serve.

    >>> import numpy as np
    >>> from cnnviz.core.images import picture_from_pixels
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     name = PictureStore(Path(folder)).put(picture_from_pixels(np.eye(3, dtype=np.uint8)))
    ...     again = PictureStore(Path(folder)).get(name)  # as after a restart
    >>> again.pixels.tolist(), PictureStore(Path(folder)).get("../../etc/passwd")
    ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], None)
    """

    def __init__(
        self, folder: Path | None = None, max_bytes: int = MAX_FOLDER_BYTES, in_memory: int = MAX_IN_MEMORY
    ) -> None:
        self._folder = default_folder() if folder is None else folder
        self._max_bytes = max_bytes
        self._in_memory = in_memory
        self._memory: OrderedDict[str, Picture] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, picture: Picture) -> str:
        """Keep the picture, scaled down to the working size if it is larger; returns the digest it is found under."""
        small = fit(picture, WORKING_SIDE)
        self._remember(small)
        with suppress(OSError):  # a full or read-only disk: the memory still has it
            self._write(small)
        return small.digest

    def get(self, id: str) -> Picture | None:
        """The picture with this digest, or None where it is not a digest, never came, or was forgotten."""
        if not _ID.fullmatch(id):
            return None
        with self._lock:
            if id in self._memory:
                self._memory.move_to_end(id)
                return self._memory[id]
        picture = self._read(id)
        if picture is not None:
            self._remember(picture)
        return picture

    def _remember(self, picture: Picture) -> None:
        with self._lock:
            self._memory[picture.digest] = picture
            self._memory.move_to_end(picture.digest)
            while len(self._memory) > self._in_memory:
                self._memory.popitem(last=False)

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.png"

    def _read(self, id: str) -> Picture | None:
        """Read back and check; a damaged or exchanged file is removed."""
        path = self._path(id)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        picture = _decoded(data)
        right = picture is not None and picture.digest == id
        with suppress(OSError):
            os.utime(path) if right else path.unlink()  # a used file is the last to be forgotten
        return picture if right else None

    def _write(self, picture: Picture) -> None:
        path = self._path(picture.digest)
        if path.exists():
            os.utime(path)
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_whole(path, _encoded(picture))
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        """Remove the files not asked for the longest until the rest is within the bound."""
        total = 0
        for _, size, path in sorted(_files(self._folder), reverse=True):
            total += size
            if total > self._max_bytes:
                path.unlink(missing_ok=True)


def _encoded(picture: Picture) -> bytes:
    """A lossless PNG, with what was done to the original file as a text chunk."""
    story = PngInfo()
    story.add_text(_STORY, " ".join([*map(str, picture.original_size), *picture.notes]))
    buffer = io.BytesIO()
    Image.fromarray(picture.pixels).save(buffer, "PNG", compress_level=1, pnginfo=story)
    return buffer.getvalue()


def _decoded(data: bytes) -> Picture | None:
    try:
        picture = read_picture(data)
    except ImageError:
        return None
    with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
        words = str(image.info.get(_STORY, "")).split()
    if len(words) < 2 or not all(re.fullmatch(r"\d{1,5}", word) for word in words[:2]):
        return picture
    notes = tuple(note for note in Note if note in words[2:])
    return replace(picture, notes=notes, original_size=(int(words[0]), int(words[1])))


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside the place, then move: a reader sees the whole file or none."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """(last use, size, path) of every file of the store, those that a crash left half written among them."""
    found = []
    for entry in os.scandir(folder):
        with suppress(OSError):  # another server may have removed it meanwhile
            if entry.name.endswith((".png", ".part")):
                stat = entry.stat(follow_symlinks=False)
                found.append((stat.st_mtime, stat.st_size, Path(entry.path)))
    return found
