"""Numbers to take home: arrays go in, the bytes of CSV, NPY or ZIP files come out, every digit kept."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from itertools import product
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

_STAMP = (1980, 1, 1, 0, 0, 0)  # the same tensors give the same file


def csv_bytes(array: ArrayLike) -> bytes:
    """An array as CSV for spreadsheets: one or two axes as a plain table, more as one line per element.

    Numbers are written so that reading them back gives the same bits (with a plain hyphen as minus).

    >>> csv_bytes([[1.5, -2], [0, 3]])
    b'1.5,-2\\r\\n0,3\\r\\n'
    >>> csv_bytes([[[7.25]]])
    b'axis 0,axis 1,axis 2,value\\r\\n0,0,0,7.25\\r\\n'

    Raises ValueError where the array holds no numbers.
    """
    values = _numbers(array)
    text = StringIO()
    csv.writer(text).writerows(_table(values) if values.ndim <= 2 else _list(values))
    return text.getvalue().encode("ascii")


def _table(values: NDArray[np.generic]) -> Iterator[list[str]]:
    for row in np.atleast_2d(values):
        yield [_exact(value) for value in row]


def _list(values: NDArray[np.generic]) -> Iterator[list[str]]:
    yield [*(f"axis {axis}" for axis in range(values.ndim)), "value"]
    for index in product(*map(range, values.shape)):
        yield [*map(str, index), _exact(values[index])]


def _exact(value: np.generic) -> str:
    """The shortest text that reads back as this number in its own precision."""
    return str(value).removesuffix(".0")


def npy_bytes(array: ArrayLike) -> bytes:
    """An array as NPY, for `numpy.load`; its dtype is kept, never pickled.

    >>> np.load(BytesIO(npy_bytes([[1.0, 2.0]])), allow_pickle=False)
    array([[1., 2.]])
    """
    file = BytesIO()
    np.save(file, np.ascontiguousarray(_numbers(array)))  # `_numbers` let no objects in: nothing is pickled
    return file.getvalue()


def zip_bytes(arrays: Mapping[str, ArrayLike]) -> bytes:
    """Named arrays, each as `name.npy` and `name.csv`, in one ZIP file.

    >>> ZipFile(BytesIO(zip_bytes({"kernel": [[1.0]]}))).namelist()
    ['kernel.npy', 'kernel.csv']
    """
    file = BytesIO()
    with ZipFile(file, "w") as folder:
        for name, array in arrays.items():
            for kind, data in (("npy", npy_bytes(array)), ("csv", csv_bytes(array))):
                folder.writestr(ZipInfo(f"{name}.{kind}", _STAMP), data, ZIP_DEFLATED)
    return file.getvalue()


def _numbers(array: ArrayLike) -> NDArray[np.generic]:
    values = np.asarray(array)
    if values.dtype.kind not in "biuf":
        raise ValueError(f"`array` must hold numbers, not {values.dtype}")
    return values
