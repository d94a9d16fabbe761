"""Data sets from files: the official formats, what is wrong with a bad file, and fetching with resume and checksum."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets import datasets, sources
from cnnviz.nets.datasets import available, load, read_idx
from cnnviz.nets.download import download
from cnnviz.nets.sources import Archive, File, Source
from tests.conftest import SHARED


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


IMAGES = np.arange(3 * 28 * 28, dtype=np.uint32).reshape(3, 28, 28).astype(np.uint8)
LABELS = np.array([7, 0, 9], np.uint8)
CONTENT = {"images-idx3-ubyte.gz": idx(IMAGES), "labels-idx1-ubyte.gz": idx(LABELS)}
ROWS = np.arange(2 * 3073, dtype=np.uint32).astype(np.uint8).reshape(2, 3073)


def _file(name: str, content: bytes) -> File:
    return File(name, hashlib.sha256(content).hexdigest(), len(content))


class Handler(BaseHTTPRequestHandler):
    """Serves `files`, from any byte on, and remembers what was asked for."""

    files: dict[str, bytes] = {}  # noqa: RUF012
    asked: list[tuple[str, str | None]] = []  # noqa: RUF012
    cut = 0  # bytes after which a connection breaks off; 0 for never

    def do_GET(self) -> None:
        name, start = self.path.lstrip("/"), self.headers.get("Range")
        if name.startswith("moved/"):
            self.send_response(302)
            self.send_header("Location", name.removeprefix("moved"))
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.asked.append((name, start))
        if name not in self.files:
            return self.send_error(404)
        first = int(start.removeprefix("bytes=").rstrip("-")) if start else 0
        body = self.files[name][first:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.cut or None])
        return None

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Handler]]:
    """A home on this machine for a tiny MNIST and a tiny CIFAR-10, and an empty folder for them."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    Handler.files = {name: gzip.compress(content) for name, content in CONTENT.items()}
    Handler.asked, Handler.cut = [], 0
    files = tuple(_file(name, content) for name, content in CONTENT.items())
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name in ("cifar/data_batch_1.bin", "cifar/test_batch.bin", "../../outside.bin"):
            entry = tarfile.TarInfo(name)
            entry.size = ROWS.nbytes
            archive.addfile(entry, io.BytesIO(ROWS.tobytes()))
    Handler.files["c.tar.gz"] = held.getvalue()
    small = Source("mnist", address, tuple("0123456789"), files, files, (1, 28, 28))
    colour = Source(
        "cifar10", address, sources.THINGS, (File("data_batch_1.bin", "", ROWS.nbytes),),
        (File("test_batch.bin", "", ROWS.nbytes),), (3, 32, 32),
    )  # fmt: skip
    monkeypatch.setitem(sources.SOURCES, "mnist", small)
    monkeypatch.setitem(sources.SOURCES, "cifar10", colour)
    monkeypatch.setitem(sources.ARCHIVES, "cifar10", Archive("c.tar.gz", hashlib.md5(held.getvalue()).hexdigest()))
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path / "data"))
    yield Handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_fetched_can_be_read(home: type[Handler]) -> None:
    told: list[tuple[str, int, int]] = []
    assert not available("mnist")
    folder = download("mnist", lambda *progress: told.append(progress))
    assert available("mnist")
    made = load("mnist", "test")
    assert torch.equal(made.images[:, 0], torch.from_numpy(IMAGES))
    assert made.labels.tolist() == [7, 0, 9]
    size = (folder / "images-idx3-ubyte.gz").stat().st_size
    assert ("images-idx3-ubyte.gz", size, size) in told
    asked = len(home.asked)
    download("mnist")
    assert len(home.asked) == asked  # what is there is not fetched again


def test_a_fetch_that_broke_off_goes_on(home: type[Handler]) -> None:
    home.cut = 40
    with pytest.raises(InvalidSpec, match="could not be fetched"):
        download("mnist")
    home.cut = 0
    download("mnist")
    assert ("images-idx3-ubyte.gz", "bytes=40-") in home.asked
    assert load("mnist").labels.tolist() == [7, 0, 9]


def test_a_home_that_moved_is_followed_and_a_fetch_goes_on_there(
    home: type[Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = sources.SOURCES["mnist"]
    monkeypatch.setitem(sources.SOURCES, "mnist", replace(record, home=record.home + "moved/"))
    home.cut = 40
    with pytest.raises(InvalidSpec, match="could not be fetched"):
        download("mnist")
    home.cut = 0
    download("mnist")
    assert ("images-idx3-ubyte.gz", "bytes=40-") in home.asked
    assert load("mnist").labels.tolist() == [7, 0, 9]


def test_another_content_is_refused_and_removed(home: type[Handler]) -> None:
    home.files["images-idx3-ubyte.gz"] = gzip.compress(idx(IMAGES + 1))
    with pytest.raises(InvalidSpec, match="another checksum"):
        download("mnist")
    assert not (datasets.data_folder("mnist") / "images-idx3-ubyte.gz").exists()


def test_offline_is_one_sentence(home: type[Handler], monkeypatch: pytest.MonkeyPatch) -> None:
    record = sources.SOURCES["mnist"]
    nowhere = Source("mnist", "http://127.0.0.1:9/", record.class_names, record.train, record.test, record.shape)
    monkeypatch.setitem(sources.SOURCES, "mnist", nowhere)
    with pytest.raises(InvalidSpec, match=r"could not be fetched from http://127.0.0.1:9/: this machine is offline"):
        download("mnist")


def test_cifars_archive_gives_its_files_and_nothing_else(home: type[Handler], tmp_path: Path) -> None:
    download("cifar10")
    made = load("cifar10")
    assert made.labels.tolist() == ROWS[:, 0].tolist()
    assert torch.equal(made.images, torch.from_numpy(ROWS[:, 1:].reshape(2, 3, 32, 32).copy()))
    assert not made.lossy
    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {"data_batch_1.bin", "test_batch.bin"}


def test_a_changed_archive_is_refused(home: type[Handler]) -> None:
    home.files["c.tar.gz"] += b"x"
    with pytest.raises(InvalidSpec, match="another checksum"):
        download("cifar10")


def test_missing_and_damaged_files_say_which(home: type[Handler]) -> None:
    with pytest.raises(InvalidSpec, match=r"images-idx3-ubyte.gz must lie in .*CNNVIZ_DATA"):
        load("mnist")
    folder = datasets.data_folder("mnist")
    folder.mkdir(parents=True)
    packed = gzip.compress(CONTENT["images-idx3-ubyte.gz"])
    for bad in (packed[:-20], b"no gzip", gzip.compress(CONTENT["images-idx3-ubyte.gz"] + b"x")):
        (folder / "images-idx3-ubyte.gz").write_bytes(bad)
        with pytest.raises(InvalidSpec, match="must be the official file"):
            load("mnist")
    for name, content in CONTENT.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name.removesuffix(".gz")).write_bytes(content)  # unpacked by hand
    assert load("mnist").labels.tolist() == [7, 0, 9]


@pytest.mark.parametrize("content", [b"", b"\0\0\x08", idx(LABELS)[:-1], idx(LABELS) + b"x", idx(IMAGES)])
def test_what_is_no_idx_file_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidSpec) as told:
        read_idx(content, 1)
    assert told.value.code == "data_malformed"


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(InvalidSpec, match=r"mnist.*fashion-mnist.*cifar10"):
        load("../etc")


def test_a_packed_copy_that_is_damaged(home: type[Handler]) -> None:
    folder = datasets.data_folder("cifar10")
    folder.mkdir(parents=True)
    for bad in (b"no zip", b"PK\x03\x04 but no more"):
        (folder / "train.npz").write_bytes(bad)
        with pytest.raises(InvalidSpec, match=r"train.npz must be the official file"):
            load("cifar10")


def test_moments_are_those_of_the_pictures() -> None:
    images = torch.randint(0, 256, (20, 3, 5, 5), dtype=torch.uint8)
    mean, std = datasets.Dataset("x", images, torch.zeros(20), ()).moments()
    scaled = images.double() / 255
    assert mean == pytest.approx(scaled.mean((0, 2, 3)).tolist(), abs=1e-4)
    assert std == pytest.approx(scaled.std((0, 2, 3), correction=0).tolist(), abs=1e-4)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "cifar10"])
def test_the_real_sets(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_DATA", str(SHARED / "data"))
    made = load(name, "test")
    assert torch.bincount(made.labels).min() >= 892
    assert made.images.shape == (10_000, *sources.SOURCES[name].shape)
    assert made.lossy == (name == "cifar10")
    if name == "mnist":
        assert made.moments() == ((0.1325,), (0.3105,))
