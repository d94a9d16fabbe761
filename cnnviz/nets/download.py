"""The data sets from their official homes into the folder, with progress, resumed where it broke off, and checked.

Only when asked for by name: the app never fetches anything by itself.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO

from cnnviz.core.errors import InvalidSpec
from cnnviz.nets.datasets import available, checked, data_folder, source
from cnnviz.nets.sources import ARCHIVES, File, Source

Tell = Callable[[str, int, int], object]  # file, bytes so far, bytes in all (0: not known)
CHUNK = 1 << 16
PATIENCE = 20  # seconds without a byte
MAX_DOWNLOAD = 300 << 20


def download(name: str, tell: Tell | None = None) -> Path:
    """Fetch what is missing of a data set and return its folder.

    A file that broke off goes on where it ended. Raises InvalidSpec "data_offline" without a connection, "data_damaged"
    where what came is not the official file (it is removed then).
    """
    record, folder = source(name), data_folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    if name in ARCHIVES:
        if not (available(name, "train") and available(name, "test")):
            _archive(record, folder, tell)
        return folder
    for file in (*record.train, *record.test):
        path = folder / file.name
        if not path.exists():
            fetch(record.home, file.name, path, tell)
        _check(folder, file, path)
    return folder


def fetch(home: str, name: str, path: Path, tell: Tell | None = None) -> None:
    """One file by http, into `path` once it is whole; what came so far waits in `path`.part."""
    part = path.with_name(path.name + ".part")
    start = part.stat().st_size if part.exists() else 0
    asked = urllib.request.Request(home + name, headers={"Range": f"bytes={start}-"} if start else {})
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            resumed = answer.status == 206
            total = int(answer.headers.get("Content-Length") or 0) + (start if resumed else 0)
            with part.open("ab" if resumed else "wb") as out:
                _copy(answer, out, lambda size: tell(name, size, total) if tell else None)
                if out.tell() < total:
                    raise OSError("the connection ended before the file did")
    except urllib.error.HTTPError as fault:
        fault.close()
        if fault.code != 416:  # all of it had come already
            raise InvalidSpec("data_offline", file=name, home=home) from fault
    except (OSError, HTTPException) as fault:
        raise InvalidSpec("data_offline", file=name, home=home) from fault
    part.replace(path)


def _copy(answer: BinaryIO, out: BinaryIO, tell: Callable[[int], object]) -> None:
    while chunk := answer.read(CHUNK):
        out.write(chunk)
        tell(out.tell())
        if out.tell() > MAX_DOWNLOAD:
            raise OSError("more than any of our data sets holds")


def _check(folder: Path, file: File, path: Path) -> None:
    try:
        checked(folder, file)
    except InvalidSpec:
        path.unlink(missing_ok=True)
        raise


def _archive(record: Source, folder: Path, tell: Tell | None) -> None:
    """CIFAR's one archive: checked whole, then only the files with the names we know are taken out."""
    archive = ARCHIVES[record.name]
    path = folder / archive.name
    if not path.exists():
        fetch(record.home, archive.name, path, tell)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "md5").hexdigest()
    if digest != archive.md5:
        path.unlink()
        raise InvalidSpec("data_damaged", file=archive.name)
    wanted = {file.name: file for file in (*record.train, *record.test)}
    with tarfile.open(path, "r:gz") as held:
        for member in held:
            file = wanted.get(Path(member.name).name)
            inside = held.extractfile(member) if file is not None and member.isfile() else None
            if file is not None and inside is not None and member.size == file.size:
                with inside, (folder / file.name).open("wb") as out:
                    shutil.copyfileobj(inside, out)
    path.unlink()
