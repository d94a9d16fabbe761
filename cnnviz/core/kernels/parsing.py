"""A kernel pasted as text, from a spreadsheet, a program or a chat, read as a matrix or refused with one sentence.

Which sign parts the columns is decided once for the whole text, so that a comma is never both.
"""

from __future__ import annotations

import math
import re
import unicodedata

from cnnviz.core.errors import InvalidSpec
from cnnviz.core.kernels.record import MAX_SIDE, Matrix

MAX_TEXT = 20_000
MAX_WEIGHT = 1e6
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.IGNORECASE)


def parse_matrix(text: str) -> Matrix:
    """Rows of numbers from tabs, semicolons, commas or blanks; decimal commas where they cannot mean anything else.

    Takes fractions (1/9), brackets as Python, NumPy and MATLAB write them, the minus of typography and full-width
    digits. At most 31 x 31 numbers, each finite and at most 1e6 in size. Raises InvalidSpec, a code a kind of fault.

    >>> parse_matrix("1/4\\t0,5\\n−1\\t2")
    ((0.25, 0.5), (-1.0, 2.0))
    >>> parse_matrix("[[1, 2], [3, 4]]") == parse_matrix("[1 2; 3 4]") == ((1.0, 2.0), (3.0, 4.0))
    True
    """
    if len(text) > MAX_TEXT:
        raise InvalidSpec("kernel_text_long", length=len(text), limit=MAX_TEXT)
    lines = _lines(_plain(text))
    if not lines:
        raise InvalidSpec("kernel_text_empty")
    cells = _cells(lines)
    _check_shape(cells)
    return tuple(tuple(_number(cell, r, c) for c, cell in enumerate(row, 1)) for r, row in enumerate(cells, 1))


def _plain(text: str) -> str:
    """One alphabet: NFKC makes full-width digits and commas ordinary; the several minus signs become one."""
    text = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub("[−–﹣]", "-", text.replace("、", ","))


def _lines(text: str) -> list[str]:
    """The rows. Brackets end a row where they close one; inside one pair, as in MATLAB, semicolons do."""
    bracketed = re.search(r"[\[({]", text) is not None
    text = re.sub(r"[\])}][ \t]*[,;]?", "\n", text)
    text = re.sub(r"[\[({]", " ", text)
    lines = [line.strip(" ").rstrip(",;") for line in text.split("\n")]
    lines = [line for line in lines if line.strip()]
    if len(lines) == 1 and ";" in lines[0] and "\t" not in lines[0]:
        return _semicolon_rows(lines[0], bracketed)
    return lines


def _semicolon_rows(line: str, bracketed: bool) -> list[str]:
    """One line with semicolons: rows if the parts hold several numbers, a single row if each holds one."""
    parts = [part.strip() for part in line.split(";")]
    if bracketed or any(" " in part for part in parts):
        return parts
    if any("," in part for part in parts):
        raise InvalidSpec("kernel_text_comma", text=line[:40])
    return [line]


def _cells(lines: list[str]) -> list[list[str]]:
    text = "\n".join(lines)
    if "\t" in text:
        return [[cell.strip().replace(",", ".") for cell in line.strip("\n").split("\t")] for line in lines]
    if ";" in text:
        return [[cell.strip().replace(",", ".") for cell in line.split(";")] for line in lines]
    if "," not in text:
        return [line.split() for line in lines]
    return _cells_with_commas(lines)


def _cells_with_commas(lines: list[str]) -> list[list[str]]:
    """A comma beside a blank, or text without blanks, parts columns; a comma inside blank-parted words is decimal."""
    text = "\n".join(lines)
    if " " not in text or re.search(r", | ,", text):
        return [[cell.strip() for cell in line.split(",")] for line in lines]
    words = [line.split() for line in lines]
    if any(word.count(",") > 1 for row in words for word in row):
        raise InvalidSpec("kernel_text_comma", text=lines[0][:40])
    return [[word.replace(",", ".") for word in row] for row in words]


def _check_shape(cells: list[list[str]]) -> None:
    width = len(cells[0])
    if len(cells) > MAX_SIDE or max(map(len, cells)) > MAX_SIDE:
        raise InvalidSpec("kernel_too_large", rows=len(cells), columns=max(map(len, cells)), limit=MAX_SIDE)
    for number, row in enumerate(cells, 1):
        if len(row) != width:
            raise InvalidSpec("kernel_text_ragged", row=number, count=len(row), expected=width)


def _number(cell: str, row: int, column: int) -> float:
    top, slash, bottom = cell.replace(" ", "").partition("/")
    if not _NUMBER.fullmatch(top) or (slash and not _NUMBER.fullmatch(bottom)):
        raise InvalidSpec("kernel_text_word", word=repr(cell[:20]), row=row, column=column)
    divisor = float(bottom) if slash else 1.0
    value = float(top) / divisor if divisor else math.inf
    if not abs(value) <= MAX_WEIGHT:
        raise InvalidSpec("kernel_weight_too_large", value=cell[:20], row=row, column=column, limit=int(MAX_WEIGHT))
    return value + 0.0
