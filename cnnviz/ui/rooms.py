"""The rooms of the house: every page in its group, in the order the navigation and the landing page show them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cnnviz.core.places import root


@dataclass(frozen=True)
class Room:
    """One page: its id (the file in pages/, the address, the key of its texts) and its group."""

    id: str
    group: str

    @property
    def file(self) -> Path:
        """The page's script, absolute, as st.Page needs it."""
        return root() / "pages" / f"{self.id}.py"


GROUPS: dict[str, tuple[str, ...]] = {
    "basics": ("pixels", "convolution", "kernels"),
    "layers": ("shapes", "pooling", "channels", "zoo", "activations"),
    "networks": ("lenet", "training", "architecture", "own_model"),
    "class": ("lessons", "myths"),
}


def rooms() -> tuple[Room, ...]:
    """The pages that exist."""
    every = (Room(page, group) for group, pages in GROUPS.items() for page in pages)
    return tuple(room for room in every if room.file.exists())
