"""The lenet page as things to take away: its link, the network as a PyTorch program, every array."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.core.images import Picture
from cnnviz.core.scenes.lenet import LenetScene
from cnnviz.i18n import Texts
from cnnviz.nets.code import Edit, torch_program
from cnnviz.nets.library import FOLDER
from cnnviz.ui import lenet_nets, share
from cnnviz.ui.lenet_figure import figure
from cnnviz.ui.lenet_seen import see

FILE = "cnnviz-lenet-input.npy"


def export_of(now: LenetScene, picture: Picture | None, t: Texts) -> share.Export:
    """What the share panel offers, computed when asked for; `picture` in place of the one the scene names."""
    return share.Export(
        page="lenet",
        scene=now,
        code={"pytorch": partial(program, now)},
        arrays=partial(arrays, now, picture),
        figure=partial(figure, now, t, picture=picture),
        files={f"{now.net}.safetensors": (FOLDER / f"{now.net}.safetensors").read_bytes},
    )


def program(now: LenetScene) -> str:
    """The network, operated on as on the screen, as a program that loads our weights file and the panel's input."""
    fits = lenet_nets.fitting(now)
    done = fits.surgery()
    edits = [Edit(*place, kernel) for place, kernel in done.edits]
    net = lenet_nets.network(fits.net)
    return torch_program(net, f"{fits.net}.safetensors", images=FILE, edits=edits, off=done.maps())


def arrays(now: LenetScene, picture: Picture | None = None) -> dict[str, npt.NDArray[Any]]:
    """The network's input, the chosen layer's output, and the probabilities."""
    seen = see(now, picture)
    return {
        "input": np.asarray(seen.shown.image),
        "output": seen.kept[seen.scene.layer][0].numpy(),
        "probabilities": seen.logits.softmax(0).numpy(),
    }
