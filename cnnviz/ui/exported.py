"""What a page hands over to be taken away: the share panel and the command `cnnviz export` make files of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from cnnviz.core.scene import Scene
from cnnviz.figures.drawing import Drawing


@dataclass(frozen=True)
class Export:
    """What a page can be taken away as. `figure` and `frames` are given the theme, "light" or "dark".

    `files` are what the programs load besides `arrays`, by name.
    """

    page: str
    scene: Scene
    code: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    arrays: Callable[[], Mapping[str, npt.NDArray[Any]]] | None = None
    figure: Callable[[str], Drawing] | None = None
    frames: Callable[[str], Sequence[Drawing]] | None = None
    frames_per_second: float = 2.0
    files: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
