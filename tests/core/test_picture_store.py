"""The store of uploads: what goes in comes out, after a restart too; bounds hold; nothing else can be fetched by it."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

from cnnviz.core import picture_store
from cnnviz.core.images import Note, fit, picture_from_pixels
from cnnviz.core.picture_store import PictureStore, default_folder


def picture(seed=0, shape=(8, 6, 3), dtype=np.uint8):
    top = np.iinfo(dtype).max + 1
    return picture_from_pixels(np.random.default_rng(seed).integers(0, top, shape, dtype=dtype))


@pytest.mark.parametrize(
    ("shape", "dtype"), [((8, 6, 3), np.uint8), ((8, 6), np.uint8), ((8, 6), np.uint16), ((1, 1), np.uint8)]
)
def test_survives_a_restart(tmp_path, shape, dtype):
    before = picture(shape=shape, dtype=dtype)
    name = PictureStore(tmp_path).put(before)
    assert name == before.digest
    after = PictureStore(tmp_path).get(name)
    assert np.array_equal(after.pixels, before.pixels)
    assert after.pixels.dtype == dtype
    assert (after.notes, after.original_size, after.digest) == (before.notes, before.original_size, before.digest)


def test_what_was_done_to_the_file_survives_too(tmp_path):
    large = fit(picture_from_pixels(np.zeros((30, 40), np.uint8), (Note.EXIF_TURNED, Note.FIRST_FRAME)), 20)
    after = PictureStore(tmp_path).get(PictureStore(tmp_path).put(large))
    assert set(after.notes) == {Note.EXIF_TURNED, Note.FIRST_FRAME, Note.SCALED_DOWN}
    assert after.original_size == (40, 30)


def test_a_large_picture_is_kept_at_working_size(tmp_path):
    store = PictureStore(tmp_path)
    kept = store.get(store.put(picture(shape=(3, 3000))))
    assert (kept.width, kept.height, kept.original_size) == (1024, 1, (3000, 3))


@pytest.mark.parametrize("id", ["", "0" * 31, "0" * 33, "A" * 32, "../../../../etc/passwd", "0" * 31 + "\n", "/" * 32])
def test_only_digests_reach_the_file_system(tmp_path, monkeypatch, id):
    store = PictureStore(tmp_path)

    def explode(*_):
        raise AssertionError("touched the file system")

    monkeypatch.setattr(PictureStore, "_read", explode)
    assert store.get(id) is None


def test_unknown_digest(tmp_path):
    assert PictureStore(tmp_path / "never made").get("0" * 32) is None


def test_an_exchanged_or_damaged_file_is_not_believed(tmp_path):
    one, two = picture(1), picture(2)
    PictureStore(tmp_path).put(one)
    PictureStore(tmp_path).put(two)
    (tmp_path / f"{one.digest}.png").write_bytes((tmp_path / f"{two.digest}.png").read_bytes())
    assert PictureStore(tmp_path).get(one.digest) is None
    assert not (tmp_path / f"{one.digest}.png").exists()
    (tmp_path / f"{two.digest}.png").write_bytes(b"\x89PNG nothing")
    assert PictureStore(tmp_path).get(two.digest) is None
    PictureStore(tmp_path).put(two)
    assert PictureStore(tmp_path).get(two.digest) == two


def test_a_forged_story_is_ignored(tmp_path, monkeypatch):
    one = picture(1)
    monkeypatch.setattr(picture_store.PngInfo, "add_text", _with("999999999999 -1 exif_turned evil"))
    PictureStore(tmp_path).put(one)
    after = PictureStore(tmp_path).get(one.digest)
    assert (after.notes, after.original_size) == ((), (6, 8))


def _with(text):
    original = picture_store.PngInfo.add_text
    return lambda self, key, _: original(self, key, text)


def test_the_folder_stays_within_its_bound_and_forgets_the_oldest(tmp_path):
    pictures = [picture(n, (40, 40, 3)) for n in range(6)]
    store = PictureStore(tmp_path, max_bytes=4 * 5000, in_memory=1)
    for age, one in enumerate(pictures[:4]):
        store.put(one)
        os.utime(tmp_path / f"{one.digest}.png", (1000 + age, 1000 + age))
    assert store.get(pictures[0].digest) == pictures[0]  # asked for: now the youngest
    store.put(pictures[4])
    left = {path.stem for path in tmp_path.iterdir()}
    assert pictures[0].digest in left
    assert pictures[4].digest in left
    assert pictures[1].digest not in left
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 4 * 5000


def test_half_written_files_count_and_go(tmp_path):
    (tmp_path / "crash.part").write_bytes(b"0" * 9000)
    os.utime(tmp_path / "crash.part", (1, 1))
    (tmp_path / "somebody-elses.txt").write_text("stays")
    PictureStore(tmp_path, max_bytes=6000).put(picture(0, (30, 30, 3)))
    assert {path.suffix for path in tmp_path.iterdir()} == {".png", ".txt"}


def test_memory_is_bounded_and_works_without_a_disk(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    store = PictureStore(blocked / "pictures", in_memory=2)
    pictures = [picture(n) for n in range(3)]
    for one in pictures:
        store.put(one)
    assert store.get(pictures[0].digest) is None
    assert store.get(pictures[1].digest) == pictures[1]
    assert store.get(pictures[2].digest) == pictures[2]
    store.put(pictures[0])
    assert store.get(pictures[1].digest) is None  # the one not asked for the longest


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    store = PictureStore(tmp_path)
    one = picture()
    assert store.get(store.put(one)) == one
    assert list(tmp_path.iterdir()) == []


def test_threads(tmp_path):
    """Eight threads put and get the same pictures on a shelf too small for them; all that comes back is right."""
    pictures = [picture(n, (20, 20, 3)) for n in range(8)]
    stores = [PictureStore(tmp_path, max_bytes=6000, in_memory=2) for _ in range(2)]
    wrong = []

    def work(seed):
        order = np.random.default_rng(seed).integers(0, 8, 60)
        for n in order:
            store = stores[n % 2]
            found = store.get(store.put(pictures[n]))
            if found is not None and found != pictures[n]:
                wrong.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert not list(tmp_path.glob("*.part"))


def test_where_the_folder_is(monkeypatch, tmp_path):
    monkeypatch.setenv("CNNVIZ_CACHE", str(tmp_path))
    assert default_folder() == tmp_path / "pictures"
    monkeypatch.delenv("CNNVIZ_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    for platform, expected in (
        ("linux", tmp_path / "xdg" / "cnnviz" / "pictures"),
        ("win32", tmp_path / "local" / "cnnviz" / "pictures"),
    ):
        monkeypatch.setattr(picture_store.sys, "platform", platform)
        assert default_folder() == expected
    monkeypatch.setattr(picture_store.sys, "platform", "darwin")
    assert default_folder().parts[-4:] == ("Library", "Caches", "cnnviz", "pictures")
