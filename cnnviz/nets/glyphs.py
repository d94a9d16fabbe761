"""Ten digits drawn on 7 columns and 12 rows: what the last layer of the LeNet of 1998 compares its 84 numbers with.

The paper's own bitmaps cover all of ASCII and are printed as a picture; these ten are our own, on the same grid.
"""

from __future__ import annotations

COLUMNS, ROWS = 7, 12
_DRAWN = """
..###.. ...#... .#####. .#####. ....##. ####### ..####. ####### .#####. .#####.
.##.##. ..##... ##...## ##...## ...###. ##..... .##.... ##...## ##...## ##...##
##...## .###... ##...## .....## ..####. ##..... ##..... .....## ##...## ##...##
##...## ...#... .....## .....## .##.##. ##..... ##..... ....##. ##...## ##...##
##...## ...#... ....##. ....##. ##..##. ##..... ##.###. ....##. .##.##. ##...##
##...## ...#... ...##.. ..###.. ##..##. ######. ###..## ...##.. ..###.. .######
##...## ...#... ..##... ....##. ##..##. .....## ##...## ...##.. .##.##. ..##.##
##...## ...#... .##.... .....## ####### .....## ##...## ..##... ##...## .....##
##...## ...#... ##..... .....## ....##. .....## ##...## ..##... ##...## .....##
##...## ...#... ##..... ##...## ....##. ##...## ##...## .##.... ##...## ....##.
.##.##. ...#... ##..... ##...## ....##. ##...## .##.##. .##.... ##...## ...##..
..###.. .#####. ####### .#####. ....##. .#####. ..###.. .##.... .#####. .###...
"""


def prototypes() -> tuple[tuple[float, ...], ...]:
    """One row of 84 numbers a digit, row-major: +1 where it is inked, −1 elsewhere.

    >>> [len(row) for row in prototypes()] == [84] * 10, sorted(set(prototypes()[0]))
    (True, [-1.0, 1.0])
    """
    rows = [line.split() for line in _DRAWN.strip().splitlines()]
    return tuple(
        tuple(1.0 if mark == "#" else -1.0 for row in rows for mark in row[digit]) for digit in range(len(rows[0]))
    )
