"""Pictures with labels, read from the data sets' own files: what training and measuring start from.

The folder is `CNNVIZ_DATA`, with a folder per data set. The app itself never needs any of this to start.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.sources import SOURCES, File, Source


@dataclass(frozen=True)
class Dataset:
    """images: uint8 (N, C, H, W); labels: int64 (N,); class_names by label; lossy when it was a JPEG copy."""

    name: str
    images: torch.Tensor
    labels: torch.Tensor
    class_names: tuple[str, ...]
    lossy: bool = False

    def __len__(self) -> int:
        return len(self.labels)

    def moments(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Mean and standard deviation of each channel, of values in [0, 1], rounded to 4 places as tables have them."""
        means, stds = [], []
        for channel in range(self.images.shape[1]):
            counts = torch.bincount(self.images[:, channel].flatten(), minlength=256).double()
            share, value = counts / counts.sum(), torch.arange(256).double() / 255
            mean = float((share * value).sum())
            means.append(round(mean, 4))
            stds.append(round(float((share * (value - mean) ** 2).sum()) ** 0.5, 4))
        return tuple(means), tuple(stds)

    def head(self, count: int) -> Dataset:
        """The first `count` examples."""
        return Dataset(self.name, self.images[:count], self.labels[:count], self.class_names, self.lossy)


def data_folder(name: str) -> Path:
    """Where the files of the data set `name` are looked for."""
    return Path(os.environ.get("CNNVIZ_DATA") or Path.home() / ".cache" / "cnnviz" / "data") / name


def source(name: str) -> Source:
    """The record of a data set; raises InvalidSpec for an unknown name."""
    if name not in SOURCES:
        raise InvalidSpec("unknown_choice", name="data", value=repr(name), allowed=", ".join(SOURCES))
    return SOURCES[name]


def available(name: str, split: str = "train") -> bool:
    """Whether all files of this split lie in the folder."""
    folder, record = data_folder(name), source(name)
    packed = (folder / f"{split}.npz").exists()
    return packed or all(_find(folder, file).exists() for file in record.files(split))


def load(name: str, split: str = "train") -> Dataset:
    """The split "train" or "test" of a data set, from its folder.

    Raises InvalidSpec saying which file is missing or damaged.
    """
    record, folder = source(name), data_folder(name)
    if name == "cifar10":
        packed = folder / f"{split}.npz"
        return _packed(packed, record) if packed.exists() else _cifar(folder, split, record)
    pictures, classes = (checked(folder, file) for file in record.files(split))
    images = torch.from_numpy(read_idx(pictures, 3)[:, None].copy())
    labels = torch.from_numpy(read_idx(classes, 1).astype(np.int64))
    return Dataset(name, images, labels, record.class_names)


def read_idx(content: bytes, dims: int) -> NDArray[np.uint8]:
    """The array of an IDX file of unsigned bytes, as http://yann.lecun.com/exdb/mnist described the format.

    >>> read_idx(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]), 1).tolist()
    [7, 9]
    """
    if len(content) < 4 + 4 * dims or content[:4] != bytes([0, 0, 8, dims]):
        raise InvalidSpec("data_malformed", file="the file")
    shape = struct.unpack(f">{dims}I", content[4 : 4 + 4 * dims])
    if len(content) != 4 + 4 * dims + int(np.prod(shape, dtype=object)):
        raise InvalidSpec("data_malformed", file="the file")
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dims).reshape(shape)


def _find(folder: Path, file: File) -> Path:
    """The file itself, or its uncompressed form."""
    plain = folder / file.name.removesuffix(".gz")
    inside = folder / "cifar-10-batches-bin" / file.name
    return next((p for p in (folder / file.name, plain, inside) if p.exists()), folder / file.name)


def checked(folder: Path, file: File) -> bytes:
    """The checked content, never more than the official number of bytes."""
    path = _find(folder, file)
    if not path.exists():
        raise InvalidSpec("data_missing", file=file.name, folder=folder)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            content = stream.read(file.size + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise InvalidSpec("data_damaged", file=file.name) from fault
    if len(content) != file.size or (file.sha256 and hashlib.sha256(content).hexdigest() != file.sha256):
        raise InvalidSpec("data_damaged", file=file.name)
    return content


def _cifar(folder: Path, split: str, record: Source) -> Dataset:
    """CIFAR-10's binary version: rows of one label byte and 3072 bytes, red plane first."""
    rows = [np.frombuffer(checked(folder, f), np.uint8).reshape(-1, 3073) for f in record.files(split)]
    table = np.concatenate(rows)
    images = torch.from_numpy(table[:, 1:].reshape(-1, 3, 32, 32).copy())
    return Dataset(record.name, images, torch.from_numpy(table[:, 0].astype(np.int64)), record.class_names)


def _packed(path: Path, record: Source) -> Dataset:
    """A JPEG copy in one .npz: jpeg_bytes, offsets (n + 1), labels, class_names. Lossy, and said to be so."""
    try:
        with (
            path.open("rb") as file,
            np.load(file) as held,
        ):  # numbers only: numpy refuses pickled objects unless told otherwise
            raw, offsets, labels = held["jpeg_bytes"], held["offsets"], held["labels"]
        images = np.empty((len(labels), 32, 32, 3), np.uint8)
        for i, (start, end) in enumerate(pairwise(offsets)):
            images[i] = np.asarray(Image.open(io.BytesIO(raw[start:end].tobytes()), formats=["JPEG"]))
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile) as fault:
        raise InvalidSpec("data_damaged", file=path.name) from fault
    planes = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    return Dataset(record.name, planes, torch.from_numpy(labels.astype(np.int64)), record.class_names, lossy=True)
